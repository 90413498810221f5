"""The files of a plan: each written whole or not at all."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from sulh.cases.writing import write_all
from sulh.questions.forces import tables
from sulh.questions.forces.case import Case
from sulh.questions.forces.identity import digest
from sulh.questions.forces.plan import Plan, plan_text, score
from sulh.questions.forces.report import render
from sulh.questions.forces.wholes import wholes
from sulh.questions.forces.why import reasons

_ROUNDING = 1e-12
FILES = ("plan.csv", "coverage.csv", "explain.csv", "costs.csv", "summary.json", "report.html")


@dataclass(frozen=True)
class Planned:
    """A plan with what is proven of it; ``bound`` None where nothing is.

    ``notes`` say what a user must know of a plan that was read.
    """

    case: Case
    plan: Plan
    bound: float | None
    seconds: float
    notes: tuple[str, ...] = ()

    def summary(self) -> dict[str, Any]:
        """Return what ``summary.json`` holds; ``gap`` is (objective - bound) / objective."""
        found = score(self.case, self.plan)
        gap = None
        if self.bound is not None and math.isfinite(self.bound):
            gap = (found.objective - self.bound) / found.objective if found.objective else 0.0
            # Below this the two differ by the rounding of their sums.
            gap = gap if gap > _ROUNDING else 0.0
        return {
            "objective": found.objective,
            "bound": None if gap is None else min(self.bound or 0.0, found.objective),
            "gap": gap,
            "seconds": round(self.seconds, 3),
            "tours": len(self.plan.tours),
            "unmet_priority_months": found.unmet_priority_months,
            "cost_usd": found.cost_usd,
            "women_short_months": found.women_short_months,
            "version": version("sulh"),
            "case_sha256": digest(self.case),
        }

    def coverage(self) -> pl.DataFrame:
        """Return the units needed and deployed by requirement and month."""
        return tables.coverage(self.case, self.plan)

    def explain(self, requirement: str | None = None, month: str | None = None) -> pl.DataFrame:
        """Return why gaps stay open, pledge by pledge: all, or those of a requirement or month."""
        return reasons(self.case, self.plan, requirement, month)

    def wholes(self) -> pl.DataFrame:
        """Return each chain and combined unit, when it serves, or what stands against it."""
        return wholes(self.case, self.plan)

    def costs(self) -> pl.DataFrame:
        """Return the cost by fiscal year, nation, mission and kind."""
        return tables.costs(self.case, self.plan)

    def tours(self) -> pl.DataFrame:
        """Return the plan itself, one row a tour, as ``plan.csv`` has it."""
        text = plan_text(self.case, self.plan).encode()
        return pl.read_csv(text, infer_schema=False).with_columns(pl.col("unit").cast(pl.Int64))

    def write(self, folder: str | Path) -> list[Path]:
        """Write the files of the plan to a folder, made if absent, and return their paths."""
        return write_all(Path(folder), self._contents())

    def _contents(self) -> dict[str, bytes]:
        summary, explained = self.summary(), self.explain()
        return {
            "plan.csv": plan_text(self.case, self.plan).encode(),
            "coverage.csv": self.coverage().write_csv().encode(),
            "explain.csv": explained.write_csv().encode(),
            "costs.csv": self.costs().write_csv().encode(),
            "summary.json": (json.dumps(summary, indent=2) + "\n").encode(),
            "report.html": render(self.case, self.plan, summary, explained).encode(),
        }
