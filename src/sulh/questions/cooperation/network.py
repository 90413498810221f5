"""The network of a kind of tie: its members, its change, and its link with another network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import networkx as nx
import numpy as np
import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.methods.mrqap import Coefficient, mrqap
from sulh.methods.networks import (
    Association,
    Matrix,
    brokerage,
    communities_of,
    eigenvector,
    graph_of,
    qap,
    whole,
)
from sulh.questions.cooperation.edges import IMPORT, Years, cited, covered, edges
from sulh.questions.cooperation.years import coverage, period
from sulh.questions.membership import members_on
from sulh.questions.wording import WORLD
from sulh.result import Chart, Result
from sulh.store.reading import Store

_LEAST = 3
_LIMITS = (
    "A permutation test says whether two networks go together more than chance would have it. It "
    "does not say which causes the other: both may follow from size, region or the politics of "
    "the United Nations."
)


def network(store: Store, tie: str, year: str | None = None, group: str = WORLD) -> Result:
    """Return the members of a network in a year, the most central first.

    Columns: nation, ties (number of partners), strength (sum of values), eigenvector (1 for the
    most central), betweenness (share of shortest paths that pass through), brokerage (pairs of
    partners without a tie, of two communities), community (1 the largest). The year is the latest
    that has such ties if left out. With a group, its members alone and their ties among themselves.
    """
    rows, asked = _of_year(store, tie, year, group)
    matrix, names = matrix_of(rows)
    graph = graph_of(matrix, names)
    parts = communities_of(graph)
    place = {node: number for number, part in enumerate(parts, 1) for node in part}
    between = nx.betweenness_centrality(graph)
    brokers = brokerage(graph, place)
    central = eigenvector(matrix)
    weights = np.maximum(matrix, matrix.T)
    table = pl.DataFrame(
        {
            "nation": names,
            "ties": [graph.degree(node) for node in names],
            "strength": weights.sum(axis=1),
            "eigenvector": central,
            "betweenness": [between[node] for node in names],
            "brokerage": [brokers[node] for node in names],
            "community": [place[node] for node in names],
        }
    ).sort(["eigenvector", "nation"], descending=[True, False])
    found = whole(graph)
    return Result(
        name="network",
        title=f"Network of {tie} in {asked}{_of(group)}",
        table=table,
        units={"ties": "nations"},
        origins=store.origins(cited(store, rows)),
        missing=coverage(store, set(rows["origin"])),
        assumed=(
            f"{found.nodes} nations, {found.ties:,} ties, density {found.density:.3f}, "
            f"transitivity {found.transitivity:.3f}, modularity {found.modularity:.3f}.",
            "Direction is left out; nations without a tie of this kind are not in the network.",
            "Communities are those of greedy modularity.",
        ),
        chart=Chart("bar", "nation", "eigenvector"),
    )


def change(store: Store, tie: str, from_: str | None, to: str | None, group: str = WORLD) -> Result:
    """Return measures of the whole network by year, and how many ties came and went."""
    years = period(from_, to)
    rows = edges(store, tie, years)
    if rows.is_empty():
        raise _uncovered(store, tie, years)
    found = []
    before: set[tuple[str, str]] | None = None
    for (year,), part in rows.group_by(["year"], maintain_order=True):
        own = _members(part, group, int(str(year)))
        if own.height == 0:
            continue
        matrix, names = matrix_of(own)
        graph = graph_of(matrix, names)
        now = {(min(a, b), max(a, b)) for a, b in graph.edges}
        new = None if before is None else len(now - before)
        gone = None if before is None else len(before - now)
        found.append({"year": year, **asdict(whole(graph)), "new": new, "gone": gone})
        before = now
    if not found:
        raise _none(tie, group)
    return Result(
        name="network",
        title=f"Network of {tie} by year{_of(group)}",
        table=pl.DataFrame(found, infer_schema_length=None).rename({"nodes": "nations"}),
        origins=store.origins(cited(store, rows)),
        missing=coverage(store, set(rows["origin"])),
        assumed=("new and gone count ties against the year before that the source has.",),
        chart=Chart("line", "year", "density"),
    )


def against(
    store: Store, tie: str, others: str, year: str | None, group: str = WORLD, seed: int = 0
) -> Result:
    """Return how a network goes together with others, each tested alone by permutation (QAP).

    Columns: year, tie, other, nations, pairs, correlation, p, permutations. Nations are those that
    have any tie of the first network; a pair without a tie is 0.
    """
    beside = _beside(store, tie, others, year, group)
    tests = [qap(beside.own, other, seed=seed) for other in beside.others.values()]
    return _tested(
        store,
        beside,
        group,
        tests,
        "Correlation over pairs of nations that have a tie of the first kind at all; p is "
        "two-sided, from nations renamed at random.",
    )


def together(
    store: Store, tie: str, others: str, year: str | None, group: str = WORLD, seed: int = 0
) -> Result:
    """Return what each of several networks adds to the others, tested by permutation (MRQAP).

    Columns: year, tie, other, nations, pairs, coefficient, t, p, permutations. Nations and pairs
    are those of `against`.
    """
    beside = _beside(store, tie, others, year, group)
    tests = mrqap(beside.own, list(beside.others.values()), seed=seed)
    return _tested(
        store,
        beside,
        group,
        tests,
        "One regression of the first network on all others, over pairs of nations that have a tie "
        "of the first kind at all; a coefficient is per unit of the other tie. p is two-sided, by "
        "double semi-partialling (Dekker, Krackhardt & Snijders 2007).",
    )


@dataclass(frozen=True)
class _Beside:
    """A network and others of the same nations and year, all symmetric."""

    tie: str
    year: int
    nations: int
    own: Matrix
    others: dict[str, Matrix]
    rows: pl.DataFrame


def _beside(store: Store, tie: str, others: str, year: str | None, group: str) -> _Beside:
    rows, asked = _of_year(store, tie, year, group)
    matrix, names = matrix_of(rows)
    found, parts = {}, [rows]
    for other in (name.strip() for name in others.split(",")):
        ties = edges(store, other, (asked, asked))
        if ties.is_empty():
            raise _uncovered(store, other, (asked, asked))
        parts.append(ties)
        second, _ = matrix_of(ties, names)
        found[other] = np.maximum(second, second.T)
    own = np.maximum(matrix, matrix.T)
    return _Beside(tie, asked, len(names), own, found, pl.concat(parts))


def _tested(
    store: Store, beside: _Beside, group: str, tests: Sequence[Association | Coefficient], how: str
) -> Result:
    start = {"year": beside.year, "tie": beside.tie}
    found = [
        {**start, "other": other, "nations": beside.nations, **asdict(test)}
        for other, test in zip(beside.others, tests, strict=True)
    ]
    return Result(
        name="network",
        title=f"Networks of {beside.tie} and of {', '.join(beside.others)} in "
        f"{beside.year}{_of(group)}",
        table=pl.DataFrame(found),
        origins=store.origins(cited(store, beside.rows)),
        missing=(_LIMITS, *coverage(store, set(beside.rows["origin"]))),
        assumed=(how,),
    )


def export(store: Store, tie: str, year: str | None, path: Path, group: str = WORLD) -> Path:
    """Write the network of a year as GraphML or GEXF, by the ending of the path."""
    rows, _ = _of_year(store, tie, year, group)
    graph = nx.DiGraph()
    for nation, partner, value in rows.select("nation", "partner", "value").iter_rows():
        graph.add_edge(nation, partner, weight=float(value), kind=tie)
    writers = {".graphml": nx.write_graphml, ".gexf": nx.write_gexf}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise BadRequest(f"{path.name}", "its ending names no format", "use .graphml or .gexf")
    write(graph, path)
    return path


def matrix_of(rows: pl.DataFrame, names: list[str] | None = None) -> tuple[Matrix, list[str]]:
    """Return ties as a square matrix, and its nations in order; others are left out."""
    if names is None:
        names = sorted({*rows["nation"], *rows["partner"]})
    place = {name: number for number, name in enumerate(names)}
    known = rows.filter(pl.col("nation").is_in(names) & pl.col("partner").is_in(names))
    matrix = np.zeros((len(names), len(names)))
    for nation, partner, value in known.select("nation", "partner", "value").iter_rows():
        matrix[place[nation], place[partner]] = max(matrix[place[nation], place[partner]], value)
    return matrix, names


def _of_year(store: Store, tie: str, year: str | None, group: str) -> tuple[pl.DataFrame, int]:
    years: Years = period(year, year)
    rows = edges(store, tie, years)
    if rows.is_empty():
        raise _uncovered(store, tie, years)
    asked = int(str(rows["year"].max()))
    own = _members(rows.filter(pl.col("year") == asked), group, asked)
    if len({*own["nation"], *own["partner"]}) < _LEAST:
        raise _none(f"{tie} in {asked}", group)
    return own, asked


def _members(rows: pl.DataFrame, group: str, year: int) -> pl.DataFrame:
    if group == WORLD:
        return rows
    members = members_on(group, f"{year}-12", "dated")
    return rows.filter(pl.col("nation").is_in(members) & pl.col("partner").is_in(members))


def _of(group: str) -> str:
    return "" if group == WORLD else f" among the members of {group}"


def _uncovered(store: Store, tie: str, years: Years) -> NotAnswerable:
    """Return the error for years of which the store has no tie of a kind."""
    first, last = years
    said = f"{first}" if first == last else f"{first or 'the first year'} to {last or 'the last'}"
    asked = "" if years == (None, None) else f" in {said}"
    known = covered(store).get(tie)
    if known is None:
        why, mend = "the store holds no file with such ties", f"{IMPORT} them"
    else:
        why = f"the store has this tie for {known[0]} to {known[1]}; outside it is unknown"
        mend = "choose a year among these"
    return NotAnswerable(f"no network of {tie}{asked}", why, mend)


def _none(tie: str, group: str) -> NotAnswerable:
    return NotAnswerable(
        f"no network of {tie}{_of(group)}",
        "fewer than three nations have such a tie",
        "choose another year or tie: the tie's source says which years it covers",
    )
