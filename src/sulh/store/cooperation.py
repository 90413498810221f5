"""Make the tables of cooperation: ties, alliances, memberships, votes, training."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sulh.facts.table import read_table
from sulh.facts.topics import topics_of
from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger
from sulh.store.naming import Naming, with_nations
from sulh.store.schema import schema
from sulh.store.voices import Voicing, one_voice

Read = Callable[[str], pl.DataFrame | None]

_FIRST_YEAR = 1945  # the table of states begins here, and with it what a number means
_DATED = Naming("on")


def make(read: Read, ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Return the tables of cooperation for which there are tidy rows."""
    made: dict[str, pl.DataFrame] = {}
    for name, maker in _MAKERS.items():
        rows = read(name)
        if rows is not None:
            made[name] = maker(rows, ledger).select(schema(name).keys())
    calls = read("roll_calls")
    votes = read("votes")
    if calls is not None:
        heard = one_voice(calls, ledger, Voicing("roll_calls", None, ("roll_call",), ("session",)))
        made["roll_calls"] = _with_issues(heard, read("roll_call_issues"))
    if votes is not None:
        made["votes"] = _votes(votes, calls, ledger)
    return made


def _ties(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    keys = ("nation_code", "partner_code", "kind")
    recent = _since_states(rows, ledger, "year", "ties")
    heard = one_voice(recent, ledger, Voicing("ties", "year", keys, ("value",)))
    named = with_partners(heard, ledger, "ties")
    once = named.sort("value", descending=True, maintain_order=True).unique(
        ["year", "nation", "partner", "kind", "origin"], keep="first", maintain_order=True
    )
    _remark_merged(heard, once, ledger)
    return once.rename({"value": "tie_value"})


def _remark_merged(before: pl.DataFrame, after: pl.DataFrame, ledger: Ledger) -> None:
    """Say how many ties two numbers of one nation share in the year in which a state changed."""
    apart = pl.concat(ledger.apart) if ledger.apart else None
    for sha256, origin, number in _per_file(before):
        kept = after.filter(pl.col("sha256") == sha256)
        there = pl.col("table") == "ties", pl.col("file") == sha256[:12]
        unread = 0 if apart is None else apart.filter(*there).height
        merged = number - kept.height - unread
        if merged:
            told = (
                f"{merged} ties stand twice, because two numbers mean one nation in the year in "
                "which a state changed; each counts once"
            )
            ledger.remark(sha256, origin, Remark("merged_states", told, "note"))


def with_partners(rows: pl.DataFrame, ledger: Ledger, table: str) -> pl.DataFrame:
    """Return rows of pairs with the columns ``nation`` and ``partner`` as codes of the year.

    Two numbers that mean one nation in the year (a state and its successor) give no tie.
    """
    dated = rows.with_columns(pl.col("year").cast(pl.String).alias("on"))
    first = with_nations(dated, ledger, table, _DATED)
    turned = first.rename({"nation_code": "_first", "partner_code": "nation_code"})
    second = with_nations(turned, ledger, table, Naming("on", "partner"))
    return second.filter(pl.col("nation") != pl.col("partner"))


def _alliances(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    return one_voice(rows, ledger, Voicing("alliances", None, ("alliance",), ("first_year",)))


def _alliance_members(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    keys = ("alliance", "nation_code", "phase", "first_year")
    heard = one_voice(rows, ledger, Voicing("alliance_members", None, keys, ("last_year",)))
    ended = pl.col("last_year") < _FIRST_YEAR
    lasting = heard.with_columns(
        pl.max_horizontal("first_year", pl.lit(_FIRST_YEAR)).cast(pl.String).alias("on")
    ).filter(~ended.fill_null(value=False))
    return with_nations(lasting, ledger, "alliance_members", _DATED)


def _agreements(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    heard = one_voice(rows, ledger, Voicing("agreements", None, ("agreement",), ("signed_year",)))
    return with_partners(
        heard.with_columns(pl.col("signed_year").alias("year")), ledger, "agreements"
    )


def _memberships(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    keys = ("nation_code", "organisation")
    recent = _since_states(rows, ledger, "year", "memberships")
    heard = one_voice(recent, ledger, Voicing("memberships", "year", keys, ("line",)))
    dated = heard.with_columns(pl.col("year").cast(pl.String).alias("on"))
    named = with_nations(dated, ledger, "memberships", _DATED)
    key = ["year", "nation", "organisation", "origin"]
    return named.sort("line", maintain_order=True).unique(key, keep="first", maintain_order=True)


def _votes(rows: pl.DataFrame, calls: pl.DataFrame | None, ledger: Ledger) -> pl.DataFrame:
    keys = ("roll_call", "nation_name")
    heard = one_voice(rows, ledger, Voicing("votes", None, keys, ("line",)))
    dates = (
        pl.DataFrame(schema={"roll_call": pl.Int64, "year": pl.Int64})
        if calls is None
        else calls.select("roll_call", pl.col("date").dt.year().cast(pl.Int64).alias("year"))
    )
    dated = heard.join(dates.unique("roll_call"), on="roll_call", how="left").with_columns(
        pl.col("year").cast(pl.String).alias("on")
    )
    undated = dated.filter(pl.col("year").is_null())
    for sha256, origin, number in _per_file(undated):
        told = f"{number} votes of roll calls whose date is not known: import the roll calls too"
        ledger.remark(sha256, origin, Remark("row_kept_apart", told, "refused"))
    ledger.set_apart("votes", undated.with_columns(pl.lit("no date").alias("reason")))
    known = dated.filter(pl.col("year").is_not_null())
    seated = _seated(known)
    others = known.join(seated.select("sha256", "line"), on=["sha256", "line"], how="anti")
    named = with_nations(others, ledger, "votes", _DATED)
    both = pl.concat([named, seated], how="diagonal")
    return both.select(schema("votes").keys())


def _seated(votes: pl.DataFrame) -> pl.DataFrame:
    """Return the votes of Members whose code means another nation in the year, with that nation."""
    rows = [
        (row["code"], int(row["from_year"]), int(row["to_year"]), row["nation"])
        for row in read_table("assembly_seats")
    ]
    seats = pl.DataFrame(rows, schema=["nation_code", "_from", "_to", "nation"], orient="row")
    joined = votes.join(seats, on="nation_code", how="inner")
    return joined.filter(pl.col("year").is_between("_from", "_to")).drop("_from", "_to")


def _with_issues(calls: pl.DataFrame, issues: pl.DataFrame | None) -> pl.DataFrame:
    columns = list(schema("roll_calls"))
    if issues is None:
        return calls.with_columns(pl.lit(None, dtype=pl.String).alias("issues")).select(columns)
    listed = issues.group_by("roll_call").agg(
        pl.col("issue").unique().sort().str.join("|").alias("issues")
    )
    return calls.join(listed, on="roll_call", how="left", maintain_order="left").select(columns)


def _training(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    dated = _one_report(rows, ledger, "training").with_columns(
        pl.col("year").cast(pl.String).alias("on")
    )
    named = with_nations(dated, ledger, "training", _DATED)
    titles = named["course"].unique().to_list()
    known = pl.DataFrame(
        {"course": titles, "topic": topics_of(titles)},
        schema={"course": pl.String, "topic": pl.String},
    )
    return named.join(known, on="course", how="left", nulls_equal=True, maintain_order="left")


def _training_totals(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    dated = _one_report(rows, ledger, "training_totals").with_columns(
        pl.col("year").cast(pl.String).alias("on")
    )
    return with_nations(dated, Ledger(ledger.inputs), "training_totals", _DATED)


def _one_report(rows: pl.DataFrame, ledger: Ledger, table: str) -> pl.DataFrame:
    """Return the rows of one file where two give the same nation of the same report."""
    keys = ("report", "nation_name")
    return one_voice(rows, ledger, Voicing(table, None, keys, ("cost_usd",)))


def _since_states(rows: pl.DataFrame, ledger: Ledger, year: str, table: str) -> pl.DataFrame:
    early = pl.col(year) < _FIRST_YEAR
    for sha256, origin, number in _per_file(rows.filter(early)):
        words = f"{number} rows of {table} for years before {_FIRST_YEAR} are left out"
        remark = Remark("before_states", f"{words}: the table of states begins then", "note")
        ledger.remark(sha256, origin, remark)
    return rows.filter(~early)


def _per_file(rows: pl.DataFrame) -> list[tuple[str, str, int]]:
    counts = rows.group_by("sha256", "origin").agg(pl.len()).sort("sha256")
    return [(sha256, origin, number) for sha256, origin, number in counts.iter_rows()]


_MAKERS: dict[str, Callable[[pl.DataFrame, Ledger], pl.DataFrame]] = {
    "ties": _ties,
    "alliances": _alliances,
    "alliance_members": _alliance_members,
    "agreements": _agreements,
    "memberships": _memberships,
    "training": _training,
    "training_totals": _training_totals,
}
