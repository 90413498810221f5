"""Time `sulh.events` against polars' bare scan and against pandas in the gdelt package's manner.

python -m benchmarks.events SAMPLE --days 4 --rows 1000000
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

import sulh
from benchmarks.events.days import write_days


def scan(paths: list[Path]) -> int:
    """Read every column that is counted as text, and count the rows: the bare scan."""
    columns = ["column_1", "column_2", "column_8", "column_18", "column_27"]
    rows = 0
    for path in paths:
        frame = pl.scan_csv(
            path, separator="\t", has_header=False, quote_char=None, infer_schema=False
        ).select(columns)
        rows += frame.collect(engine="streaming").height
    return rows


def pandas_manner(paths: list[Path]) -> int:
    """Read whole files into pandas with types, as the gdelt package does, and group."""
    import pandas as pd

    frames = [
        pd.read_csv(path, sep="\t", header=None, dtype={26: str, 27: str, 28: str})
        for path in paths
    ]
    whole = pd.concat(frames)
    whole["month"] = whole[1].astype(str).str.slice(0, 6)
    return int(whole.groupby(["month", 7, 17, 26]).size().sum())


def timed(name: str, run: Callable[[], int], rows: int) -> None:
    """Print the seconds, rows a second, and the largest memory so far."""
    started = time.perf_counter()
    found = run()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:28} {seconds:8.2f} s {rows / seconds:14,.0f} rows/s  {peak:7,.0f} MB  {found:,}")


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sample", type=Path)
    parser.add_argument("--days", type=int, default=4)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--pandas", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = write_days(given.sample, Path(folder), given.days, given.rows)
        rows = given.days * given.rows
        sulh.events([given.sample])  # compile first
        timed("sulh.events", lambda: len(sulh.events(paths, workers=given.workers)), rows)
        timed("polars bare scan", lambda: scan(paths), rows)
        if given.pandas:
            timed("pandas", lambda: pandas_manner(paths), rows)


if __name__ == "__main__":
    main()
