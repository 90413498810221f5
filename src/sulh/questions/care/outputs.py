"""The files of a simulation: events, statistics, report."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl

from sulh.cases.writing import write_all
from sulh.questions.care import statistics
from sulh.questions.care.outcome import Outcome
from sulh.questions.care.report import render

FILES = (
    *("events.parquet", "patients.parquet", "occupancy.parquet", "clocks.csv", "times.csv"),
    *("delays.csv", "facilities.csv", "units.csv", "summary.json", "report.html"),
)


def write(outcome: Outcome, folder: str | Path) -> list[Path]:
    """Write the files of a simulation to a folder, made if absent, and return their paths."""
    tables = {
        "clocks": statistics.clocks(outcome),
        "times": statistics.times(outcome),
        "delays": statistics.delays(outcome),
        "facilities": statistics.facilities(outcome),
        "units": statistics.units(outcome),
    }
    summary = statistics.summary(outcome)
    contents = {
        "events.parquet": _parquet(outcome.events()),
        "patients.parquet": _parquet(outcome.patients()),
        "occupancy.parquet": _parquet(statistics.occupancy(outcome)),
        **{f"{name}.csv": table.write_csv().encode() for name, table in tables.items()},
        "summary.json": (json.dumps(summary, indent=2) + "\n").encode(),
        "report.html": render(outcome, summary, tables).encode(),
    }
    return write_all(Path(folder), contents)


def _parquet(table: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    table.write_parquet(out, compression="zstd", statistics=False)
    return out.getvalue()
