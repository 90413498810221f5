"""Turn the names that sources print into codes, as of the date of the row.

Each distinct name is resolved once for each date. A row whose nation cannot be resolved is kept
apart with the reason; a name that had to be mended is remarked on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sulh.core.errors import OutsideItsTime, SulhError
from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger

_SCHEMA = {"code": pl.String, "note": pl.String, "reason": pl.String, "outside": pl.Boolean}
_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a name means: a code with an optional note, or the reason why it means none.

    ``outside`` is true if the only reason is that the state did not exist at the time.
    """

    code: str | None
    note: str | None = None
    reason: str | None = None
    outside: bool = False


Names = Sequence[str | None]
Ask = Callable[[Names], Answer]


@dataclass(frozen=True, slots=True)
class Naming:
    """How a table's names are resolved.

    ``on`` is the column of the date, ``target`` the column to make, ``keep`` whether a row with an
    unknown name stays (its figure counts in totals), ``undated`` the date of rows without one.
    ``territory`` is true for figures that sources give for territories before they were states:
    such rows are kept apart too, but it is no fault of the file.
    """

    on: str
    target: str = "nation"
    keep: bool = False
    undated: str = "2000"
    territory: bool = False


def nation(name: str | None, code: str | None, system: str | None, on: str) -> Answer:
    """Return the nation that a source means by a name, a code or both."""
    from sulh.facts.names import resolve_nation

    try:
        if system in (None, "", "iso3"):
            found = resolve_nation(name, code, on=on)
        else:
            found = resolve_nation(None, code, on=on, system=system)  # type: ignore[arg-type]
    except SulhError as error:
        return Answer(None, reason=str(error), outside=isinstance(error, OutsideItsTime))
    note = found.note if found.how in ("repaired", "predecessor", "successor") else None
    return Answer(found.nation, note=note)


def operation(name: str, on: str, host: str | None = None) -> Answer:
    """Return the operation that a source means by a name."""
    from sulh.facts.operations import match_operation

    try:
        found = match_operation(name, on=on, host=host)
    except SulhError as error:
        return Answer(None, reason=str(error))
    note = found.note if found.how == "repaired" else None
    return Answer(found.operation.operation, note=note)


def with_nations(rows: pl.DataFrame, ledger: Ledger, table: str, naming: Naming) -> pl.DataFrame:
    """Return the rows with the column ``naming.target``, a nation's code.

    Rows whose nation cannot be resolved are kept apart or, with ``naming.keep``, stay without a
    nation and are remarked on.
    """
    if naming.target == "host":  # sources number hosts in systems of their own; names are plain
        keys = ["country_name", naming.on]
    else:
        keys = ["nation_name", naming.on, "nation_code", "code_system"]
        rows = _with_absent(rows, keys)

    def ask(values: Names) -> Answer:
        name, on, code, system = (*values, None, None)[:4]
        if naming.keep and not name and not code:
            return Answer(None)
        return nation(name, code, system, on or naming.undated)

    return _joined(rows, ledger, table, naming, (keys, ask))


def with_operations(rows: pl.DataFrame, ledger: Ledger, table: str, naming: Naming) -> pl.DataFrame:
    """Return the rows with the column ``operation``, null where the source names none.

    Rows whose operation is not known are kept apart; with ``naming.keep`` they stay without an
    operation, because their nation's total would otherwise be too low, and are remarked on.
    """
    keys = ["operation_name", naming.on, *(["host"] if "host" in rows.columns else [])]

    def ask(values: Names) -> Answer:
        if not values[0]:
            return Answer(None)
        return operation(values[0], values[1] or naming.undated, *values[2:])

    return _joined(rows, ledger, table, naming, (keys, ask))


