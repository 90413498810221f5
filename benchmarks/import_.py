"""Time and memory of a full import, against a plain script that only reads the same files.

    python benchmarks/import_.py ../shared/data [rounds]

The import recognises, parses, resolves names, checks, chooses, and publishes a verified store from
all contribution files: the monthly PDFs, the IPI files and the hub's. The plain script is what a
user would begin with: `pandas.read_csv` of every CSV, `json.load` of every JSON, and the bare text
of every PDF with `pypdfium2`; it resolves and checks nothing. Each runs as a process of its own, in
turn, in the same run; memory is the highest sum over a process and its children, sampled each
20 ms. Prints medians.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDERS = ("un_monthly_pdf", "ipi", "un_hub")
PLAIN = """
import json, sys
from pathlib import Path
import pandas as pd
import pypdfium2 as pdfium
frames, characters = [], 0
for path in sorted(p for folder in sys.argv[1:] for p in Path(folder).rglob("*")):
    if path.suffix == ".csv":
        frames.append(pd.read_csv(path, dtype=str, encoding_errors="replace"))
    elif path.suffix == ".json":
        json.loads(path.read_bytes())
    elif path.suffix == ".pdf":
        document = pdfium.PdfDocument(path)
        for page in document:
            text = page.get_textpage()
            characters += len(text.get_text_range())
            text.close()
            page.close()
        document.close()
print(sum(map(len, frames)), characters)
"""
IMPORT = """
import sys
from sulh.intake.importing import import_paths
report = import_paths(sys.argv[3:], sys.argv[1], workers=int(sys.argv[2]))
print(len(report.read), "files read,", len(report.refused), "refused,", report.version)
"""


def memory(pid: int) -> int:
    """Return the memory in use by a process and its children, in bytes."""
    total = 0
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            total += int(line.split()[1]) * 1024
    return total + sum(memory(int(child)) for child in children)


def measured(code: str, *arguments: str) -> tuple[float, int, str]:
    """Run a script; return its seconds, its highest memory in bytes, and what it printed."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True
    )
    highest = 0
    while process.poll() is None:
        highest = max(highest, memory(process.pid))
        time.sleep(0.02)
    seconds = time.perf_counter() - start
    assert process.returncode == 0
    out, _ = process.communicate()
    return seconds, highest, out.strip()


def main(data: str, rounds: int = 3) -> None:
    folders = [str(Path(data) / name) for name in FOLDERS]
    found: dict[str, list[tuple[float, int, str]]] = {}
    for _ in range(rounds):
        for workers in ("1", "2"):
            with tempfile.TemporaryDirectory() as root:
                run = measured(IMPORT, f"{root}/store", workers, *folders)
            name = f"import, {workers} worker{'s' if workers != '1' else ''}"
            found.setdefault(name, []).append(run)
        with tempfile.TemporaryDirectory() as root:
            measured(IMPORT, f"{root}/store", "2", *folders)
            again = measured(IMPORT, f"{root}/store", "2", *folders)
            found.setdefault("import again, 2 workers", []).append(again)
        found.setdefault("plain script", []).append(measured(PLAIN, *folders))
    print(f"medians of {rounds}; targets for the import: 30 s, 1,000 MB")
    for name, runs in found.items():
        seconds = statistics.median(run[0] for run in runs)
        most = statistics.median(run[1] for run in runs) / 1e6
        print(f"{name:26} {seconds:6.2f} s {most:7,.0f} MB   {runs[0][2]}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)
