"""With whom a nation or the nations of a group have ties, by kind and year."""

from __future__ import annotations

import polars as pl

from sulh.core.errors import NotAnswerable
from sulh.questions.cooperation.edges import IMPORT, Years, cited, covered, edges, kinds
from sulh.questions.cooperation.years import coverage, period
from sulh.questions.membership import members_by_month
from sulh.result import Chart, Result
from sulh.store.reading import Store

_WEAK = ("organisations", "votes")
_KEY = ["year", "nation"]


def partners(
    store: Store,
    group: str,
    from_: str | None = None,
    to: str | None = None,
    ties: str | None = None,
    by: str | None = None,
) -> Result:
    """Return the partners of a group by kind of tie and year.

    Columns: year, kind, nations (members with such a tie), ties (pairs of a member and a partner,
    each once), partners (different ones outside the group), within (pairs of two members).
    With ``by="partner"``: year, kind, partner, nations, value (summed).

    ``ties`` names kinds with commas; left out, all but shared organisations and votes, which
    nearly every pair of nations has. Membership is that of December of each year.
    """
    wanted = [t.strip() for t in ties.split(",")] if ties else _usual(store)
    years = period(from_, to)
    rows = [edges(store, kind, years) for kind in wanted]
    whole = pl.concat(rows) if rows else pl.DataFrame()
    if whole.is_empty():
        raise _nothing(store, wanted if ties else None, years)
    seated = _both_sides(whole, _members(group, whole["year"].unique().sort().to_list()))
    if seated.is_empty():
        raise NotAnswerable(
            f"no tie of {group}", "none of its members has one in these years", "widen the period"
        )
    table = _by_partner(seated) if by == "partner" else _by_kind(seated)
    return Result(
        name="cooperation",
        title=f"Partners of {group} by kind of tie and year",
        table=table,
        units={"nations": "nations", "partners": "nations", "ties": "pairs", "within": "pairs"},
        origins=store.origins(cited(store, whole)),
        missing=coverage(store, set(whole["origin"])),
        assumed=(
            f"Membership of {group}: members in December of each year.",
            "A tie counts whichever side it comes from.",
        ),
        chart=Chart("line", "year", "ties", "kind") if by is None else None,
    )


def _nothing(store: Store, wanted: list[str] | None, years: Years) -> NotAnswerable:
    """Say which kinds were asked for, the years that the store has of them, and what else it has.

    ``wanted`` is None where no kind was named.
    """
    known = covered(store)
    asked = _usual(store) if wanted is None else wanted
    told = "; ".join(_span(kind, known) for kind in asked)
    usual = "--ties left out means alliances, agreements, arms, missions and training: "
    first, last = years
    other = [
        kind
        for kind, (begins, ends) in known.items()
        if kind not in asked
        and not kind.startswith("alliance_")
        and (last is None or begins is None or begins <= last)
        and (first is None or ends is None or ends >= first)
    ]
    named = f"ask for what the store has: {', '.join(f'--ties {kind}' for kind in other)}; or "
    return NotAnswerable(
        "no ties of the kinds asked for in these years",
        (usual if wanted is None else "") + (told or "the store holds no file with any of these"),
        (named if other else "") + f"{IMPORT} ties for these years",
    )


def _span(kind: str, known: dict[str, Years]) -> str:
    if kind not in known:
        return f"{kind}: no file with it is in the store"
    return f"{kind}: {known[kind][0]} to {known[kind][1]}"


def _usual(store: Store) -> list[str]:
    finer = ("alliance_", "co_deployment", "same_place")
    return [k for k in kinds(store) if k not in _WEAK and not k.startswith(finer)]


def _members(group: str, years: list[int]) -> pl.DataFrame:
    months = tuple(f"{year}-12" for year in years)
    rows = members_by_month(group, months, "dated")
    return rows.select(pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"), "nation")


def _both_sides(rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return each tie from the side of the member, with whether the partner is one too."""
    turned = rows.rename({"nation": "partner", "partner": "nation"}).select(rows.columns)
    own = pl.concat([rows, turned]).join(members, on=_KEY, how="semi")
    inside = members.rename({"nation": "partner"}).with_columns(pl.lit(value=True).alias("inside"))
    key = ["year", "kind", "nation", "partner"]
    marked = own.join(inside, on=["year", "partner"], how="left")
    return marked.group_by(key).agg(
        pl.col("inside").first().fill_null(value=False), pl.col("value").max()
    )


def _by_kind(rows: pl.DataFrame) -> pl.DataFrame:
    outside = pl.col("partner").filter(~pl.col("inside"))
    return (
        rows.group_by("year", "kind")
        .agg(
            pl.col("nation").n_unique().alias("nations"),
            ((~pl.col("inside")).sum() + pl.col("inside").sum() // 2).alias("ties"),
            outside.n_unique().alias("partners"),
            (pl.col("inside").sum() // 2).alias("within"),
        )
        .sort("year", "kind")
    )


def _by_partner(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.group_by("year", "kind", "partner")
        .agg(pl.col("nation").n_unique().alias("nations"), pl.col("value").sum())
        .sort("year", "kind", "partner")
    )
