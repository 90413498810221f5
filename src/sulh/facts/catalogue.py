"""The catalogue of data sources: who made them, how to cite them, under which terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sulh.core.errors import UnknownName
from sulh.core.origin import Origin
from sulh.facts.table import Mark, mark_of, read_table


@dataclass(frozen=True, slots=True)
class Entry:
    """A data source; ``redistribution`` is yes, figures (cited figures only) or no."""

    key: str
    title: str
    producer: str
    authors: str
    year: str
    kind: str
    journal: str
    volume: str
    pages: str
    doi: str
    address: str
    licence: str
    redistribution: str
    coverage: str
    mark: Mark

    @property
    def article(self) -> str:
        """Return the title of the article, chapter or report that presents the data, or ""."""
        for word in ("article: ", "chapter: "):
            if self.mark.note.startswith(word):
                return self.mark.note.removeprefix(word).split("; ")[0]
        return ""

    @property
    def citation(self) -> str:
        """Return the plain citation."""
        who = self.authors.strip("{}").replace(" and ", "; ") or self.producer
        when = f" ({self.year})" if self.year else ""
        # Initials and abbreviations bring their own full stop.
        stop = "" if f"{who}{when}".endswith(".") else "."
        text = f"{who}{when}{stop} {self.article or self.title}."
        if self.journal:
            volume = f" {self.volume}" if self.volume else ""
            text += f" {self.journal}{volume}{f': {self.pages}' if self.pages else ''}."
        if self.doi:
            text += f" doi:{self.doi}."
        return text + (f" Data: {self.title}." if self.article else "")

    def fields(self) -> dict[str, str]:
        """Return the fields of a BibTeX entry, unescaped; empty ones are left out."""
        holder = {"article": "journal", "incollection": "booktitle", "techreport": "note"}
        fields = {
            "author": self.authors,
            "title": self.article or self.title,
            holder.get(self.kind, "note"): self.journal,
            "volume": self.volume,
            "pages": self.pages,
            "year": self.year,
            "doi": self.doi,
            "url": self.address,
        }
        if self.kind == "techreport":
            fields["institution"] = self.producer
        return {name: value for name, value in fields.items() if value}

    def origin(self, retrieved: str = "", sha256: str = "") -> Origin:
        """Return the source as an origin of figures."""
        return Origin(
            key=self.key,
            title=self.title,
            producer=self.producer,
            citation=self.citation,
            licence=self.licence,
            address=self.address,
            redistribution=self.redistribution,
            retrieved=retrieved,
            sha256=sha256,
        )


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        key=row["key"],
        title=row["title"],
        producer=row["producer"],
        authors=row["authors"],
        year=row["year"],
        kind=row["entry"],
        journal=row["journal"],
        volume=row["volume"],
        pages=row["pages"],
        doi=row["doi"],
        address=row["address"],
        licence=row["licence"],
        redistribution=row["redistribution"],
        coverage=row["coverage"],
        mark=mark_of(row),
    )


@cache
def catalogue() -> dict[str, Entry]:
    """Return every source by its key, in the order of the table."""
    return {row["key"]: _entry(row) for row in read_table("catalogue")}


def entry(key: str) -> Entry:
    """Return the source of a key; a part of a source (``ipi_gender``) is found by its stem.

    Raises `UnknownName`.

    >>> entry("ipi_gender").producer
    'International Peace Institute'
    """
    stem = key
    while stem:
        if stem in catalogue():
            return catalogue()[stem]
        stem = stem.rpartition("_")[0]
    raise UnknownName(
        f"{key!r} is not in the catalogue of sources",
        "a figure must be traceable to a source with its terms",
        f"choose from {', '.join(catalogue())}",
    )


def origin(key: str) -> Origin:
    """Return the origin of a source by its key, or raise `UnknownName`.

    >>> origin("bara_hultman").citation.startswith("Bara, Corinne; Hultman, Lisa (2020).")
    True
    """
    return entry(key).origin()
