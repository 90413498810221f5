"""A plan that was written before: what is proven of it still, and whether it is whole."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sulh.cases.problems import BadCase
from sulh.core.errors import BadRequest
from sulh.questions.forces.case import Case
from sulh.questions.forces.identity import digest
from sulh.questions.forces.outputs import FILES, Planned
from sulh.questions.forces.plan import Plan, objective, read_plan, violations

PLAN, SUMMARY = "plan.csv", "summary.json"
_SAME = 1e-9
_LARGEST = 1024 * 1024


def read_earlier(case: Case, path: str | Path) -> Planned:
    """Return a plan of a file, with the bound that ``summary.json`` beside it holds for this case.

    A bound counts only if the summary is of the same case. ``notes`` say what does not agree: a
    plan that was cut or changed after it was written, a case that has changed since. Raises
    `BadCase` with every problem of the file.
    """
    path = Path(path)
    plan = read_plan(case, path)
    summary = _summary(path)
    if summary is None:
        return Planned(case, plan, None, 0.0)
    notes = [*_cut(summary, plan, path)]
    if summary.get("case_sha256") != digest(case):
        notes.append(f"{path} was made for another case, or this one has changed: no bound holds.")
        return Planned(case, plan, None, 0.0, tuple(notes))
    value = objective(case, plan)
    written, bound = _number(summary.get("objective")), _number(summary.get("bound"))
    if not notes and (written is None or not math.isclose(value, written, rel_tol=_SAME)):
        notes.append(
            f"{path} scores {value:,.0f} points, not what {SUMMARY} beside it says: it was changed "
            "after it was written."
        )
    if bound is not None:
        bound = min(bound, value) if bound <= value * (1 + _SAME) else None
    return Planned(case, plan, bound, 0.0, tuple(notes))


def missing_rows(path: Path, plan: Plan) -> tuple[str, ...]:
    """Return, in a sentence, that a plan has fewer or more rows than were written, if it has."""
    summary = _summary(path)
    return () if summary is None else _cut(summary, plan, path)


def sound_earlier(case: Case, path: str | Path) -> Planned:
    """Return a plan of a file as `read_earlier` does; raise `BadRequest` if it breaks a rule."""
    found = read_earlier(case, path)
    if broken := violations(case, found.plan):
        raise BadRequest(
            f"{path} breaks {len(broken)} rules, the first: {broken[0]}",
            "answers would rest on a plan that cannot be carried out",
            "run `sulh forces check CASE --plan PLAN` and mend it",
        )
    return found


def beginning(case: Case, folder: Path, *, replace: bool = False) -> Planned | None:
    """Return the plan that a folder holds, to begin from; None without one, or to ``replace`` it.

    Raises `BadRequest` if the folder holds a plan that is none of this case: it would be lost.
    """
    if replace or not (folder / PLAN).exists():
        return None
    try:
        found = sound_earlier(case, folder / PLAN)
    except (BadCase, BadRequest) as error:
        first = str(error).splitlines()[0]
        raise BadRequest(
            f"{folder} holds a plan that is not valid for this case ({first.rstrip('.')})",
            "it would be lost",
            "name another folder, or write over it with --force",
        ) from error
    return found


def refuse_to_lose(kept: Path, folder: Path) -> None:
    """Raise `BadRequest` if the files of a new plan would replace the plan that is kept."""
    if any((folder / name).resolve() == kept.resolve() for name in FILES):
        raise BadRequest(
            f"--output {folder} is where {kept} lies",
            "the plan that runs would be lost",
            "name another folder",
        )


def _summary(path: Path) -> Mapping[str, Any] | None:
    """Return what ``summary.json`` beside a ``plan.csv`` holds; None if there is none to read."""
    beside = path.with_name(SUMMARY)
    if path.name != PLAN or not beside.is_file() or beside.stat().st_size > _LARGEST:
        return None
    try:
        found = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _cut(summary: Mapping[str, Any], plan: Plan, path: Path) -> tuple[str, ...]:
    tours = _number(summary.get("tours"))
    if tours is None or tours == len(plan.tours):
        return ()
    changed = "it was cut" if len(plan.tours) < tours else "rows were added"
    return (
        f"{path} has {len(plan.tours):,} tours, and {SUMMARY} beside it says {tours:,}: {changed} "
        "after it was written.",
    )


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if math.isfinite(value) else None
