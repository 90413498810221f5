"""Read ``case.toml``: name, horizon, rate, lead months and weights of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sulh.cases.problems import Problems
from sulh.cases.sections import Section, read_document
from sulh.questions.forces.records import Weights

LONGEST_HORIZON = 600


@dataclass(frozen=True)
class Settings:
    """What ``case.toml`` says. ``personnel_month_usd`` is one rate for every uniformed person."""

    name: str
    start: str
    months: int
    personnel_month_usd: float
    lead_months: Mapping[str, int]
    weights: Weights


def read_settings(path: Path, problems: Problems) -> Settings | None:
    """Return the settings of a case, or None where they cannot be used, with why noted."""
    before = problems.total
    document = read_document(path, problems)
    if document is None:
        return None
    settings = _settings(document)
    return settings if problems.total == before else None


def _settings(file: Section) -> Settings:
    file.only("case", "rates", "lead_months", "weights")
    case, rates, weights = file.section("case"), file.section("rates"), file.section("weights")
    case.only("name", "start", "months")
    rates.only("personnel_month_usd")
    weights.only("unmet", "cost_usd", "women")
    return Settings(
        name=case.text("name"),
        start=case.month("start"),
        months=int(case.number("months", 1, LONGEST_HORIZON, whole=True)),
        personnel_month_usd=rates.number("personnel_month_usd", 0, 1e9),
        lead_months=_leads(file.section("lead_months")),
        weights=Weights(
            unmet=weights.number("unmet", 0, 1e12),
            cost_usd=weights.number("cost_usd", 0, 1e12),
            women=weights.number("women", 0, 1e12),
        ),
    )


def _leads(section: Section) -> dict[str, int]:
    if section.there and not section.values:
        section.bad("[lead_months] is empty", "readiness levels have no lead", 'write "rdl" = 2')
    return {
        level: int(section.number(level, 0, LONGEST_HORIZON, whole=True))
        for level in section.values
    }
