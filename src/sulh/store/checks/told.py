"""Falls and rises that go back, from the remarks that tell of them.

A store of Decembers does not show them; the store that it was made from saw every month.
"""

from __future__ import annotations

import re

import polars as pl

from sulh.core.errors import AmbiguousName, UnknownName
from sulh.facts.names import resolve_nation

_MONTH = r"\d{4}-\d\d"
_TOLD = re.compile(
    r"(?P<name>.+) (?:falls|rises) from (?P<before>[\d,]+) to (?P<lowest>[\d,]+) "
    rf"from (?P<first>{_MONTH}) to (?P<last>{_MONTH}) and returns to (?P<after>[\d,]+)"
)
CODES = ("fall_and_return", "rise_and_return")
SHAPE = {"nation": pl.String, "first": pl.String, "last": pl.String} | dict.fromkeys(
    ("before", "lowest", "after"), pl.Int64
)


def told_falls(flags: pl.LazyFrame) -> pl.DataFrame:
    """Return the falls and rises among remarks: ``nation, first, last, before, lowest, after``.

    Of a rise ``lowest`` is the highest figure. A nation that cannot be named is left out.

    >>> told = "Turkey falls from 1,504 to 6 from 1994-07 to 1995-03 and returns to 1,488: why"
    >>> flags = pl.LazyFrame({"code": ["fall_and_return"], "message": [told]})
    >>> told_falls(flags).rows()
    [('TUR', '1994-07', '1995-03', 1504, 6, 1488)]
    """
    messages = flags.filter(pl.col("code").is_in(CODES)).select("message").unique().collect()
    found = []
    for message in messages["message"]:
        told = _TOLD.match(message)
        if told is None:
            continue
        try:
            nation = resolve_nation(told["name"], on=told["first"]).nation
        except (UnknownName, AmbiguousName):
            continue
        figures = [int(told[name].replace(",", "")) for name in ("before", "lowest", "after")]
        found.append((nation, told["first"], told["last"], *figures))
    return pl.DataFrame(found, schema=SHAPE, orient="row").sort("nation", "first")
