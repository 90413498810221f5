"""What a group's pledges fill in a case, and what stands against their filling the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import polars as pl

from sulh.questions.forces.case import Pledge
from sulh.questions.forces.links import counted
from sulh.questions.forces.outputs import Planned
from sulh.questions.ground import members_on
from sulh.result import Result

SCHEMA = {
    "requirement": pl.String,
    "mission": pl.String,
    "capability": pl.String,
    "needed": pl.Int64,
    "by_group": pl.Int64,
    "by_others": pl.Int64,
    "open": pl.Int64,
    "pledges": pl.Int64,
    "nearest": pl.String,
    "binding": pl.String,
}


def group(planned: Planned, name: str, membership: str = "dated") -> Result:
    """Return, by requirement, the unit-months that a group fills, others fill, and that stay open.

    ``pledges`` counts the group's pledges of the capability; ``nearest`` is the one of them with
    the least against it in most open months, ``binding`` what that is (see `explain`), or
    ``no pledge`` where the group pledges none of the capability. Members are
    those of the case's first month, or of today. Raises `UnknownName` for an unknown group.
    """
    case = planned.case
    members = set(members_on(name, case.start, membership))
    filled: dict[tuple[str, bool], int] = defaultdict(int)
    # A combined unit is one: its lead says whose it is.
    for tour in counted(case, planned.plan).tours:
        ours = case.pledge_of[tour.pledge].nation in members
        filled[tour.requirement, ours] += len(tour.months)
    own = [pledge for pledge in case.pledges if pledge.nation in members]
    nearest = _nearest(planned, members)
    rows = []
    for requirement in case.requirements:
        needed = requirement.units * len(requirement.months)
        by_group, by_others = filled[requirement.key, True], filled[requirement.key, False]
        open_ = needed - by_group - by_others
        pledges = [p for p in own if p.capability == requirement.capability]
        none = (None, "no pledge" if open_ and not pledges else None)
        rows.append(
            (
                requirement.key,
                requirement.mission,
                requirement.capability,
                needed,
                by_group,
                by_others,
                open_,
                len(pledges),
                *nearest.get(requirement.key, none),
            )
        )
    return Result(
        name="forces_group",
        title=f"What {name} could generate next: {case.name}",
        table=pl.DataFrame(rows, schema=SCHEMA, orient="row"),
        units=dict.fromkeys(("needed", "by_group", "by_others", "open"), "unit-months"),
        missing=_unasked(planned, name, own),
        assumed=(
            f"Members {'of today' if membership == 'today' else f'as of {case.start}'}: "
            f"{len(members)} nations.",
            "The plan is for all nations together, not the most that the group could do alone.",
        ),
    )


def unasked(planned: Planned, name: str, membership: str = "dated") -> tuple[str, ...]:
    """Return the capabilities that a group pledges and no requirement asks for."""
    members = set(members_on(name, planned.case.start, membership))
    return _capabilities(planned, [p for p in planned.case.pledges if p.nation in members])


def _capabilities(planned: Planned, own: Sequence[Pledge]) -> tuple[str, ...]:
    asked = {requirement.capability for requirement in planned.case.requirements}
    return tuple(sorted({pledge.capability for pledge in own} - asked))


def _unasked(planned: Planned, name: str, own: Sequence[Pledge]) -> tuple[str, ...]:
    if not own:
        return (f"The case holds no pledge of {name}.",)
    found = _capabilities(planned, own)
    if not found:
        return ()
    return (f"Pledged by {name}, and asked for by no requirement: {', '.join(found)}.",)


def _nearest(planned: Planned, members: set[str]) -> dict[str, tuple[str, str]]:
    """Return, by requirement, the pledge with the least against it and what that is."""
    bound: dict[str, Counter[tuple[int, str, str]]] = defaultdict(Counter)
    columns = ("requirement", "pledge", "nation", "reason")
    for requirement, pledge, nation, reason in planned.explain().select(columns).iter_rows():
        if nation in members:
            count = reason.count("|") + 1
            bound[requirement][count, f"{pledge} of {nation}", reason] += 1
    found = {}
    for requirement, months_of in bound.items():
        fewest = min(count for count, _, _ in months_of)
        least = {key: months for key, months in months_of.items() if key[0] == fewest}
        _, pledge, reason = min(least, key=lambda key: (-least[key], key))
        found[requirement] = (pledge, reason)
    return found
