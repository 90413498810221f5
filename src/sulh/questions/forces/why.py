"""Why a requirement stays open: the reasons of a plan, for all gaps or for one of them."""

from __future__ import annotations

from difflib import get_close_matches

import polars as pl

from sulh.cases.problems import shown
from sulh.core.errors import BadRequest
from sulh.core.months import parse_month
from sulh.questions.forces.case import Case
from sulh.questions.forces.explain import explain
from sulh.questions.forces.plan import Plan
from sulh.questions.forces.reasons import MEANINGS
from sulh.result import Result


def reasons(
    case: Case, plan: Plan, requirement: str | None = None, month: str | None = None
) -> pl.DataFrame:
    """Return what `explain` does, of one requirement, of one month, or of both if they are given.

    Raises `BadRequest` for a requirement or a month that the case does not have.
    """
    if requirement is not None and requirement not in case.requirement_of:
        near = get_close_matches(requirement, case.requirement_of, n=3, cutoff=0.5)
        mend = (
            f"name {' or '.join(near)}, if that is meant"
            if near
            else "name one of requirements.csv"
        )
        why = "requirements.csv has no such requirement"
        raise BadRequest(f"the requirement {shown(requirement)}", why, mend)
    if month is not None and not 0 <= case.index(parse_month(month)) < case.months:
        span = f"the case runs from {case.start} to {case.month(case.months - 1)}"
        raise BadRequest(f"the month {month}", span, "name a month of the case")
    table = explain(case, plan)
    if requirement is not None:
        table = table.filter(pl.col("requirement") == requirement)
    return table if month is None else table.filter(pl.col("month") == parse_month(month))


def why(case: Case, plan: Plan, requirement: str | None = None, month: str | None = None) -> Result:
    """Return the reasons with what they mean; an empty table says that nothing is open."""
    table = reasons(case, plan, requirement, month)
    place = f"{requirement or 'every requirement'}" + (f" in {month}" if month else "")
    return Result(
        name="forces_explain",
        title=f"Why {f'{requirement} stays' if requirement else 'gaps stay'} open: {case.name}",
        table=table,
        missing=() if table.height else (f"Nothing is missing of {place}, so there is no gap.",),
        assumed=(
            "A row is a pledge of the capability in a month that is not covered; `reason` is the "
            "smallest set of things to take away, separated by |, after which `unit` can serve "
            "from `first_month` and the plan gets better.",
            *_meanings(table),
        ),
    )


def _meanings(table: pl.DataFrame) -> list[str]:
    """Return what the reasons of a table mean, those that are told by a word of their own."""
    parts = {part for reason in table["reason"].unique() for part in reason.split("|")}
    told = {"busy at ": "busy", "part of ": "part of another"}
    kinds = {next((k for begins, k in told.items() if p.startswith(begins)), p) for p in parts}
    return [f"`{kind}`: {text}." for kind, text in MEANINGS.items() if kind in kinds]
