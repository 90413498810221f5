"""The sources that an import recognises, and the version of the code that reads them."""

from __future__ import annotations

import hashlib
import importlib
from functools import cache
from pathlib import Path

from sulh.sources.base import Source

_MODULES = (
    "sulh.sources.geopko_yearly",
    "sulh.sources.bara_hultman",
    "sulh.sources.pact",
    "sulh.sources.personnel_shortfall",
    "sulh.sources.denominators",
    "sulh.sources.user",
    "sulh.sources.un_monthly_pdf",
    "sulh.sources.un_hub",
    "sulh.sources.ipi",
    "sulh.sources.geopko",
)


@cache
def sources() -> tuple[Source, ...]:
    """Return every source, by key."""
    found: list[Source] = []
    for name in _MODULES:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        found += getattr(module, "SOURCES", [])
        if hasattr(module, "SOURCE"):
            found.append(module.SOURCE)
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
        if path.suffix in {".py", ".toml", ".csv"} and relative.parts[0] != "importing":
            digest.update(f"{relative.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
