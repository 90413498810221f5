"""Write synthetic days of GDELT 2.0 with the distributions of one real file.

Lines are drawn, with replacement, from those of the sample, in runs of 20 neighbours: neighbours
share their report and its places, so that a day packs nearly as well as a real file (5.7 to 1, the
sample 6.1). The event number and the day are made anew, one number after another, so that days are
distinct and no event repeats unless ``repeat`` asks for it. The widths of cells, the shares of
empty ones, of nations, of pairs and of codes are those of the sample. Seeds are the numbers of the
days: the same day is always the same.

    python -m benchmarks.events.days SAMPLE FOLDER --days 10 --rows 1000000
"""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from isal import igzip

_FIRST = date(2019, 1, 1)
_BLOCK = 100_000
_RUN = 20


def write_days(
    sample: Path,
    folder: Path,
    days: int,
    rows: int,
    repeat: float = 0.0,
    gzipped: bool = False,
) -> list[Path]:
    """Write ``days`` files of ``rows`` lines; ``repeat`` is the share given again the day after."""
    lines = [line.split(b"\t") for line in sample.read_bytes().splitlines()]
    tails = [b"\t".join(cells[5:]) + b"\n" for cells in lines if len(cells) == 61]
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(days):
        day = _FIRST + timedelta(days=number)
        stem = b"\t%d\t%d\t%d\t%.4f\t" % (
            int(day.strftime("%Y%m%d")),
            int(day.strftime("%Y%m")),
            day.year,
            day.year + 0.5,
        )
        random = np.random.default_rng(number)
        first = 800_000_000 + number * (rows - int(repeat * rows))
        path = folder / f"{day:%Y%m%d}.export.CSV{'.gz' if gzipped else ''}"
        with _opened(path, gzipped) as stream:
            for start in range(0, rows, _BLOCK):
                count = min(_BLOCK, rows - start)
                starts = random.integers(0, len(tails) - _RUN + 1, -(-count // _RUN))
                drawn = (starts[:, None] + np.arange(_RUN)).ravel()[:count].tolist()
                stream.write(
                    b"".join(
                        b"%d%b%b" % (first + start + place, stem, tails[which])
                        for place, which in enumerate(drawn)
                    )
                )
        paths.append(path)
    return paths


def _opened(path: Path, gzipped: bool) -> IO[bytes]:
    made = cast(Any, igzip).open(path, "wb", 1) if gzipped else path.open("wb")
    return cast(IO[bytes], made)


def main() -> None:
    """Write days from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sample", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=float, default=0.0)
    parser.add_argument("--gzip", action="store_true")
    given = parser.parse_args()
    asked = (given.days, given.rows, given.repeat, given.gzip)
    for path in write_days(given.sample, given.folder, *asked):
        print(path)


if __name__ == "__main__":
    main()
