"""Fonts that the document needs beyond those that typst and vl-convert carry."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = {"ar": ("fontpkg_amiri", "Amiri")}
LATIN = "Libertinus Serif"


def family(lang: str) -> str:
    """Return the font family in which a language is set where fonts must be at hand.

    >>> family("fr"), family("ar")
    ('Libertinus Serif', 'Amiri')
    """
    return PACKAGES[lang][1] if lang in PACKAGES else LATIN


@cache
def folders(lang: str) -> tuple[Path, ...]:
    """Return the folders with the fonts of a language; none where the package lacks them."""
    if lang not in PACKAGES:
        return ()
    spec = find_spec(PACKAGES[lang][0])
    if spec is None or spec.origin is None:
        return ()
    folder = Path(spec.origin).parent / "files"
    return (folder,) if folder.is_dir() else ()


def drawn(lang: str) -> str:
    """Return the font family for pictures; empty where the charts' own does.

    >>> drawn("en"), drawn("ar")
    ('', 'Amiri')
    """
    return PACKAGES[lang][1] if lang in PACKAGES else ""
