"""Time `sulh events` against polars' bare scan and against the package `gdelt` with pandas.

    python -m benchmarks.events SAMPLE --days 10 --rows 1000000 [--package PYTHON]

Every contender runs in a process of its own on the cores given; all must count the same. PYTHON is
one that has the package `gdelt` (see `package.py`); without it that part is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.events.days import write_days
from sulh.core.errors import SulhError
from sulh.facts.names import resolve_nation
from sulh.questions.cooperation.events.families import family_of

_PACKAGE = Path(__file__).with_name("package.py")


def main() -> None:
    """Write the days, run the contenders, and say by how much they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sample", type=Path)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=float, default=0.0)
    parser.add_argument("--cores", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--package", type=Path, help="a Python that has the package gdelt")
    parser.add_argument(
        "--folder", type=Path, help="where to write the days; temporary if left out"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        plain, packed = Path(folder) / "plain", Path(folder) / "zip"
        packed.mkdir()
        for path in write_days(given.sample, plain, given.days, given.rows, given.repeat):
            target = packed / f"{path.name}.zip"
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(path, path.name)
        maps = Path(folder) / "maps.json"
        maps.write_text(json.dumps(_maps(plain)))
        own = [sys.executable, "-m", "benchmarks.events.contender"]
        for cores in given.cores:
            workers = ["--workers", str(cores)]
            _told("polars scan, plain", _run([*own, "polars", str(plain)], cores))
            _told("sulh, plain", _run([*own, "sulh", str(plain), *workers], cores))
            _told("sulh, zip", _run([*own, "sulh", str(packed), *workers], cores))
            if given.package:
                call = [str(given.package), str(_PACKAGE), str(packed), str(maps)]
                _told("gdelt, zip", _run([*call, "--at-once", str(cores)], cores))


def _maps(folder: Path) -> dict[str, dict[str, str]]:
    """Return what the counts need: nations by CAMEO code, families by event code."""
    nations: dict[str, str] = {}
    codes = set()
    for path in sorted(folder.iterdir())[:1]:
        for line in path.read_bytes().splitlines():
            cells = line.split(b"\t", 27)
            codes |= {cells[7].decode(), cells[17].decode()}
    for code in sorted(codes - {""}):
        try:
            nations[code] = resolve_nation(None, code, on="2019", system="cameo").nation
        except SulhError:
            continue
    events = [f"{number:0{width}d}" for width in (2, 3, 4) for number in range(10**width)]
    families = {code: found for code in events if (found := family_of(code))}
    return {"nations": nations, "families": families}


def _run(command: Sequence[str], cores: int) -> dict[str, float]:
    chosen = ",".join(map(str, sorted(os.sched_getaffinity(0))[:cores]))
    found = subprocess.run(
        ["taskset", "-c", chosen, *command],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "POLARS_MAX_THREADS": str(cores)},
    )
    answer: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return answer


def _told(name: str, one: dict[str, float]) -> None:
    rows = one["rows"]
    print(
        f"{name:20} {one['cores']:.0f} cores {rows:13,.0f} rows {one['seconds']:8.2f} s "
        f"{one['processor']:8.2f} s processor {one['processor'] / rows * 1e6:7.3f} us a row "
        f"{one['peak_mb']:7,.0f} MB {one.get('peak_worker_mb', 0):6,.0f} MB a worker "
        f"{one['events']:11,.0f} events",
        flush=True,
    )


if __name__ == "__main__":
    main()
