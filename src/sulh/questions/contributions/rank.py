"""Nations of a group by what they contribute in a month, or on the mean of a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.core.months import parse_month
from sulh.questions.ground import names_of
from sulh.questions.membership import members_by_month
from sulh.questions.selection import (
    Selection,
    latest_month,
    only_members,
    refuse_unanswerable,
    select,
    total_if_known,
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
        unknown = _separated(selection.rows).filter(pl.col("unseparated") > 0)
        left |= set(unknown.select("month").unique().collect()["month"])
    full = tuple(month for month in selection.months if month not in left)
    if not full:
        raise NotAnswerable(
            f"no month of the period has a full report of {measure} that tells the scope",
            "a mean over months with missing reports would be too low",
            "choose another period, or one month",
        )
    return full


def _ranked(selection: Selection, group: str, order: _Order) -> tuple[pl.DataFrame, list[str]]:
    asked = _separated(selection.rows).filter(pl.col("month").is_in(order.months))
    rows = asked.collect().lazy()  # which several steps below start from
    whole = pl.col("unseparated").sum() == 0
    women_men = [pl.when(whole).then(pl.col(name).sum()).alias(name) for name in ("women", "men")]
    sums = [*women_men, pl.col("persons").sum()]
    cells = [*order.keys, "nation"]
    counts = only_members(rows, group, selection).group_by(cells).agg(sums)
    world = rows.group_by("month", *order.keys).agg(sums)
    told = _of_the_world(world, counts.select("nation").unique(), group, selection, order)
    table = counts.join(told, on=cells, how="left", nulls_equal=True).collect()
    none_sent = sorted(table.filter(pl.col("persons") == 0)["nation"].unique())
    names = names_of(table["nation"].to_list())
    fell = {each.nation for each in selection.falls(group) if each.month in order.months}
    certain = (pl.col("world") > 0) & ~pl.col("nation").is_in(sorted(fell))
    means = [pl.col(name) / pl.col("months") for name in MEASURES] if order.mean else []
    place = pl.col(order.measure).rank("min", descending=True)
    ranked = (
        table.filter(pl.col("persons") > 0)
        .with_columns(
            share=pl.when(certain).then(pl.col(order.measure) / pl.col("world")),
            name=pl.col("nation").replace_strict(names, return_dtype=pl.String),
        )
        .with_columns(means)
        .with_columns(rank=(place.over(order.keys) if order.keys else place).cast(pl.Int64))
        .sort([*order.keys, "rank", "name"], nulls_last=True)
        .select(*order.keys, "rank", "nation", "name", *MEASURES[1:], "persons", "share", "months")
    )
    if not order.mean:
        return ranked.drop("months"), none_sent
    return ranked.rename({name: f"{name}_mean" for name in (*MEASURES, "share")}), none_sent


def _separated(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return rows with the persons of whom the source does not tell women and men apart."""
    if "unseparated" in rows.collect_schema():
        return rows
    known = pl.col("women").is_not_null() & pl.col("men").is_not_null()
    return rows.with_columns(unseparated=pl.when(known).then(0).otherwise(pl.col("persons")))


def _of_the_world(
    world: pl.LazyFrame, nations: pl.LazyFrame, group: str, selection: Selection, order: _Order
) -> pl.LazyFrame:
    """Return for each nation the number of its months, and what all nations gave in these.

    The world is null where it is unknown: where any nation's part is not told, or in a month that
    gives no share.
    """
    shared = selection.world_known and not selection.doubts.without_share & set(order.months)
    whole = pl.col(order.measure) if shared else pl.lit(None, dtype=pl.Int64)
    totals = world.select("month", *order.keys, whole.alias("world"))
    if group == WORLD:
        pairs = nations.join(pl.LazyFrame({"month": order.months}), how="cross")
    else:
        pairs = members_by_month(group, order.months, selection.view.membership).lazy()
    number = pairs.group_by("nation").agg(months=pl.len().cast(pl.Int64))
    given = pairs.join(totals, on="month").group_by("nation", *order.keys)
    return given.agg(total_if_known("world")).join(number, on="nation")


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
    women = "women_mean" if order.mean else "women"
    unknown = table.filter(pl.col(women).is_null())
    if unknown.height:
        count = unknown["nation"].n_unique()
        yield (
            f"Women and men are not separated for {count} of {table['nation'].n_unique()} nations: "
            "no figure there, not zero."
        )
    unranked = sorted(table.filter(pl.col("rank").is_null())["nation"].unique())
    if unranked:
        yield f"Without a rank, since {order.measure} are unknown: {', '.join(unranked)}."
    if none_sent:
        yield f"Listed with no persons and not ranked: {', '.join(none_sent)}."
