"""The sources that an import recognises, and the version of the code that reads them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from sulh.intake.base import Source


@cache
def sources() -> tuple[Source, ...]:
    """Return every source, by key."""
    from sulh.intake import (
        bara_hultman,
        cooperation,
        denominators,
        geopko,
        geopko_yearly,
        ipi,
        pact,
        personnel_shortfall,
        un_hub,
        un_monthly_pdf,
        user,
    )

    found: list[Source] = [
        un_monthly_pdf.SOURCE,
        *un_hub.SOURCES,
        *ipi.SOURCES,
        geopko.SOURCE,
        geopko_yearly.SOURCE,
        bara_hultman.SOURCE,
        personnel_shortfall.SOURCE,
        pact.SOURCE,
        *cooperation.SOURCES,
        *denominators.SOURCES,
        user.SOURCE,
    ]
    return tuple(sorted(found, key=lambda source: source.key))


@cache
def reader_version() -> str:
    """Return a hash of the code and vocabularies of all sources.

    Tidy rows are kept under it, so that a change of a parser reads its files again and no one has
    to remember to raise a number.
    """
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*")):
        relative = path.relative_to(here)
        if path.suffix in {".py", ".toml", ".csv"} and relative.parts[0] not in _ELSEWHERE:
            digest.update(f"{relative.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


_ELSEWHERE = {"importing", "fetching", "registry.py"}
