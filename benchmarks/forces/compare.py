"""Compare our planner with the plain time-indexed program given to HiGHS and to CP-SAT.

    python -m benchmarks.forces.compare CASE ... [--seconds 60] [--growth]

Each solver has a process, two workers and the same time on every case, one after the other. With
``--growth`` also how long ours takes to a gap of 2 % as pledges, requirements and months grow.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.forces.synthetic import Size, write_case

WORKERS = 2
HEAD = f"{'case':24} {'solver':8} {'wall':>7} {'cpu':>7} {'objective':>17} {'bound':>17} {'gap':>8}"


@dataclass(frozen=True)
class Run:
    """What a solver gave: seconds of wall and of processors, objective and bound (None: none)."""

    wall: float
    cpu: float
    objective: float | None
    bound: float | None

    def line(self, case: str, solver: str) -> str:
        """Return the run as a line of the table."""
        points = [f"{x:,.0f}" if x is not None else "none" for x in (self.objective, self.bound)]
        gap = "none"
        if self.objective and self.bound is not None:
            gap = f"{(self.objective - self.bound) / self.objective:.2%}"
        times = f"{self.wall:7.1f} {self.cpu:7.1f}"
        return f"{case:24} {solver:8} {times} {points[0]:>17} {points[1]:>17} {gap:>8}"


def timed(command: list[str], answer: Path) -> Run:
    """Run a command that writes objective and bound to a JSON file, and time the whole process."""
    started, before = time.monotonic(), os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    found = json.loads(answer.read_text(encoding="utf-8"))
    return Run(time.monotonic() - started, cpu, found["objective"], found["bound"])


def ours(case: Path, seconds: float, gap: float = 0.0) -> Run:
    """Plan a case with ``sulh forces plan``."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sulh", "forces", "plan", str(case), "-o", folder]
        command += ["--seconds", str(seconds), "--workers", str(WORKERS), "--gap", str(gap)]
        return timed(command, Path(folder) / "summary.json")


def plain(case: Path, solver: str, seconds: float) -> Run:
    """Give the whole program to a solver in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "benchmarks.forces.whole", solver, str(case)]
        return timed([*command, str(seconds), str(WORKERS), str(answer)], answer)


def growing() -> Iterator[tuple[str, Size]]:
    """Yield sizes that grow in one direction at a time."""
    for pledges in (50, 100, 200):
        yield f"{pledges} pledges", Size(pledges, 40, 36)
    for requirements in (20, 40, 80):
        yield f"{requirements} requirements", Size(100, requirements, 36)
    for months in (24, 36, 48):
        yield f"{months} months", Size(100, 40, months)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("cases", type=Path, nargs="*")
    reader.add_argument("--seconds", type=float, default=60)
    reader.add_argument("--growth", action="store_true")
    asked = reader.parse_args()
    print(HEAD)
    for case in asked.cases:
        print(ours(case, asked.seconds).line(case.name, "sulh"), flush=True)
        for solver in ("highs", "cp-sat"):
            print(plain(case, solver, asked.seconds).line(case.name, solver), flush=True)
    if asked.growth:
        with tempfile.TemporaryDirectory() as folder:
            for name, size in growing():
                case = write_case(Path(folder) / name.replace(" ", "-"), size)
                print(ours(case, asked.seconds, gap=0.02).line(name, "sulh"), flush=True)


if __name__ == "__main__":
    main()
