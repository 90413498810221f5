"""Rules between records: references, circles, posts held twice, seats counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from sqlalchemy import Column, Connection, select

from sulh.cases.problems import Problems
from sulh.registry.cells import Value
from sulh.registry.edits import Edit
from sulh.registry.models import KINDS, Obligation, columns, table_of
from sulh.registry.periods import first_day, last_day
from sulh.registry.status import occurrences

CHUNK = 5_000
_TOGETHER = {"post", "seat", "followup", "ratification"}
_OPEN = "9999-12-31"
_ONCE = {
    "seat": ("course", "nation"),
    "followup": ("obligation", "due"),
    "ratification": ("agreement", "party"),
}
_ABOVE = {"parent": "rests on", "renews": "renews", "replaces": "replaces"}


def chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the items in runs that fit into one statement."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def looks_around(edit: Edit) -> bool:
    """Return whether it depends on other records, beyond those it names, if an edit is sound."""
    values = edit.values or {}
    return edit.kind in _TOGETHER or bool(
        edit.kind == "agreement" and any(values.get(name) for name in _ABOVE)
    )


def check_relations(connection: Connection, edits: Sequence[Edit], problems: Problems) -> None:
    """Note what the edits, already written in this transaction, have broken between records."""
    _references(connection, edits, problems)
    _left_alone(connection, [edit for edit in edits if edit.values is None], problems)
    changed = {(edit.kind, edit.id): edit for edit in edits if edit.values is not None}
    kinds = {kind for kind, _ in changed}
    if "agreement" in kinds:
        _circles(connection, changed, problems)
        _replaced(connection, changed, problems)
    if "post" in kinds:
        _posts(connection, changed, problems)
    if kinds & {"agreement", "ratification"}:
        _ratified(connection, changed, problems)
    for kind, key in _ONCE.items():
        if kind in kinds:
            _twice(connection, kind, key, changed, problems)
    if "followup" in kinds:
        _due_days(connection, changed, problems)


def referring(kind: str) -> Iterator[tuple[str, Column[str]]]:
    """Yield the columns that name records of a kind, each with the kind it belongs to."""
    for other in KINDS:
        for column in columns(other):
            if any(key.column.table.name == kind for key in column.foreign_keys):
                yield other, column


def _references(connection: Connection, edits: Sequence[Edit], problems: Problems) -> None:
    for target in KINDS:
        users = [
            (edit, column.name, str(edit.values[column.name]))
            for kind, column in referring(target)
            for edit in edits
            if edit.kind == kind and edit.values and edit.values.get(column.name)
        ]
        there = _ids(connection, table_of(target).columns["id"], {name for *_, name in users})
        # A record that is refused for something else is no missing one.
        there |= {edit.id for edit in edits if edit.kind == target and not edit.sound}
        for edit, column_name, name in users:
            if name not in there:
                problems.add(
                    edit.file,
                    edit.line,
                    f"{column_name} is {name!r}",
                    f"there is no {target} of that name",
                    "add it first or in the same import, or correct the name",
                )


def _ids(connection: Connection, column: Column[str], names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks(sorted(names)):
        found.update(connection.scalars(select(column).where(column.in_(part))))
    return found


def _left_alone(connection: Connection, gone: Sequence[Edit], problems: Problems) -> None:
    for edit in gone:
        for kind, column in referring(edit.kind):
            own = column.table.columns["id"]
            users = connection.scalars(select(own).where(column == edit.id).limit(5)).all()
            if users:
                problems.add(
                    edit.file,
                    edit.line,
                    f"{edit.kind} {edit.id} is named by {kind} {', '.join(users)}",
                    "they would rest on nothing",
                    "remove or change those first",
                )


def _circles(
    connection: Connection, changed: dict[tuple[str, str], Edit], problems: Problems
) -> None:
    table = table_of("agreement")
    noted = problems.total
    for name, word in _ABOVE.items():
        mine = [
            k
            for (kind, k), e in changed.items()
            if kind == "agreement" and (e.values or {}).get(name)
        ]
        if not mine:
            continue
        column = table.columns[name]
        rows = connection.execute(select(table.columns["id"], column).where(column.is_not(None)))
        above = {str(own): str(other) for own, other in rows}
        for circle in _loops(above):
            edit = next((changed[("agreement", k)] for k in circle if k in set(mine)), None)
            if edit is not None:
                path = f" {word} ".join([*circle, circle[0]])
                problems.add(
                    edit.file,
                    edit.line,
                    path[:300],
                    f"a circle: none of them would be the first ({name})",
                    "take one of the references out",
                )

    if problems.total == noted:
        _crossed(connection, changed, problems)


def _crossed(
    connection: Connection, changed: dict[tuple[str, str], Edit], problems: Problems
) -> None:
    """Note a circle in which renewing and replacing alternate: each would come after the other."""
    own, *names = (table_of("agreement").columns[name] for name in ("id", "renews", "replaces"))
    rows = connection.execute(
        select(own, *names).where(names[0].is_not(None) | names[1].is_not(None))
    )
    earlier = {row[0]: {name for name in row[1:] if name} for row in rows}
    try:
        TopologicalSorter(earlier).prepare()
    except CycleError as error:
        circle = [str(name) for name in error.args[1]]
        edit = next(
            (changed[("agreement", k)] for k in circle if ("agreement", k) in changed), None
        )
        if edit is not None:
            problems.add(
                edit.file,
                edit.line,
                " before ".join(circle)[:300],
                "a circle: none of them would be the first (renews and replaces)",
                "take one of the references out",
            )


def _replaced(
    connection: Connection, changed: dict[tuple[str, str], Edit], problems: Problems
) -> None:
    """Note an agreement that was in force before the one it replaces was signed."""
    table = table_of("agreement")
    later = table.alias("later")
    rows = connection.execute(
        select(
            *(later.columns[name] for name in ("id", "in_force")),
            *(table.columns[name] for name in ("id", "signed", "in_force")),
        ).where(later.columns["replaces"] == table.columns["id"])
    )
    for new, starts, old, signed, in_force in rows:
        edit = changed.get(("agreement", new)) or changed.get(("agreement", old))
        first = signed or in_force
        if edit and first and starts and last_day(starts) < first_day(first):
            problems.add(
                edit.file,
                edit.line,
                f"{new}, in force since {starts}, replaces {old}, which is of {first}",
                "an agreement cannot replace one that came after it",
                "correct a date, or name the two the other way round",
            )


def _ratified(
    connection: Connection, changed: dict[tuple[str, str], Edit], problems: Problems
) -> None:
    """Note ratifications by nations that are no parties, or in force before the agreement is."""
    own, whole = table_of("ratification"), table_of("agreement")
    query = select(
        *(own.columns[name] for name in ("id", "agreement", "party", "in_force")),
        *(whole.columns[name] for name in ("parties", "in_force")),
    ).where(own.columns["agreement"] == whole.columns["id"])
    names = sorted(
        str((edit.values or {}).get("agreement")) if kind == "ratification" else name
        for (kind, name), edit in changed.items()
        if kind in ("agreement", "ratification")
    )
    for part in chunks(names):
        for name, agreement, party, starts, parties, in_force in connection.execute(
            query.where(own.columns["agreement"].in_(part))
        ):
            edit = changed.get(("ratification", name)) or changed.get(("agreement", agreement))
            if edit is None:
                continue
            if party not in parties.split("|"):
                problems.add(
                    edit.file,
                    edit.line,
                    f"ratification {name} is of {party}; the parties of {agreement} are {parties}",
                    "only a party ratifies",
                    "add the nation to the parties, or correct the ratification",
                )
            if starts and in_force and last_day(starts) < first_day(in_force):
                problems.add(
                    edit.file,
                    edit.line,
                    f"{agreement} is in force for {party} since {starts}, itself since {in_force}",
                    "it binds nobody before it is in force",
                    "correct one of the days",
                )


def _loops(above: dict[str, str]) -> Iterator[list[str]]:
    done: set[str] = set()
    for start in above:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = above.get(at)
        if at is not None and at in path:
            order = list(path)
            yield order[order.index(at) :]
        done.update(path)


def _posts(
    connection: Connection, changed: dict[tuple[str, str], Edit], problems: Problems
) -> None:
    table = table_of("post")
    sending = {str((e.values or {}).get("sending")) for (k, _), e in changed.items() if k == "post"}
    rows = connection.execute(
        select(table).where(table.columns["sending"].in_(sorted(sending)))
    ).mappings()
    by_post: dict[tuple[Value, ...], list[dict[str, Value]]] = {}
    for row in rows:
        if row["arrives"]:
            key = (row["sending"], row["receiving"], row["service"], row["seat"])
            by_post.setdefault(key, []).append(dict(row))
    for held in by_post.values():
        held.sort(key=lambda row: (str(row["arrives"]), str(row["id"])))
        for before, after in pairwise(held):
            # The day of a handover belongs to both; a date known in part may mean any of its days.
            until = last_day(str(before["leaves"] or _OPEN))
            if first_day(str(before["leaves"] or _OPEN)) > last_day(str(after["arrives"])):
                _overlap(before, after, until.isoformat(), changed, problems)


def _overlap(
    before: dict[str, Value],
    after: dict[str, Value],
    until: str,
    changed: dict[tuple[str, str], Edit],
    problems: Problems,
) -> None:
    edit = changed.get(("post", str(after["id"]))) or changed.get(("post", str(before["id"])))
    if edit is None:
        return
    held = "without an end" if until == _OPEN else f"until {until}"
    problems.add(
        edit.file,
        edit.line,
        f"post {after['id']} begins on {after['arrives']} while {before['id']} is held {held}",
        f"two persons would hold one {after['service']} post of {after['sending']} in "
        f"{after['receiving']}",
        "end the earlier one, or tell the two apart under seat",
    )


def _twice(
    connection: Connection,
    kind: str,
    key: tuple[str, str],
    changed: dict[tuple[str, str], Edit],
    problems: Problems,
) -> None:
    table = table_of(kind)
    whole = table.columns[key[0]]
    mine = {str((e.values or {}).get(key[0])) for (k, _), e in changed.items() if k == kind}
    found: dict[tuple[str, str], str] = {}
    for part in chunks(sorted(mine)):
        rows = connection.execute(
            select(whole, table.columns[key[1]], table.columns["id"])
            .where(whole.in_(part))
            .order_by(table.columns["id"])
        )
        for first, second, name in rows:
            other = found.setdefault((first, second), name)
            edit = changed.get((kind, name)) or changed.get((kind, other))
            if other != name and edit is not None:
                problems.add(
                    edit.file,
                    edit.line,
                    f"{kind} {other} and {name} both have {key[0]} {first}, {key[1]} {second}",
                    "it would be counted twice",
                    "keep one of them",
                )


def _due_days(
    connection: Connection, changed: dict[tuple[str, str], Edit], problems: Problems
) -> None:
    """Note follow-ups of days on which nothing was due: the day they mean would stay overdue."""
    own = [edit for (kind, _), edit in changed.items() if kind == "followup" and edit.sound]
    table = table_of("obligation")
    names = sorted({str((edit.values or {})["obligation"]) for edit in own})
    known = {
        row["id"]: Obligation(**row)
        for part in chunks(names)
        for row in connection.execute(select(table).where(table.columns["id"].in_(part))).mappings()
    }
    for edit in own:
        values = edit.values or {}
        obligation, day = known.get(str(values["obligation"])), first_day(str(values["due"]))
        if obligation is not None and day not in occurrences(obligation, day):
            problems.add(
                edit.file,
                edit.line,
                f"due is {values['due']}",
                f"{obligation.id} is not due on that day",
                "write the day on which it was due; the day on which it was met stands under done",
            )
