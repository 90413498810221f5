"""A result: what every question returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from sulh.core.origin import Origin
from sulh.result.shape import Chart

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class Result:
    """A table with its units, origins, gaps and assumptions.

    Parameters
    ----------
    name
        Short name of the question, for file names.
    title
        One line that says what the table shows, with its scope.
    table
        The rows, a polars DataFrame.
    units
        Unit of each column that has one, by column name.
    origins
        The sources that the figures rest on.
    missing
        What the data do not hold: one sentence each.
    assumed
        What was assumed (scope, membership, how ties are broken): one sentence each.
    query
        The command that recomputes the result.
    chart
        How to draw it, or None.
    """

    name: str
    title: str
    table: pl.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    query: str = ""
    chart: Chart | None = None

    def with_query(self, query: str) -> Result:
        """Return the same result with the command that recomputes it."""
        return replace(self, query=query)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.table.height

    def __str__(self) -> str:
        """Return the table as text, with title, origins, gaps and assumptions."""
        from sulh.result.text import to_text

        return to_text(self)

    def _repr_html_(self) -> str:
        from sulh.result.formats import to_html

        return to_html(self)

    def to_polars(self) -> pl.DataFrame:
        """Return the table itself."""
        return self.table

    def to_arrow(self) -> pa.Table:
        """Return the table as an Arrow table, without a copy where possible (needs pyarrow)."""
        return self.table.to_arrow()

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a pandas DataFrame (needs pandas and pyarrow)."""
        return self.table.to_pandas()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table to any library that reads Arrow streams, without a copy."""
        return self.table.__arrow_c_stream__(requested_schema)

    def save(self, path: str | Path, format: str | None = None) -> Path:  # noqa: A002
        """Write the table to ``path`` as CSV, JSON, Parquet or XLSX, by its ending if not told."""
        from sulh.result.formats import save

        return save(self, Path(path), format)

    def save_chart(self, path: str | Path) -> Path:
        """Draw the chart to ``path`` (.svg or .png)."""
        from sulh.result.plots import save_chart

        return save_chart(self, Path(path))

    def cite(self, style: str = "plain") -> str:
        """Return the citations of the origins, ``plain`` or ``bibtex``."""
        from sulh.result.citations import cite

        return cite(self.origins, style)

    def chart_spec(self) -> dict[str, Any]:
        """Return the chart as a Vega-Lite specification."""
        from sulh.result.plots import chart_spec

        return chart_spec(self)
