"""Read the two files that a case may have beside its six: chains and combined units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from sulh.cases.grid import Row, read_rows
from sulh.cases.problems import Problems, shown
from sulh.cases.table import Table
from sulh.questions.forces.records import Chain, Combined, Pledge, Requirement

CHAINS, UNITS = "chains.csv", "combined.csv"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    CHAINS: ("chain", "requirement", "order", "pledge"),
    UNITS: ("unit", "pledge"),
}
MOST_TURNS = 1_000

Known = TypeVar("Known", Requirement, Pledge)


@dataclass
class Joint:
    """What the two files refer to; a row that has a problem is named, and its cells not used."""

    requirements: Table[Requirement]
    pledges: Table[Pledge]
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
    for key in sorted({unit.key for unit in units} & {chain.key for chain in chains}):
        why = "chains.csv has a chain of that name"
        problems.add(UNITS, None, f"unit is {shown(key)}", why, "give each its own name")
    return chains, units


def _groups(path: Path, problems: Problems) -> dict[str, list[Row]]:
    """Return the rows of a file by their first column; none where the file is absent."""
    found: dict[str, list[Row]] = defaultdict(list)
    if path.exists() or path.is_symlink():
        columns = COLUMNS[path.name]
        for row in read_rows(path, columns, problems):
            found[row.key(columns[0])].append(row)
    return found


def _known(row: Row, column: str, known: Table[Known], why: str) -> Known | None:
    key = row.cells[column]
    if key and known.lacks(key):
        row.bad(column, why, "add it there, or correct the name")
    return known.sound.get(key)


def _chain(key: str, rows: list[Row], joint: Joint) -> Chain:
    requirement = rows[0].key("requirement")
    turns: dict[int, tuple[Row, Pledge | None]] = {}
    for row in rows:
        wanted = _known(
            row, "requirement", joint.requirements, "requirements.csv has no such requirement"
        )
        if row.cells["requirement"] != requirement:
            row.bad("requirement", f"chain {key} covers {requirement}", "write one for the chain")
        pledge = joint.pledge(row, key)
        if wanted and pledge:
            _serves(row, pledge, wanted)
        order = row.number("order", 1, MOST_TURNS)
        if order in turns:
            row.bad("order", f"chain {key} has that turn already", "give each turn its number")
        turns[order] = (row, pledge)
    missing = [str(turn) for turn in range(1, max(turns) + 1) if turn not in turns]
    if missing:
        rows[-1].bad("order", f"chain {key} has no turn {missing[0]}", "number turns 1, 2, 3 …")
    ordered = [turns[turn] for turn in sorted(turns)]
    _handed_on(key, ordered)
    return Chain(key, requirement, tuple(row.cells["pledge"] for row, _ in ordered))


def _serves(row: Row, pledge: Pledge, wanted: Requirement) -> None:
    """Note what keeps a pledge from ever serving the requirement of its chain (rule 1)."""
    if wanted.capability != pledge.capability:
        why = f"{wanted.key} needs {wanted.capability}, it is {pledge.capability}"
        row.bad("pledge", why, "name a pledge of that capability")
    if wanted.mission in pledge.excluded_missions:
        why = f"{wanted.key} is in {wanted.mission}, which it excludes"
        row.bad("pledge", why, "name another pledge, or lift the caveat in pledges.csv")
    if wanted.languages and not wanted.languages & pledge.languages:
        why = f"{wanted.key} asks for {' or '.join(sorted(wanted.languages))}, which it lacks"
        row.bad("pledge", why, "name a pledge that speaks it")


def _handed_on(key: str, turns: list[tuple[Row, Pledge | None]]) -> None:
    """Note a chain that is handed on to nobody: one turn, one nation, a pledge after itself."""
    first = turns[0][0]
    if len(turns) < 2:
        first.bad("chain", "a chain has two turns or more", "add the next, or leave it out")
    nations = {pledge.nation if pledge else None for _, pledge in turns}
    if len(turns) > 1 and len(nations) == 1 and None not in nations:
        why = f"{', '.join(map(str, nations))} takes every turn of chain {key}"
        first.bad("chain", why, "name pledges of several nations, or leave the chain out")
    for (before, _), (row, _) in pairwise(turns):
        if row.cells["pledge"] and row.cells["pledge"] == before.cells["pledge"]:
            row.bad("pledge", f"it has the turn before in chain {key} too", "let another follow")
    _returns(key, turns)


def _returns(key: str, turns: list[tuple[Row, Pledge | None]]) -> None:
    """Note a pledge that comes again oftener or sooner than rule 5 lets it."""
    made: dict[str, int] = defaultdict(int)
    since: dict[str, int] = {}
    for row, pledge in turns:
        if pledge is None:
            return
        made[pledge.key] += 1
        if pledge.max_tours is not None and made[pledge.key] == pledge.max_tours + 1:
            why = f"it has more turns in chain {key} than its max_tours of {pledge.max_tours}"
            row.bad("pledge", why, "let another follow, or raise max_tours in pledges.csv")
        if 0 < since.get(pledge.key, 0) < pledge.reset_months:
            why = f"{since[pledge.key]} months after its turn in chain {key} it is still at home"
            row.bad("pledge", f"{why} (reset_months {pledge.reset_months})", "let more go between")
        since = {name: months + pledge.tour_months for name, months in since.items()}
        since[pledge.key] = 0


def _unit(key: str, rows: list[Row], joint: Joint) -> Combined:
    parts: list[tuple[Row, Pledge]] = []
    for row in rows:
        pledge = joint.pledge(row, key)
        if pledge is not None:
            parts.append((row, pledge))
    if len(rows) < 2:
        rows[0].bad("unit", "a combined unit has two parts or more", "add one, or leave it out")
    nations: set[str] = set()
    for row, pledge in parts:
        for why in _differs(pledge, parts[0][1]):
            row.bad("pledge", why, "write the same for each part: they serve together")
        if pledge.nation in nations:
            row.bad("pledge", f"{pledge.nation} has a part already", "combine several nations")
        nations.add(pledge.nation)
    return Combined(key, tuple(row.cells["pledge"] for row in rows))


def _differs(pledge: Pledge, lead: Pledge) -> Iterator[str]:
    for name in ("capability", "tour_months", "available_to"):
        own, other = getattr(pledge, name), getattr(lead, name)
        if own != other:
            shown = [value if value is not None else "empty" for value in (own, other)]
            yield f"its {name} is {shown[0]}, that of {lead.key} is {shown[1]}"
