"""One operation: what is known of it, its strength over time, and who serves in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from sulh.core.errors import BadRequest
from sulh.core.origin import Origin
from sulh.facts.mandates import authorised_on, authorised_strengths, families, tasks_of
from sulh.facts.operations import Operation, operations, resolve_operation
from sulh.questions.contributions.strength import strengths
from sulh.questions.ground import names_along
from sulh.questions.labels import as_text, known_labels, marked, pairs_of, within
from sulh.questions.membership import membership_of
from sulh.questions.period import thin
from sulh.questions.quality import doubts, on_women, remarks, women_in_doubt
from sulh.questions.remarked import remark_notes
from sulh.questions.reported import contributions_of
from sulh.questions.selection import in_period, origin_keys, share, total_if_known
from sulh.questions.view import View
from sulh.questions.wording import WORLD, command, membership_text, spans
from sulh.result import Chart, Result
from sulh.store.reading import Store

BREAKDOWNS = ("month", "nation", "personnel_type")
_OWN = "user"
_PROFILE = {
    "property": pl.String,
    "value": pl.String,
    "verified": pl.Boolean,
    "source": pl.String,
}
_UNITS = dict.fromkeys(("women", "men", "persons", "whole", "authorised", "deployed"), "persons")


@dataclass(frozen=True)
class _Served:
    """Head-counts of an operation: those of all nations, and of the group that is asked for."""

    every: pl.DataFrame
    own: pl.DataFrame
    group: str
    lacking: frozenset[str]

    @cached_property
    def reports(self) -> set[tuple[str, str]]:
        """Return month and origin of the head-counts."""
        return pairs_of(self.every, "month", "origin")

    @cached_property
    def own_reports(self) -> set[tuple[str, str]]:
        """Return month and origin of the head-counts of the group."""
        return self.reports if self.group == WORLD else pairs_of(self.own, "month", "origin")

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Return the months of the head-counts, in order."""
        return tuple(sorted({month for month, _ in self.reports}))

    @cached_property
    def users(self) -> tuple[str, ...]:
        """Return the months that rest on a user's own rows, which need not be all."""
        return tuple(sorted({month for month, key in self.reports if key.startswith(_OWN)}))

    @cached_property
    def cut(self) -> tuple[str, ...]:
        """Return the months of which the store holds only part of what was reported."""
        return tuple(month for month in self.months if month in self.lacking)

    @property
    def whole(self) -> pl.DataFrame:
        """Return the group's rows of months of which not only part was reported to the store."""
        return self.own.filter(~marked(self.own["month"], self.cut)) if self.cut else self.own

    def complete(self, months: pl.Series) -> pl.Expr:
        """Return which of the months of rows list every nation that serves."""
        return ~marked(months, {*self.users, *self.cut})

    @property
    def of(self) -> str:
        """Return whose figures they are, for a property's name."""
        return "" if self.group == WORLD else f" of {self.group}"


