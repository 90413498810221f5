"""What formats, charts and citations need of a result, so that none of them imports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from sulh.core.origin import Origin


@dataclass(frozen=True)
class Chart:
    """How a result is best drawn.

    ``kind`` is ``line``, ``bar``, ``area``, ``lorenz`` or ``timeline``; the other fields name
    columns of the table. ``rows`` are drawn instead where the result's own table is not what a
    picture shows. ``colour`` may name several columns, with commas.
    """

    kind: str
    x: str
    y: str
    colour: str | None = None
    x_end: str | None = None
    rows: pl.DataFrame | None = field(default=None, compare=False, repr=False)


class Shown(Protocol):
    """A table with its units, origins, gaps and assumptions: see `sulh.result.Result`."""

    @property
    def name(self) -> str:
        """Return the short name, for files."""
        ...

    @property
    def title(self) -> str:
        """Return the line above the table."""
        ...

    @property
    def table(self) -> pl.DataFrame:
        """Return the rows."""
        ...

    @property
    def units(self) -> Mapping[str, str]:
        """Return the unit of each column that has one."""
        ...

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Return the sources."""
        ...

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what the data do not hold."""
        ...

    @property
    def assumed(self) -> tuple[str, ...]:
        """Return what was assumed."""
        ...

    @property
    def query(self) -> str:
        """Return the command that recomputes the result."""
        ...

    @property
    def chart(self) -> Chart | None:
        """Return how to draw it."""
        ...
