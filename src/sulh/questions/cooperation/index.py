"""An open composite of defence diplomacy: components, the user's weights, and how ranks move.

There is no agreed index. This one shows every component beside the score, and for each nation the
range of ranks over weights drawn at random: a rank without its range says little.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.cooperation.edges import cited, edges, kinds
from sulh.questions.cooperation.years import coverage, year_of
from sulh.questions.membership import members_on
from sulh.questions.wording import WORLD
from sulh.result import Chart, Result
from sulh.store.reading import Store

USUAL = {
    "alliance": 1.0,
    "arms_transfer": 1.0,
    "co_deployment": 1.0,
    "organisations": 1.0,
    "training": 1.0,
}
DRAWS = 2000
_BY_VALUE = ("organisations", "training", "votes")
Figures = NDArray[np.float64]


def weights_of(text: str | None) -> dict[str, float]:
    """Return weights by kind of tie, scaled to 1.

    >>> weights_of("alliance=3,training=1")
    {'alliance': 0.75, 'training': 0.25}
    """
    found = dict(USUAL)
    if text is not None:
        found = {}
        for part in text.split(","):
            name, _, number = part.partition("=")
            try:
                found[name.strip()] = float(number)
            except ValueError as error:
                raise BadRequest(
                    f"the weight {part!r}", "it is not KIND=NUMBER", "write alliance=2,training=1"
                ) from error
    total = sum(found.values())
    if not found or min(found.values()) < 0 or not 0 < total < float("inf"):
        raise BadRequest(
            f"the weights {text!r}", "their sum is not above 0", "give weights above 0"
        )
    return {name: value / total for name, value in found.items()}


def index(
    store: Store, year: str, group: str = WORLD, weights: str | None = None, seed: int = 0
) -> Result:
    """Return nations by a weighted mean of components in a year.

    Each component is the number of a nation's partners by a kind of tie (of organisations and
    training, where nearly all have one, the sum of values), as the share of nations ranked below
    it (0 to 1, ties in the middle), so that no unit or outlier rules. Columns: rank,
    nation, score, a column a component, rank_low and rank_high: the ranks within which 95 per cent
    of 2,000 weightings put the nation, drawn evenly over all weightings that sum to 1.
    """
    asked = year_of(year, "--year")
    assert asked is not None
    shares = weights_of(weights or ",".join(f"{k}=1" for k in USUAL if k in kinds(store)) or None)
    rows = {kind: edges(store, kind, (asked, asked)) for kind in shares}
    empty = [kind for kind, part in rows.items() if part.is_empty()]
    used = {kind: part for kind, part in rows.items() if part.height}
    nations = sorted({n for part in used.values() for n in (*part["nation"], *part["partner"])})
    if group != WORLD:
        nations = sorted(set(nations) & set(members_on(group, f"{asked}-12", "dated")))
    if not used or not nations:
        raise NotAnswerable(
            f"no component in {asked}", "no source covers it", "choose another year"
        )
    matrix = np.column_stack(
        [_standing(_amount(kind, part, nations)) for kind, part in used.items()]
    )
    own = np.array([shares[kind] for kind in used])
    score = matrix @ (own / own.sum())
    drawn = np.random.default_rng(seed).dirichlet(np.ones(len(used)), DRAWS)
    low, high = np.quantile(_ranks(matrix @ drawn.T), (0.025, 0.975), axis=1)
    table = pl.DataFrame(
        {
            "rank": _ranks(score[:, None])[:, 0],
            "nation": nations,
            "score": score,
            **{kind: matrix[:, place] for place, kind in enumerate(used)},
            "rank_low": low,
            "rank_high": high,
        }
    ).with_columns(pl.col("rank", "rank_low", "rank_high").round(0).cast(pl.Int64))
    whole = pl.concat(list(used.values()))
    told = ", ".join(f"{kind} {shares[kind]:.2f}" for kind in used)
    return Result(
        name="diplomacy",
        title=f"Defence diplomacy in {asked}: an open composite, not a measure of worth",
        table=table.sort("rank", "nation"),
        origins=store.origins(cited(store, whole)),
        missing=(
            *(f"{kind}: no source covers {asked}; left out." for kind in empty),
            *coverage(store, set(whole["origin"])),
        ),
        assumed=(
            f"Weights: {told}. Components count partners; organisations and training go by value.",
            "A component is the share of nations with fewer partners, half of those with as many.",
            "rank_low to rank_high: 95 per cent of 2,000 weightings drawn at random.",
        ),
        chart=Chart("bar", "nation", "score"),
    )


def _amount(kind: str, rows: pl.DataFrame, nations: list[str]) -> Figures:
    """Return the number of partners of each nation, or the sum of values where all have many."""
    turned = rows.rename({"nation": "partner", "partner": "nation"}).select(rows.columns)
    amount = pl.col("value").sum() if kind in _BY_VALUE else pl.col("partner").n_unique()
    counts = dict(pl.concat([rows, turned]).group_by("nation").agg(amount).iter_rows())
    return np.array([counts.get(nation, 0) for nation in nations], dtype=np.float64)


def _standing(
    values: Figures,
) -> Figures:
    """Return the share of values below each, and half of those equal to it."""
    below = (values[None, :] < values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1) - 1
    return np.asarray((below + equal / 2) / max(len(values) - 1, 1), dtype=np.float64)


def _ranks(
    scores: Figures,
) -> Figures:
    """Return the rank of each row in each column, 1 the highest; equal scores share the best."""
    ordered = -np.sort(-scores, axis=0)
    return np.column_stack(
        [
            np.searchsorted(-ordered[:, place], -scores[:, place], side="left") + 1.0
            for place in range(scores.shape[1])
        ]
    )