def operation(store: Store, operation: str, view: View | None = None, group: str = WORLD) -> Result:
    """Return an operation's profile; with ``view.by`` its strength or its contributors.

    Without ``by``: columns property, value, verified, source: names, body, hosts, dates,
    predecessors and successor, mandate tasks, authorised strengths, last head-count. ``month``:
    month, persons, nations, authorised, deployed. ``nation``, ``personnel_type``: contributors and
    kinds in the last month, with women, men, persons and share (of the operation's personnel); with
    ``month`` beside them, in every month. The operation may be named by an alias. Of a ``group``:
    its members' part; by month the operation's whole and the group's share stand beside it. Raises
    `BadRequest` for an operation outside ``view.scope`` (``all`` if no view is given).
    """
    view = view or View(scope="all")
    by = view.dimensions_of(BREAKDOWNS)
    known = resolve_operation(operation, on=view.to or "2025-12")
    _refuse_other_scope(known, view)
    served = _served(store, known.operation, view, group)
    over_time = by in ((), ("month",))
    table = _over_time(store, known.operation, served, view) if over_time else _counted(served, by)
    chart = _chart(by, table)
    origins = _sources(store, known.operation, served, by, table)
    table = table if by else _profile(known, served)
    return Result(
        name="operation",
        title=f"{known.operation}: {known.name} ({known.body})",
        table=table,
        units=_UNITS | {"share": "ratio", "nations": "nations"},
        origins=origins,
        missing=(
            *(thin(store, view) if known.scope != "other" else ()),
            *_missing(served, known, table),
            *_on_women(store, served, table),
            *_doubted(store, served, table),
        ),
        assumed=(
            "Head-counts by operation are those of nations together; a stock, never added.",
            "Values that are not verified were recalled, not seen in their source.",
            *membership_text(view, group),
        ),
        query=command(
            ["operation", known.operation, *([] if group == WORLD else ["--group", group])],
            view,
            "all",
        ),
        chart=chart,
    )


def _sources(
    store: Store, operation: str, served: _Served, by: tuple[str, ...], table: pl.DataFrame
) -> tuple[Origin, ...]:
    """Return the sources of what is shown: of the profile those of its two head-counts."""
    if not by:
        ends = {row["month"] for row in _ends(served.whole)}
        keys = {key for month, key in served.own_reports if month in ends}
        return store.origins(["facts", *keys])
    months = set(table["month"])
    keys = {key for month, key in served.reports if month in months}
    if by != ("month",):
        return store.origins(keys)
    shown = pl.col("month").is_in(sorted(months)) & (pl.col("operation") == operation)
    printed = store.scan("operation_totals").filter(shown, ~pl.col("month").is_in(served.months))
    strength = store.scan("strength").filter(shown)
    return store.origins(["facts", *keys, *origin_keys(printed), *origin_keys(strength)])


def _refuse_other_scope(known: Operation, view: View) -> None:
    inside = known.scope != "other" if view.scope == "un" else view.scope in ("all", known.scope)
    if not inside:
        raise BadRequest(
            f"{known.operation} is of the scope {known.scope}, not {view.scope}",
            f"the question is restricted to {view.scope_text}",
            f"ask with the scope {known.scope} or all",
        )


def _served(store: Store, operation: str, view: View, group: str) -> _Served:
    every = contributions_of(store, "operation", operation, view)
    lacking = doubts(store).lacking
    if group == WORLD:
        return _Served(every, every, group, lacking)
    months = tuple(known_labels(every["month"]))
    spans = membership_of(group, months, view.membership).spans.iter_rows()
    own = every.filter(within(every, spans))
    return _Served(every, own, group, lacking)


def _profile(known: Operation, served: _Served) -> pl.DataFrame:
    found = [*_gazetteer(known), *_tasks(known), *_ceilings(known), *_latest(served)]
    return pl.DataFrame(found, schema=_PROFILE, orient="row")


def _gazetteer(known: Operation) -> Iterator[tuple[str, str, bool, str]]:
    before = [key for key, each in operations().items() if each.successor == known.operation]
    values = {
        "name": known.name,
        "aliases": ", ".join(known.aliases),
        "body": known.body,
        "scope": known.scope,
        "kind": known.kind,
        "hosts": ", ".join(known.hosts),
        "headquarters": known.headquarters,
        "start": known.start,
        "end": known.end,
        "authorisation": known.authorisation,
        "predecessor": ", ".join(before),
        "successor": known.successor,
    }
    for name, value in values.items():
        if value:
            yield name, value, known.verified(name), known.mark.source


def _tasks(known: Operation) -> Iterator[tuple[str, str, bool, str]]:
    for task in tasks_of(known.operation):
        since = f" (since {task.first_year})" if task.first_year else ""
        text = f"{families()[task.family].name}{since}"
        yield "mandate task", text, task.verified("family"), task.mark.source


