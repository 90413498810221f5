"""Head-counts over time: a mean, the end of a period, or person-months; never a sum of persons."""

from __future__ import annotations

import polars as pl

from sulh.questions.view import check_over


def over_months(counts: pl.DataFrame, how: str, keys: tuple[str, ...] = ()) -> pl.DataFrame:
    """Condense monthly head-counts to one row for each combination of ``keys``.

    ``counts`` has the columns ``month`` and ``persons``. ``how`` is ``mean`` (of the months that
    are known; column ``persons_mean``), ``end`` (the last known month; ``persons_end`` and
    ``month``) or ``person_months`` (column of that name). A sum raises `BadRequest`.

    >>> counts = pl.DataFrame({"month": ["2020-01", "2020-02"], "persons": [100, 200]})
    >>> over_months(counts, "mean").rows(named=True)
    [{'persons_mean': 150.0, 'months': 2}]
    """
    checked = check_over(how)
    known = counts.filter(pl.col("persons").is_not_null()).sort(*keys, "month")
    persons = pl.col("persons")
    wanted = {
        "mean": [persons.mean().alias("persons_mean")],
        "end": [persons.last().alias("persons_end"), pl.col("month").last()],
        "person_months": [persons.sum().alias("person_months")],
    }[checked]
    columns = [*wanted, pl.col("month").n_unique().alias("months")]
    if checked == "end":
        columns = wanted
    if not keys:
        return known.select(columns)
    return known.group_by(keys, maintain_order=True).agg(columns)


def by_year(counts: pl.DataFrame, keys: tuple[str, ...] = ()) -> pl.DataFrame:
    """Condense monthly head-counts to years, with December beside the mean.

    ``counts`` has ``month``, ``persons``, ``world`` and ``share`` (null where unknown). Shares are
    those of the means over the months that give a share, and of December. ``months`` says
    how many months of the year are known; the mean is theirs. Person-months are given for whole
    years only.
    """
    both = pl.col("share").is_not_null()
    december = pl.col("month").str.ends_with("-12")
    world = pl.col("world").filter(both).sum()
    return (
        counts.group_by(
            [*keys, pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year")],
            maintain_order=True,
        )
        .agg(
            persons_mean=pl.col("persons").mean(),
            persons_december=pl.col("persons").filter(december).first(),
            share_mean=pl.when(world > 0).then(pl.col("persons").filter(both).sum() / world),
            share_december=pl.col("share").filter(december).first(),
            months=pl.col("persons").count().cast(pl.Int64),
            person_months=pl.when(pl.col("persons").count() == 12).then(pl.col("persons").sum()),
        )
        .sort([*keys, "year"], nulls_last=True)
    )
