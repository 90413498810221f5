"""Remarks that bear on published figures: what an import doubted, answers say too."""

from __future__ import annotations

import polars as pl

OVERRULED = "own_not_used"
"""Code of the remark that figures of a user's own gave way to a publisher's."""

CORRECTED = "corrected"
"""Code of the remark that a declared correction was applied."""

_ELSEWHERE = (
    *("copied_month", "not_whole", "total_differs", "missing_month", "women_not_plausible"),
    *("fall_and_return", "rise_and_return", "correction_stale", "place_differs"),
)
"""Codes that gaps and answers tell in words of their own, or that touch no figure."""

_UNHEARD = ("files_differ", "same_rows")


def doubtful_remarks(flags: pl.LazyFrame, used: pl.LazyFrame) -> pl.DataFrame:
    """Return doubts, refusals of rows and corrections that bear on published figures, by month.

    ``flags`` is the table of that name, ``used`` has ``month`` and ``origin`` of the published
    contributions. Left out are files for which another of the same source speaks in the month. The
    result has ``month, origin, code, place, message``, the place being file, page and line.
    """
    dated = flags.filter(pl.col("month").is_not_null(), pl.col("origin").is_not_null())
    doubtful = dated.filter(
        pl.col("severity").is_in(["doubt", "refused"]) | (pl.col("code") == CORRECTED),
        ~pl.col("code").is_in([*_ELSEWHERE, *_UNHEARD]),
    )
    unheard = dated.filter(
        pl.col("code").is_in(_UNHEARD), pl.col("message").str.starts_with("contributions")
    ).select("file", "month")
    overruled = pl.col("code") == OVERRULED
    own = doubtful.join(unheard, on=["file", "month"], how="anti")
    published = own.filter(~overruled).join(used, on=["month", "origin"], how="semi")
    return (
        pl.concat([published, own.filter(overruled)])
        .sort("month", "origin", "code", "name", "page", "line", "message", nulls_last=True)
        .select("month", "origin", "code", _place().alias("place"), "message")
        .collect()
    )


def _place() -> pl.Expr:
    """Return name, page and line of the file as text, null where no file is named."""
    parts = [pl.format(f", {name} {{}}", name).fill_null("") for name in ("page", "line")]
    return pl.concat_str(pl.col("name"), *parts)