def _joined(
    rows: pl.DataFrame,
    ledger: Ledger,
    table: str,
    naming: Naming,
    asking: tuple[list[str], Ask],
) -> pl.DataFrame:
    """Return the rows with the answers to their names; what has none is kept apart or told."""
    keys, ask = asking
    joined = rows.join(
        _answers(rows, keys, naming.on, ask),
        on=keys,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    unknown = pl.col("reason").is_not_null()
    if naming.keep:
        _remark_unknown(joined.filter(unknown), ledger, keys[0], table)
    else:
        apart = joined.filter(unknown)
        names = [key for key in keys if key != naming.on]
        faulty = apart
        if naming.territory:
            faulty = apart.filter(~pl.col("outside"))
            _remark_early(apart.filter("outside"), ledger, naming.on, table)
        _remark_apart(faulty, ledger, names[:2], table)
        ledger.set_apart(table, apart.drop("code", "note", "outside"))
        joined = joined.filter(~unknown)
    _remark_notes(joined, ledger, keys[0])
    return joined.drop("reason", "note", "outside").rename({"code": naming.target})


def _remark_apart(rows: pl.DataFrame, ledger: Ledger, names: Sequence[str], table: str) -> None:
    for row in _grouped(rows, names):
        number = f"{row['rows']} rows" if row["rows"] > 1 else "1 row"
        told = f"{number} of {table} kept apart: {row['reason']}"
        place = (row.get("month"), row.get("page"), row.get("line"))
        ledger.remark(
            row["sha256"], row["origin"], Remark("row_kept_apart", told, "refused", *place)
        )


def _remark_early(rows: pl.DataFrame, ledger: Ledger, on: str, table: str) -> None:
    """Note, once a file, the figures of territories for years before they were states."""
    name = pl.coalesce("nation_name", "nation_code")
    per_file = rows.group_by("sha256", "origin").agg(
        pl.len(), name.unique().sort(), pl.col(on).min().alias("first"), pl.col(on).max()
    )
    for sha256, origin, count, names, first, last in per_file.sort("sha256", "origin").iter_rows():
        shown = ", ".join(names[:_EXAMPLES]) + (", …" if len(names) > _EXAMPLES else "")
        told = (
            f"{count} rows of {table} kept apart: they give {len(names)} nations ({shown}) in "
            f"{first} to {last} for years in which these were no states"
        )
        ledger.remark(sha256, origin, Remark("outside_its_time", told, "note"))


def _with_absent(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=pl.String).alias(c) for c in columns if c not in rows.columns]
    return rows.with_columns(absent)


def _answers(rows: pl.DataFrame, keys: Sequence[str], on: str, ask: Ask) -> pl.DataFrame:
    """Return each distinct name and date with its answer."""
    distinct = rows.select(keys).unique().sort(keys, nulls_last=True)
    texts = distinct.with_columns(pl.all().cast(pl.String)).rows()
    found = _asked(texts, keys.index(on), ask)
    answers = pl.DataFrame(
        [[a.code, a.note, a.reason, a.outside] for a in found], schema=_SCHEMA, orient="row"
    )
    return pl.concat([distinct, answers], how="horizontal")


def _asked(texts: Sequence[Names], on: int, ask: Ask) -> list[Answer]:
    """Return the answer for each name and date.

    A name is asked for the first and the last date of a year; only if the answers differ, because
    a state or an operation changed during it, for the dates between.
    """
    by_year: dict[tuple[str | None, ...], list[int]] = {}
    for place, values in enumerate(texts):
        year = (values[on] or "")[:4]
        by_year.setdefault((*values[:on], year, *values[on + 1 :]), []).append(place)
    answers: dict[int, Answer] = {}
    for places in by_year.values():
        first = ask(texts[places[0]])
        last = ask(texts[places[-1]]) if len(places) > 1 else first
        same = first.code == last.code
        for place in places[1:-1]:
            answers[place] = first if same else ask(texts[place])
        answers[places[0]], answers[places[-1]] = first, last
    return [answers[place] for place in range(len(texts))]


def _remark_notes(rows: pl.DataFrame, ledger: Ledger, name: str) -> None:
    noted = rows.filter(pl.col("note").is_not_null())
    for row in _grouped(noted, [name, "code"]):
        told = f"{row['note']} ({row['rows']} rows)"
        month, page = row.get("month"), row.get("page")
        remark = Remark("name_repaired", told, "repaired", month, page, row.get("line"))
        ledger.remark(row["sha256"], row["origin"], remark)


def _remark_unknown(rows: pl.DataFrame, ledger: Ledger, name: str, table: str) -> None:
    what = name.removesuffix("_name")
    for row in _grouped(rows, [name]):
        told = f"{row['rows']} rows of {table} stay without {what}: {row['reason']}"
        month, line = row.get("month"), row.get("line")
        remark = Remark(f"{what}_unknown", told, "doubt", month, row.get("page"), line)
        ledger.remark(row["sha256"], row["origin"], remark)


def _grouped(rows: pl.DataFrame, by: Sequence[str]) -> list[dict[str, Any]]:
    """Return one row for each file and name: how many, the first place, and what was said."""
    if rows.is_empty():
        return []
    first = [
        pl.col(c).min() for c in ("month", "page", "line", "note", "reason") if c in rows.columns
    ]
    grouped = rows.group_by("sha256", "origin", *by).agg(pl.len().alias("rows"), *first)
    return grouped.sort(grouped.columns, nulls_last=True).to_dicts()
