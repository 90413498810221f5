"""Nations of a group by what they contribute in a month, or on the mean of a period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.core.months import parse_month
from sulh.questions.ground import names_of
from sulh.questions.labels import known_labels, marked
from sulh.questions.membership import membership_of
from sulh.questions.selection import (
    Selection,
    latest_month,
    only_members,
    refuse_unanswerable,
    select,
)
from sulh.questions.view import View
from sulh.questions.wording import (
    WORLD,
    assumptions,
    command,
    count_of,
    group_text,
    month_text,
    spans,
)
from sulh.result import Chart, Result
from sulh.store.reading import Store

MEASURES = ("persons", "women", "men")
BREAKDOWNS = (*MEASURES, "personnel_type")


@dataclass(frozen=True)
class _Order:
    """What nations are ranked by, within each of ``keys``, over which months."""

    measure: str
    keys: tuple[str, ...]
    months: tuple[str, ...]
    mean: bool

    @property
    def value(self) -> str:
        """Return the column that is ranked."""
        return f"{self.measure}_mean" if self.mean else self.measure


def rank(
    store: Store, month: str | None = None, view: View | None = None, group: str = WORLD
) -> Result:
    """Return the nations that contribute in a month, or over the view's period, largest first.

    Columns: rank, nation, name, women, men, persons, share (of all nations). Over a period:
    women_mean, men_mean, persons_mean, share_mean and months, the mean over the months that have
    full reports (of a group: in which the nation was a member). ``view.by`` ranks by ``women`` or
    ``men`` instead of persons (the share is then theirs), and by ``personnel_type`` within each
    type, a leading column. Equal contributions share a rank and the next rank is skipped (1, 2, 2,
    4), in order of name; women and men are null where any part of a nation's contribution does not
    separate them. Without month and period: the last month.
    """
    view, mean = _period(store, month, view or View())
    measure, keys = _ranked_by(view)
    selection = select(store, view, condensed=not keys)
    if not mean:
        refuse_unanswerable(selection, str(view.to))
    months = _full_months(selection, measure) if mean else selection.months
    order = _Order(measure, keys, months, mean)
    table, none_sent = _ranked(selection, group, order)
    period = replace(view, from_=None, to=None) if not mean else view
    words = ["rank", *([] if mean else [str(view.to)])]
    return Result(
        name="rank",
        title=f"Contributors of uniformed personnel {_when(order)}: {group_text(group)}, "
        f"{view.scope_text}",
        table=table,
        units=_units(table),
        origins=store.origins(selection.origins),
        missing=(
            *selection.notes(group),
            *selection.doubts.notes_on_women(months),
            *_left_out(selection, order),
            *_missing(table, order, none_sent),
            *_among_known(selection, order),
        ),
        assumed=(*assumptions(view, group), *_meaning(order, group)),
        query=command([*words, *([] if group == WORLD else ["--group", group])], period),
        chart=Chart("bar", "name", order.value, keys[0] if keys else None),
    )


def _period(store: Store, month: str | None, view: View) -> tuple[View, bool]:
    """Return the view of the month or the period, and whether a mean is asked for."""
    period = view.from_ is not None or view.to is not None
    if month is not None and period:
        raise BadRequest(
            f"the month {month} and a period from {view.from_ or 'the start'} "
            f"to {view.to or 'the end'}",
            "nations are ranked in one month, or by the mean of a period",
            "give the month, or --from and --to",
        )
    if period and view.scope in ("other", "all"):
        raise NotAnswerable(
            f"a mean over months in the scope {view.scope}",
            "no source reports what every nation gives to operations of other bodies in every "
            "month: what is not reported is unknown, not zero",
            "ask for one month, or use the scope un, peacekeeping or political",
        )
    if period:
        return view, True
    month = parse_month(month) if month is not None else latest_month(store)
    return replace(view, from_=month, to=month), False


def _ranked_by(view: View) -> tuple[str, tuple[str, ...]]:
    asked = view.dimensions_of(BREAKDOWNS)
    measures = [name for name in asked if name in MEASURES]
    if len(measures) > 1:
        raise BadRequest(
            f"a rank by {' and '.join(measures)}",
            "nations have one order",
            f"choose one of {', '.join(MEASURES)}; personnel_type may stand beside it",
        )
    return (measures or ["persons"])[0], tuple(name for name in asked if name not in MEASURES)


def _full_months(selection: Selection, measure: str) -> tuple[str, ...]:
    """Return the months whose reports are whole, so that who is not listed gave nobody.

    For women or men: those in which every nation's are told and plausible.
    """
    left = set(selection.doubts.without_share)
    if measure != "persons":
        left |= selection.doubts.women
        rows = _separated(selection.rows)
        left |= set(known_labels(rows.filter(pl.col("unseparated") > 0)["month"]))
    full = tuple(month for month in selection.months if month not in left)
    if not full:
        raise NotAnswerable(
            f"no month of the period has a full report of {measure} that tells the scope",
            "a mean over months with missing reports would be too low",
            "choose another period, or one month",
        )
    return full


def _ranked(selection: Selection, group: str, order: _Order) -> tuple[pl.DataFrame, list[str]]:
    """Return the nations in their order, and those that are listed with no persons."""
    rows = _separated(selection.rows)
    if order.months != selection.months:
        rows = rows.filter(marked(rows["month"], order.months))
    own = _sums(only_members(rows, group, selection), [*order.keys, "nation"])
    divisors = _Divisors.of(rows, selection, group, order)
    fell = {each.nation for each in selection.falls(group) if each.month in order.months}
    found: list[dict[str, Any]] = []
    for row in own:
        if not row["persons"]:
            continue
        nation = row["nation"]
        months, world = divisors.of_nation(nation, tuple(row[key] for key in order.keys))
        value = row[order.measure]
        told = value is not None and world and nation not in fell
        row["share"] = value / world if told else None
        if order.mean:
            row |= {name: None if row[name] is None else row[name] / months for name in MEASURES}
        row |= {"name": names_of([nation])[nation], "months": months}
        found.append(row)
    _place(found, order)
    none_sent = sorted({row["nation"] for row in own if not row["persons"]})
    table = pl.DataFrame(found, schema=_schema(order), orient="row")
    if order.mean:
        table = table.rename({name: f"{name}_mean" for name in (*MEASURES, "share")})
    return table, none_sent


def _sums(rows: pl.DataFrame, cells: Sequence[str]) -> list[dict[str, Any]]:
    """Return women, men and persons by cell; women and men null where they are not all told."""
    whole = pl.col("unseparated").sum() == 0
    women_men = [pl.when(whole).then(pl.col(name).sum()).alias(name) for name in ("women", "men")]
    return rows.group_by(cells).agg(*women_men, pl.col("persons").sum()).to_dicts()


def _place(rows: list[dict[str, Any]], order: _Order) -> None:
    """Give each row its rank within its keys, and put the rows in order of rank and name."""
    by_keys: dict[tuple[str, ...], list[Any]] = {}
    for row in rows:
        value = row[order.measure]
        if value is not None:
            by_keys.setdefault(tuple(row[key] for key in order.keys), []).append(value)
    ranks = {keys: _ranks(values) for keys, values in by_keys.items()}
    for row in rows:
        value = row[order.measure]
        keys = tuple(row[key] for key in order.keys)
        row["rank"] = None if value is None else ranks[keys][value]
    rows.sort(
        key=lambda row: (
            *(row[key] for key in order.keys),
            row["rank"] is None,
            row["rank"] or 0,
            row["name"],
        )
    )


def _ranks(values: list[Any]) -> dict[Any, int]:
    """Return the rank of each value, the largest first; equal ones share the best rank.

    >>> _ranks([30, 10, 30, 5])
    {30: 1, 10: 3, 5: 4}
    """
    ranks: dict[Any, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        ranks.setdefault(value, place)
    return ranks


def _schema(order: _Order) -> dict[str, type[pl.DataType]]:
    number = pl.Float64 if order.mean else pl.Int64
    named = {**dict.fromkeys(order.keys, pl.String), "rank": pl.Int64, "nation": pl.String}
    named |= {"name": pl.String, **dict.fromkeys(("women", "men", "persons"), number)}
    return named | {"share": pl.Float64} | ({"months": pl.Int64} if order.mean else {})


def _separated(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the persons of whom the source does not tell women and men apart."""
    if "unseparated" in rows.columns:
        return rows
    known = pl.col("women").is_not_null() & pl.col("men").is_not_null()
    return rows.with_columns(unseparated=pl.when(known).then(0).otherwise(pl.col("persons")))


