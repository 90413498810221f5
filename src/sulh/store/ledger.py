"""What a build remarks and keeps apart, with file, page and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from sulh.store.keeping import Remark, TidyFile
from sulh.store.manifest import FileEntry

HIDDEN = ("sha256", "file", "file_name", "origin")
_FLAG_TYPES = {"month": pl.String, "page": pl.Int64, "line": pl.Int64}


@dataclass(frozen=True, slots=True)
class BuildInput:
    """A file of the version to build: its entry in the manifest and its tidy rows."""

    entry: FileEntry
    tidy: TidyFile


@dataclass(frozen=True)
class Ledger:
    """The remarks and the rows kept apart of one build.

    A remark belongs to a file (by its hash) or, with an empty hash, to an origin as a whole.
    """

    inputs: Sequence[BuildInput]
    remarks: list[tuple[str, str, Remark]] = field(default_factory=list)
    apart: list[pl.DataFrame] = field(default_factory=list)

    def remark(self, sha256: str, origin: str, remark: Remark) -> None:
        """Note a remark on a file, or on an origin if the hash is empty."""
        self.remarks.append((sha256, origin, remark))

    def set_apart(self, table: str, rows: pl.DataFrame) -> None:
        """Keep rows apart; ``rows`` are tidy rows with the column ``reason``."""
        if rows.is_empty():
            return
        shown = [name for name in rows.columns if name not in {*HIDDEN, "reason"}]
        place = [
            pl.col(name) if name in rows.columns else pl.lit(None, dtype=pl.Int64).alias(name)
            for name in ("page", "line")
        ]
        self.apart.append(
            rows.select(
                "file",
                pl.col("file_name").alias("name"),
                "origin",
                pl.lit(table).alias("table"),
                *place,
                "reason",
                pl.struct(shown).struct.json_encode().alias("record"),
            )
        )

    def by_file(self) -> dict[str, tuple[Remark, ...]]:
        """Return the remarks of the build on each file, by its hash, in a fixed order."""
        found: dict[str, list[Remark]] = {}
        for sha256, _, remark in self.remarks:
            if sha256:
                found.setdefault(sha256, []).append(remark)
        return {sha256: tuple(sorted(some, key=str)) for sha256, some in found.items()}

    def flags(self) -> pl.DataFrame:
        """Return the table ``flags``: the remarks of the sources and of the build."""
        names = {item.entry.sha256: item.entry.name for item in self.inputs}
        own = (
            (item.entry.sha256, item.entry.source, remark)
            for item in self.inputs
            for remark in item.tidy.remarks
        )
        return _flag_rows((*own, *self.remarks), names)

    def kept_apart(self) -> pl.DataFrame | None:
        """Return the table ``set_apart``, or None if no row was kept apart."""
        return pl.concat(self.apart) if self.apart else None


def _flag_rows(remarks: Iterable[tuple[str, str, Remark]], names: dict[str, str]) -> pl.DataFrame:
    rows = [
        {
            "file": sha256[:12] or None,
            "name": names.get(sha256),
            "origin": origin,
            "code": remark.code,
            "severity": remark.severity,
            "month": remark.month,
            "page": remark.page,
            "line": remark.line,
            "message": remark.message,
        }
        for sha256, origin, remark in remarks
    ]
    text = dict.fromkeys(("file", "name", "origin", "code", "severity"), pl.String)
    return pl.DataFrame(rows, schema={**text, **_FLAG_TYPES, "message": pl.String})
