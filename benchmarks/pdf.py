"""Time to import all monthly PDFs, against what pypdfium2 needs for their bare text.

    python benchmarks/pdf.py ../shared/data/un_monthly_pdf [rounds]

Both are timed in turn in the same run, first in this process, then the import in two processes
(the PDF library is not safe in threads). Prints medians in seconds and ratios; the processor's
own time is given too, since other programs disturb the clock on the wall.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pypdfium2 as pdfium

from sulh.intake.base import Document
from sulh.intake.un_monthly_pdf import SOURCE


def bare_text(path: Path) -> int:
    """Return the number of characters of a file's bare text."""
    count = 0
    document = pdfium.PdfDocument(path)
    for page in document:
        textpage = page.get_textpage()
        count += len(textpage.get_text_range())
        textpage.close()
        page.close()
    document.close()
    return count


def imported(path: Path) -> int:
    """Return the number of rows that the import reads from a file."""
    return SOURCE.parse(Document(path.name, path.read_bytes())).rows


def timed(work: Callable[[Path], int], paths: list[Path]) -> tuple[int, float, float]:
    """Return the sum of what the work gives, seconds on the wall, seconds of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    total = sum(map(work, paths))
    return total, time.perf_counter() - wall, time.process_time() - processor


def main(folder: str, rounds: int = 5) -> None:
    paths = sorted(Path(folder).glob("*.pdf"))
    bare: list[tuple[float, float]] = []
    one: list[tuple[float, float]] = []
    two: list[float] = []
    with ProcessPoolExecutor(max_workers=2) as pool:
        list(pool.map(imported, paths[:2]))  # start both before the clock runs
        for _ in range(rounds):
            characters, *times = timed(bare_text, paths)
            bare.append((times[0], times[1]))
            rows, *times = timed(imported, paths)
            one.append((times[0], times[1]))
            start = time.perf_counter()
            assert sum(pool.map(imported, paths, chunksize=4)) == rows
            two.append(time.perf_counter() - start)
    base, base_cpu = (statistics.median(times) for times in zip(*bare, strict=True))
    single, single_cpu = (statistics.median(times) for times in zip(*one, strict=True))
    double = statistics.median(two)
    print(f"{len(paths)} files, {characters:,} characters, {rows:,} rows; medians of {rounds}")
    print(f"bare text      {base:6.2f} s (processor {base_cpu:.2f} s)")
    print(f"import         {single:6.2f} s (processor {single_cpu:.2f} s)")
    print(f"               {single / base:.2f} times the bare text (target 3);", end=" ")
    print(f"{single_cpu / base_cpu:.2f} by processor time")
    print(f"two processes  {double:6.2f} s, {double / single:.2f} of one process (target 0.5)")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
