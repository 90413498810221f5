"""Count events with the package `gdelt` 0.1.14 and pandas, from local files, a few days at a time.

Run by a Python that has the package, apart from this project: it is under the GPL, and no part of
sulh depends on it. What it fetches is given from a folder; it reads, joins and describes the events
as it always does. See docs/benchmarks.md for the commands.

    python benchmarks/events/package.py FOLDER MAPS.json --at-once 2
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
import warnings
from datetime import date
from pathlib import Path
from types import SimpleNamespace


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("maps", type=Path)
    parser.add_argument("--at-once", type=int, default=1)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    import requests

    def get(url: str, **_: object) -> SimpleNamespace:
        day = url.rsplit("/", 1)[1][:8]
        found = given.folder / f"{day}.export.CSV.zip"
        return SimpleNamespace(status_code=200, url=url, content=found.read_bytes())

    requests.get = get
    import gdelt
    import pandas as pd

    maps = json.loads(given.maps.read_text())
    days = sorted(path.name[:8] for path in given.folder.glob("*.zip"))
    client = gdelt.gdelt(version=2)
    assert isinstance(client.codes, pd.DataFrame), "the package's own tables are not found"
    sums: dict[tuple[str, ...], int] = {}
    rows = 0
    started, used = time.perf_counter(), _processor()
    for start in range(0, len(days), given.at_once):
        wanted = [f"{date.fromisoformat(day):%Y %b %d}" for day in days[start:][: given.at_once]]
        frame = client.Search(wanted if len(wanted) > 1 else wanted[0], table="events")
        rows += len(frame)
        frame = frame.drop_duplicates("GLOBALEVENTID")
        keys = [
            frame["SQLDATE"].astype(str).str.slice(0, 6).rename("month"),
            frame["Actor1CountryCode"].map(maps["nations"]).rename("nation"),
            frame["Actor2CountryCode"].map(maps["nations"]).rename("partner"),
            frame["EventCode"].map(maps["families"]).rename("family"),
        ]
        for key, number in frame.groupby(keys).size().items():
            sums[key] = sums.get(key, 0) + int(number)
        del frame, keys
    print(
        json.dumps(
            {
                "rows": rows,
                "seconds": time.perf_counter() - started,
                "processor": _processor() - used,
                "peak_mb": _peak(),
                "events": sum(sums.values()),
                "keys": len(sums),
                "pandas": pd.__version__,
                "cores": len(os.sched_getaffinity(0)),
            }
        )
    )


def _processor() -> float:
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def _peak() -> float:
    """Return the largest memory of this process: what `getrusage` says begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