@dataclass(frozen=True)
class _Divisors:
    """What nations' contributions are divided by: the number of their months, the world in them.

    ``world`` is by month and keys; ``spans`` are those of the members, None for all nations;
    ``known`` tells whether the world is.
    """

    world: dict[tuple[str, ...], dict[str, int | None]]
    months: tuple[str, ...]
    spans: dict[str, list[tuple[str, str]]] | None
    known: bool
    found: dict[tuple[Any, ...], tuple[int, int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: pl.DataFrame, selection: Selection, group: str, order: _Order) -> _Divisors:
        world: dict[tuple[str, ...], dict[str, int | None]] = {}
        for row in _sums(rows, ["month", *order.keys]):
            keys = tuple(row[key] for key in order.keys)
            world.setdefault(keys, {})[row["month"]] = row[order.measure]
        spans: dict[str, list[tuple[str, str]]] = {}
        if group != WORLD:
            found = membership_of(group, order.months, selection.view.membership)
            for nation, first, last in found.spans.iter_rows():
                spans.setdefault(nation, []).append((first, last))
        known = selection.world_known and not selection.doubts.without_share & set(order.months)
        return cls(world, order.months, None if group == WORLD else spans, known)

    def of_nation(self, nation: str, keys: tuple[str, ...]) -> tuple[int, int | None]:
        """Return the number of a nation's months, and what all nations gave in these.

        The latter is None where it is unknown: where any nation's part is not told, or in a month
        that gives no share.
        """
        spans = (("", "9999"),) if self.spans is None else tuple(self.spans[nation])
        if (keys, spans) not in self.found:
            own = [m for m in self.months if any(first <= m <= last for first, last in spans)]
            given = [self.world[keys][month] for month in own if month in self.world[keys]]
            told = [each for each in given if each is not None]
            whole = self.known and len(told) == len(given)
            self.found[keys, spans] = len(own), sum(told) if whole else None
        return self.found[keys, spans]


def _when(order: _Order) -> str:
    if not order.mean:
        return f"in {month_text(order.months[0])}"
    return f"on the mean of {count_of(len(order.months), 'month')} in {_ends(order.months)}"


def _ends(months: tuple[str, ...]) -> str:
    first, last = month_text(months[0]), month_text(months[-1])
    return first if len(months) == 1 else f"{first} to {last}"


def _units(table: pl.DataFrame) -> dict[str, str]:
    units = {"share": "ratio", "share_mean": "ratio", "months": "months"}
    units |= {f"{name}{mean}": "persons" for name in MEASURES for mean in ("", "_mean")}
    return {column: units[column] for column in table.columns if column in units}


def _meaning(order: _Order, group: str) -> Iterator[str]:
    if order.mean:
        yield (
            f"Mean head-count of the {count_of(len(order.months), 'month')} with full reports; "
            "whom a full report does not list gave nobody in that month."
        )
        if group != WORLD:
            yield "A nation's mean and share are those of the months in which it was a member."
    if order.measure != "persons":
        yield f"Ranks and shares are those of {order.measure}."
    if order.keys:
        yield "Ranks and shares are within each type of personnel."
    yield "Equal contributions share a rank, in order of name."


def _left_out(selection: Selection, order: _Order) -> Iterator[str]:
    left = sorted({*selection.months, *selection.unscoped} - set(order.months))
    if left:
        reports = (
            "reports" if order.measure == "persons" else f"plausible reports of {order.measure}"
        )
        yield f"Left out of the mean, for want of full {reports}: {spans(left)}."


def _among_known(selection: Selection, order: _Order) -> Iterator[str]:
    if selection.part & set(order.months):
        yield "Ranks are among the nations that the store has: others may have given more."


def _missing(table: pl.DataFrame, order: _Order, none_sent: list[str]) -> Iterator[str]:
    nations = table["nation"].to_list()
    women = table["women_mean" if order.mean else "women"].to_list()
    unknown = {n for n, number in zip(nations, women, strict=True) if number is None}
    if unknown:
        yield (
            f"Women and men are not separated for {len(unknown)} of {len(set(nations))} nations: "
            "no figure there, not zero."
        )
    ranks = table["rank"].to_list()
    unranked = {n for n, place in zip(nations, ranks, strict=True) if place is None}
    if unranked:
        yield f"Without a rank, since {order.measure} are unknown: {', '.join(sorted(unranked))}."
    if none_sent:
        yield f"Listed with no persons and not ranked: {', '.join(none_sent)}."
