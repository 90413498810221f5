"""Lists of facts as results: groups with their members, and the gazetteer of operations."""

from __future__ import annotations

from typing import Literal

import polars as pl

from sulh.core.errors import UnknownName
from sulh.core.origin import Origin
from sulh.facts.groups import groups as known_groups
from sulh.facts.groups import members, seats
from sulh.facts.operations import Operation
from sulh.facts.operations import operations as known_operations
from sulh.facts.states import by_nation, name_of
from sulh.facts.when import day_of
from sulh.questions.view import View
from sulh.questions.wording import count_of, no_members
from sulh.result import Result

FACTS = Origin(
    key="sulh_facts",
    title="Facts shipped with sulh",
    producer="sulh",
    citation="sulh, shipped facts, each row with its own source",
    licence="see docs/data-licences.md",
    address="",
)
MARKS = (
    "A: official page; B: secondary page or research data; C: computed from what the source names; "
    "R: recalled, unverified."
)


def groups(
    expression: str | None, month: str | None, membership: Literal["dated", "today"] = "dated"
) -> Result:
    """Return all groups, or the seats in one group, or the members of an expression in a month.

    ``month`` is a month; without one, the month of which the table of members speaks last.
    """
    if expression is None:
        return _all_groups()
    on = max(group.as_of for group in known_groups().values()) if month is None else month
    nations = members(expression, on=on, membership=membership)
    rows = [
        {"nation": nation, "name": _name(nation)} | _seat(expression, nation, on)
        for nation in sorted(nations)
    ]
    schema = dict.fromkeys(("nation", "name", "from", "to", "role", "source", "grade"), pl.String)
    assumed = (f"Members on {day_of(on)}.", "Suspended members are counted.", MARKS)
    if membership == "today":
        assumed = ("Members as the table states them last.", *assumed[1:])
    return Result(
        name="groups",
        title=f"{expression}: {count_of(len(rows), 'nation')}",
        table=pl.DataFrame(rows, schema=schema),
        origins=(FACTS,),
        missing=() if rows else no_members(expression, [on]),
        assumed=assumed,
    )


def _all_groups() -> Result:
    rows = [
        {
            "group": group.group,
            "name": group.name,
            "aliases": ", ".join(group.aliases),
            "members": len(members(group.group, on=group.as_of)),
            "as_of": group.as_of,
            "source": group.mark.source,
        }
        for group in known_groups().values()
    ]
    return Result("groups", "Groups of nations", pl.DataFrame(rows), origins=(FACTS,))


def _name(nation: str) -> str:
    return name_of(nation) if nation in by_nation() else nation


def _seat(group: str, nation: str, on: str) -> dict[str, str]:
    """Return the dates, role and source of a nation's seat, if the expression is one group."""
    day = day_of(on)
    held = [s for s in seats().get(group, ()) if s.nation == nation and s.valid.holds(day)]
    if not held:
        return {}
    first = next((s for s in held if s.role == "member"), held[0])
    return {
        "from": first.valid.start,
        "to": first.valid.end,
        "role": ", ".join(sorted({s.role for s in held})),
        "source": first.mark.source,
        "grade": first.mark.grade,
    }


def operations(view: View, body: str | None = None) -> Result:
    """Return the gazetteer: the operations of a scope and body that ran in the view's period."""
    if body is not None:
        _refuse_unknown_body(body)
    chosen = [o for o in known_operations().values() if _wanted(o, view, body)]
    rows = [_row(operation) for operation in sorted(chosen, key=lambda o: (o.start, o.operation))]
    return Result(
        name="operations",
        title=f"Operations: {view.scope_text}" + (f", run by {body}" if body else ""),
        table=pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String)),
        origins=(FACTS,),
        assumed=(MARKS, "`unverified` names the cells that were recalled and not seen."),
    )


def _refuse_unknown_body(body: str) -> None:
    known = {part for o in known_operations().values() for part in _bodies(o)}
    if body.casefold() not in {part.casefold() for part in known}:
        raise UnknownName(
            f"{body!r} runs no operation of the gazetteer",
            "an empty list would read as if it had run none",
            f"choose one of {', '.join(sorted(known))}",
        )


def _bodies(operation: Operation) -> list[str]:
    return operation.body.replace("/", "|").split("|")


_COLUMNS = (
    "operation",
    "name",
    "body",
    "scope",
    "hosts",
    "headquarters",
    "start",
    "end",
    "successor",
    "authorisation",
    "source",
    "grade",
    "unverified",
)


def _wanted(operation: Operation, view: View, body: str | None) -> bool:
    if body and body.casefold() not in [part.casefold() for part in _bodies(operation)]:
        return False
    if view.scope == "un" and operation.scope == "other":
        return False
    if view.scope not in ("un", "all", operation.scope):
        return False
    started = not view.to or not operation.start or operation.start[:7] <= view.to
    ended = view.from_ and operation.end and day_of(operation.end)[:7] < view.from_
    return started and not ended


def _row(operation: Operation) -> dict[str, str]:
    columns = ("hosts", "headquarters", "start", "end", "successor", "authorisation")
    return {
        "operation": operation.operation,
        "name": operation.name,
        "body": operation.body,
        "scope": operation.scope,
        "hosts": " ".join(operation.hosts),
        "headquarters": operation.headquarters,
        "start": operation.start,
        "end": operation.end,
        "successor": operation.successor,
        "authorisation": operation.authorisation,
        "source": operation.mark.source,
        "grade": operation.mark.grade,
        "unverified": ", ".join(c for c in columns if not operation.verified(c)),
    }