def _ceilings(known: Operation) -> Iterator[tuple[str, str, bool, str]]:
    for level in authorised_strengths().get(known.operation, ())[-1:]:
        parts = {
            "military": level.military,
            "police": level.police,
            "uniformed": level.uniformed,
        }
        said = ", ".join(f"{value:,} {key}" for key, value in parts.items() if value is not None)
        text = f"{said} from {level.start}"
        yield "authorised strength", text, level.verified("military"), level.mark.source


def _ends(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the last and the largest head-count with its month; nothing where there is none."""
    monthly = _monthly(rows)
    if monthly.is_empty():
        return []
    peak = monthly.sort("persons", descending=True, maintain_order=True)
    return [monthly.row(-1, named=True), peak.row(0, named=True)]


def _latest(served: _Served) -> Iterator[tuple[str, str, bool, str]]:
    names = ("last head-count", "largest head-count")
    for name, row in zip(names, _ends(served.whole), strict=False):
        origins = sorted(key for month, key in served.own_reports if month == row["month"])
        text = f"{row['persons']:,} persons of {row['nations']} nations in {row['month']}"
        yield name + served.of, text, True, ", ".join(origins)


def _monthly(rows: pl.DataFrame) -> pl.DataFrame:
    """Return persons and contributing nations by month, in order, with the months as text."""
    giving = pl.col("nation").filter(pl.col("persons") > 0).n_unique().cast(pl.Int64)
    counted = rows.group_by("month").agg(pl.col("persons").sum(), nations=giving)
    return as_text(counted.sort("month"))


def _over_time(store: Store, operation: str, served: _Served, view: View) -> pl.DataFrame:
    """Return strength by month: nations' head-counts, printed totals where these are absent."""
    totals = (
        in_period(store.scan("operation_totals"), view)
        .filter(pl.col("operation") == operation, pl.col("personnel_type") == "uniformed")
        .select("month", "persons", "nations")
        .collect()
    )
    cut = pl.DataFrame({"month": served.cut}, schema={"month": pl.String})
    counted = _monthly(served.every).join(cut, on="month", how="anti")
    printed = totals.unique("month", keep="first").join(counted, on="month", how="anti")
    strength = (
        in_period(strengths(store), view)
        .filter(pl.col("operation") == operation, pl.col("personnel_type") == "uniformed")
        .select("month", "authorised", "deployed")
        .collect()
    )
    known = pl.concat([counted, printed], how="diagonal")
    empty = cut.join(known, on="month", how="anti")
    table = pl.concat([known, empty], how="diagonal").join(
        strength, on="month", how="full", coalesce=True
    )
    ceilings = {month: _ceiling(operation, month) for month in table["month"]}
    ceiling = pl.col("month").replace_strict(ceilings, return_dtype=pl.Int64)
    table = table.with_columns(pl.col("authorised").fill_null(ceiling)).sort("month")
    if served.group == WORLD:
        return table.select("month", "persons", "nations", "authorised", "deployed")
    return _of_group(table, served)


def _of_group(table: pl.DataFrame, served: _Served) -> pl.DataFrame:
    """Return strength by month with the group's part; unknown where only a total is printed."""
    listed = pl.DataFrame({"month": served.months}, schema={"month": pl.String})
    counted = listed.join(_monthly(served.own), on="month", how="left")
    complete = ~pl.col("month").is_in(sorted({*served.users, *served.cut}))
    own = counted.with_columns(
        pl.when(complete).then(pl.col(name).fill_null(0)).otherwise(pl.col(name)).alias(name)
        for name in ("persons", "nations")
    )
    return (
        table.rename({"persons": "whole"})
        .drop("nations")
        .join(own, on="month", how="left")
        .with_columns(share("persons", "whole", complete))
        .select("month", "persons", "nations", "whole", "share", "authorised", "deployed")
        .sort("month")
    )


def _ceiling(operation: str, month: str) -> int | None:
    """Return the uniformed strength that the facts give, None unless it is known as a whole."""
    level = authorised_on(operation, month)
    if level is None:
        return None
    if level.uniformed is None and level.military is not None and level.police is not None:
        return level.military + level.police
    return level.uniformed


def _counted(served: _Served, by: tuple[str, ...]) -> pl.DataFrame:
    """Return women, men, persons and share by nation or kind, in each month or the last one."""
    keys = [name for name in by if name != "month"]
    every, own = served.every, served.own
    if "month" not in by:
        last = marked(every["month"], served.months[-1:])
        own = own.filter(last)
        every = own if served.group == WORLD else every.filter(last)
    sums = (total_if_known("women"), total_if_known("men"), pl.col("persons").sum())
    whole = every.group_by("month").agg(whole=pl.col("persons").sum())
    table = own.group_by("month", *keys).agg(*sums).join(whole, on="month")
    shown = [pl.col(name) for name in ("month", *keys, "women", "men", "persons")]
    if "nation" in keys:
        shown.insert(2 + keys.index("nation"), names_along(table["nation"]))
    complete = served.complete(table["month"])
    table = table.select(*shown, share("persons", "whole", complete))
    if "nation" not in keys:
        table = _without_sums(table, served)
    if "personnel_type" in keys:
        return as_text(table.sort("month", *keys))
    return as_text(table.sort(["month", "persons", "name"], descending=[False, True, False]))


def _without_sums(table: pl.DataFrame, served: _Served) -> pl.DataFrame:
    """Return the table without sums over nations in months of which only part was reported."""
    told = ~marked(table["month"], served.cut)
    names = ("women", "men", "persons")
    return table.with_columns(pl.when(told).then(pl.col(name)).alias(name) for name in names)


def _missing(served: _Served, known: Operation, table: pl.DataFrame) -> tuple[str, ...]:
    said = []
    if "share" in table.columns and served.users:
        said.append(f"{spans(served.users)} rests on data of your own, maybe not of all: no share.")
    if served.cut:
        said.append(
            f"The store has only part of what was reported for {spans(served.cut)}: no sum and no "
            "share; a nation that is not listed is unknown, not zero."
        )
    if served.every.is_empty():
        said.append(
            f"No head-counts by nation for {known.operation} in the reports at hand for this "
            "period: the sources give them from November 2009 on, for operations of the UN alone."
        )
    elif served.own.is_empty():
        said.append(
            f"No nation of {served.group} is among those that the reports on {known.operation} "
            "list in this period."
        )
    if not tasks_of(known.operation):
        said.append(f"The mandate tasks of {known.operation} are not in the facts: unknown.")
    return tuple(said)


def _on_women(store: Store, served: _Served, table: pl.DataFrame) -> tuple[str, ...]:
    if "women" not in table.columns:
        return ()
    doubtful = women_in_doubt(store)
    if not doubtful:
        return ()
    origins = served.own_reports & doubtful
    return on_women({month for month, _ in origins} & set(table["month"]))


def _doubted(store: Store, served: _Served, table: pl.DataFrame) -> tuple[str, ...]:
    """Return what imports doubted in the months shown; in the last one, if none is."""
    months = set(table["month"] if "month" in table.columns else served.months[-1:])
    return remark_notes(remarks(store), {pair for pair in served.reports if pair[0] in months})


def _chart(by: tuple[str, ...], table: pl.DataFrame) -> Chart:
    """Return contributors or kinds as bars, else the strength by month."""
    keys = [name for name in by if name != "month"]
    if not keys:
        return Chart("line", "month", "persons", rows=table)
    if "month" in by:
        return Chart("line", "month", "persons", ",".join(keys))
    bars = ["name" if name == "nation" else name for name in keys]
    return Chart("bar", bars[0], "persons", ",".join(bars[1:]) or None)
