"""Read the two files that a case may have beside its six: chains and combined units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sulh.questions.forces.grid import Row, read_rows
from sulh.questions.forces.problems import Problems
from sulh.questions.forces.records import Chain, Combined, Pledge, Requirement

CHAINS, UNITS = "chains.csv", "combined.csv"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    CHAINS: ("chain", "requirement", "order", "pledge"),
    UNITS: ("unit", "pledge"),
}
MOST_TURNS = 1_000

Known = TypeVar("Known")


@dataclass
class Joint:
    """What the two files refer to; None where it could not be read, so that it is not checked."""

    requirements: Mapping[str, Requirement] | None
    pledges: Mapping[str, Pledge] | None
    taken: dict[str, tuple[str, str]] = field(default_factory=dict)

    def pledge(self, row: Row, whole: str) -> Pledge | None:
        """Return the pledge of a row, and note what keeps it from being a part of a whole."""
        key = row.key("pledge")
        found = _known(row, "pledge", self.pledges, "pledges.csv has no such pledge")
        if found is not None and found.units != 1:
            row.bad("pledge", f"it has {found.units} units", "pledge each unit in a row of its own")
        place = (row.file, whole)
        if self.taken.setdefault(key, place) != place:
            file, other = self.taken[key]
            row.bad("pledge", f"it serves as a part of {other} in {file}", "name it in one only")
        return found


def read_joint(
    folder: Path, joint: Joint, problems: Problems
) -> tuple[tuple[Chain, ...], tuple[Combined, ...]]:
    """Return the chains and the combined units of a case; none where a file is absent."""
    chains = tuple(
        _chain(key, rows, joint) for key, rows in _groups(folder / CHAINS, problems).items()
    )
    units = tuple(
        _unit(key, rows, joint) for key, rows in _groups(folder / UNITS, problems).items()
    )
    for unit in units:
        for chain in chains:
            if unit.key == chain.key:
                why = "chains.csv has a chain of that name"
                problems.add(UNITS, None, f"unit is {unit.key!r}", why, "give each its own name")
    return chains, units


def _groups(path: Path, problems: Problems) -> dict[str, list[Row]]:
    """Return the rows of a file by their first column; none where the file is absent."""
    found: dict[str, list[Row]] = defaultdict(list)
    if path.exists():
        columns = COLUMNS[path.name]
        for row in read_rows(path, columns, problems):
            found[row.key(columns[0])].append(row)
    return found


def _known(row: Row, column: str, known: Mapping[str, Known] | None, why: str) -> Known | None:
    found = known.get(row.cells[column]) if known is not None else None
    if known is not None and found is None and row.cells[column]:
        row.bad(column, why, "add it there, or correct the name")
    return found


def _chain(key: str, rows: list[Row], joint: Joint) -> Chain:
    requirement = rows[0].key("requirement")
    turns: dict[int, str] = {}
    for row in rows:
        wanted = _known(
            row, "requirement", joint.requirements, "requirements.csv has no such requirement"
        )
        if row.cells["requirement"] != requirement:
            row.bad("requirement", f"chain {key} covers {requirement}", "write one for the chain")
        pledge = joint.pledge(row, key)
        if wanted and pledge and wanted.capability != pledge.capability:
            why = f"{requirement} needs {wanted.capability}, it is {pledge.capability}"
            row.bad("pledge", why, "name a pledge of that capability")
        order = row.number("order", 1, MOST_TURNS)
        if order in turns:
            row.bad("order", f"chain {key} has that turn already", "give each turn its number")
        turns[order] = row.cells["pledge"]
    missing = [str(turn) for turn in range(1, max(turns) + 1) if turn not in turns]
    if missing:
        rows[-1].bad("order", f"chain {key} has no turn {missing[0]}", "number turns 1, 2, 3 …")
    if len(rows) < 2:
        rows[0].bad("chain", "a chain has two turns or more", "add the next, or leave it out")
    return Chain(key, requirement, tuple(turns[turn] for turn in sorted(turns)))


def _unit(key: str, rows: list[Row], joint: Joint) -> Combined:
    parts: list[tuple[Row, Pledge]] = []
    for row in rows:
        pledge = joint.pledge(row, key)
        if pledge is not None:
            parts.append((row, pledge))
    if len(rows) < 2:
        rows[0].bad("unit", "a combined unit has two parts or more", "add one, or leave it out")
    for place, (row, pledge) in enumerate(parts):
        for why in _differs(pledge, parts[0][1]) if place else ():
            row.bad("pledge", why, "write the same for each part: they serve together")
        if any(pledge.nation == other.nation for _, other in parts[:place]):
            row.bad("pledge", f"{pledge.nation} has a part already", "combine several nations")
    return Combined(key, tuple(row.cells["pledge"] for row in rows))


def _differs(pledge: Pledge, lead: Pledge) -> Iterator[str]:
    for name in ("capability", "tour_months", "available_to"):
        own, other = getattr(pledge, name), getattr(lead, name)
        if own != other:
            shown = [value if value is not None else "empty" for value in (own, other)]
            yield f"its {name} is {shown[0]}, that of {lead.key} is {shown[1]}"
