"""Citations of the sources that a result rests on, plain or as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sulh.core.errors import BadRequest
from sulh.core.origin import Origin

STYLES = ("plain", "bibtex")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def cite(origins: Iterable[Origin], style: str = "plain") -> str:
    """Return one citation for each source, in the order of their keys.

    Raises `BadRequest` for a style other than ``plain`` or ``bibtex``.
    """
    unique = {origin.key: origin for origin in origins}
    entries = [unique[key] for key in sorted(unique)]
    if style == "plain":
        return "\n".join(_plain(origin) for origin in entries)
    if style == "bibtex":
        return "\n\n".join(_bibtex(origin) for origin in entries)
    raise BadRequest(
        f"the citation style {style!r}",
        "citations are written in one of two styles",
        f"choose one of {', '.join(STYLES)}",
    )


def _plain(origin: Origin) -> str:
    read = f" Retrieved {origin.retrieved}." if origin.retrieved else ""
    return f"{origin.citation.rstrip('.')}. {origin.address}{read} Licence: {origin.licence}."


def _bibtex(origin: Origin) -> str:
    year = re.search(r"\b(19|20)\d\d\b", origin.citation)
    fields = {
        "author": "{" + _escape(origin.producer) + "}",
        "title": _escape(origin.title),
        "year": year.group() if year else "",
        "howpublished": r"\url{" + origin.address + "}" if origin.address else "",
        "urldate": origin.retrieved,
        "note": _escape(f"Licence: {origin.licence}" if origin.licence else ""),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{origin.key},\n{body}}}"


def _escape(text: str) -> str:
    """Return the text with the characters that TeX would obey made harmless.

    >>> _escape("Smith & Wesson_50%")
    'Smith \\\\& Wesson\\\\_50\\\\%'
    """
    return "".join(_SPECIAL.get(c, c) for c in text)
