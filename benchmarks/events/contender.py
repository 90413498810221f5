"""Count, or scan, the events of a folder once, and say what it took.

python -m benchmarks.events.contender sulh|polars FOLDER [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from pathlib import Path

import polars as pl

import sulh

_SAMPLE = b"\t".join([b"1", b"20190101", *[b""] * 24, b"042", *[b""] * 34]) + b"\n"


def scan(paths: list[Path]) -> tuple[int, int]:
    """Read every column that is counted as text, and count the rows: the bare scan."""
    columns = ["column_1", "column_2", "column_8", "column_18", "column_27"]
    rows = 0
    for path in paths:
        frame = pl.scan_csv(
            path, separator="\t", has_header=False, quote_char=None, infer_schema=False
        ).select(columns)
        rows += frame.collect(engine="streaming").height
    return rows, 0


def count(paths: list[Path], workers: int) -> tuple[int, int]:
    """Count the events, and return how many lines there were and how many events have all keys."""
    found = sulh.events(paths, workers=workers)
    rows = int(found.assumed[0].split(" ", 1)[0].replace(",", ""))
    return rows, int(found.table["events"].sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("sulh", "polars"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    paths = sorted(path for path in given.folder.iterdir() if path.is_file())
    if given.what == "sulh":
        sulh.events([_compiled(given.folder)], workers=1)  # load what is compiled
    started, used = time.perf_counter(), _processor()
    rows, events = scan(paths) if given.what == "polars" else count(paths, given.workers)
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "rows": rows,
                "seconds": time.perf_counter() - started,
                "processor": _processor() - used,
                "peak_mb": _peak(),
                "peak_worker_mb": worker if given.workers > 1 else 0,
                "events": events,
                "cores": len(os.sched_getaffinity(0)),
            }
        )
    )


def _compiled(folder: Path) -> Path:
    path = folder.parent / "one_line.csv"
    path.write_bytes(_SAMPLE)
    return path


def _processor() -> float:
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def _peak() -> float:
    """Return the largest memory of this process: what `getrusage` says begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
