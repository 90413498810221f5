"""Whole-process time of typical commands, against the least that a pandas script needs.

    python benchmarks/commands.py [rounds]

The commands run on the starter store that ships with the package. The witness is a process that
imports pandas, reads the same December table from CSV and prints the ten largest contributors: what
a user would write in place of `sulh rank`. All run in turn, in the same run. Prints medians.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PANDAS = """
import sys, pandas as pd
table = pd.read_csv(sys.argv[1])
month = table[table["month"] == "2020-12"]
print(month.groupby("nation")["persons"].sum().nlargest(10))
"""


def commands(folder: Path) -> dict[str, list[str]]:
    """Return what is timed, by name."""
    sulh = str(Path(sys.executable).with_name("sulh"))
    export = folder / "contributions.csv"
    with export.open("w") as file:
        subprocess.run([sulh, "table", "contributions", "--format", "csv"], stdout=file, check=True)
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "pandas script for the ten largest": [sys.executable, "-c", PANDAS, str(export)],
        "sulh --help": [sulh, "--help"],
        "sulh rank 2020-12": [sulh, "rank", "2020-12"],
        "sulh contributions OIC": [sulh, "contributions", "OIC"],
        "sulh brief OIC (HTML)": [sulh, "brief", "OIC", "-o", str(folder / "oic.html")],
        "sulh brief OIC (PDF, Arabic)": [
            *(sulh, "brief", "OIC", "--lang", "ar", "-o", str(folder / "oic.pdf"))
        ],
    }


def timed(command: list[str], environment: dict[str, str]) -> float:
    """Return the seconds that one run takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(rounds: int = 7) -> None:
    with tempfile.TemporaryDirectory() as name:
        environment = {k: v for k, v in os.environ.items() if k != "SULH_STORE"}
        environment["XDG_DATA_HOME"] = name
        timed_commands = commands(Path(name))
        seconds: dict[str, list[float]] = {key: [] for key in timed_commands}
        for number in range(rounds + 1):
            for key, command in timed_commands.items():
                took = timed(command, environment)
                if number:  # the first round warms the disk cache
                    seconds[key].append(took)
    print(f"medians of {rounds} runs, seconds (least to most)")
    for key, values in seconds.items():
        least, most = min(values), max(values)
        print(f"{key:<36} {statistics.median(values):6.2f}  ({least:.2f} to {most:.2f})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
