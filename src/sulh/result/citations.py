"""Citations of the sources that a result rests on, plain or as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sulh.core.errors import BadRequest, UnknownName
from sulh.core.origin import Origin
from sulh.facts.catalogue import entry

STYLES = ("plain", "bibtex")
_USER = "user"
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

    A user's own files each name their source: these stand beside one another.

    Raises `BadRequest` for a style other than ``plain`` or ``bibtex``.
    """
    given = sorted(set(origins))
    unique = {origin.key: origin for origin in given if origin.key != _USER}
    own = [origin for origin in given if origin.key == _USER]
    entries = sorted([*unique.values(), *own])
    if style == "plain":
        return "\n".join(_plain(origin) for origin in entries)
    if style == "bibtex":
        labels = {origin: f"{_USER}-{place}" for place, origin in enumerate(own, 1)}
        if len(own) == 1:
            labels = {}
        return "\n\n".join(_bibtex(each, labels.get(each, each.key)) for each in entries)
    raise BadRequest(
        f"the citation style {style!r}",
        "citations are written in one of two styles",
        f"choose one of {', '.join(STYLES)}",
    )


def _plain(origin: Origin) -> str:
    read = f" Retrieved {origin.retrieved}." if origin.retrieved else ""
    told = origin.citation.rstrip(".")
    if origin.key == _USER and origin.producer not in told:
        told = f"{origin.producer}: {told}"
    where = f" {origin.address}" if origin.address else ""
    return f"{told}.{where}{read} Licence: {origin.licence}."


def _bibtex(origin: Origin, label: str) -> str:
    kind, fields = _fields(origin)
    fields |= {"urldate": origin.retrieved}
    if origin.licence and "note" not in fields:
        fields["note"] = f"Licence: {origin.licence}"
    body = "".join(
        f"  {name} = {{{_value(name, value)}}},\n" for name, value in fields.items() if value
    )
    return f"@{kind}{{{label},\n{body}}}"


def _fields(origin: Origin) -> tuple[str, dict[str, str]]:
    """Return the kind of entry and its fields, from the catalogue if it knows the source.

    Of a user's own figures the user's file says who says so.
    """
    if origin.key == _USER and origin.citation:
        return "misc", {
            "author": "{" + origin.producer + "}",
            "title": origin.title,
            "howpublished": origin.citation,
            "url": origin.address,
        }
    try:
        known = entry(origin.key)
    except UnknownName:
        year = re.search(r"\b(19|20)\d\d\b", origin.citation)
        return "misc", {
            "author": "{" + origin.producer + "}",
            "title": origin.title,
            "year": year.group() if year else "",
            "url": origin.address,
        }
    return known.kind, known.fields()


def _value(name: str, value: str) -> str:
    if name in ("url", "doi"):
        return value.replace("{", "").replace("}", "")
    if name == "author" and value.startswith("{") and value.endswith("}"):
        return "{" + _escape(value[1:-1]) + "}"
    return _escape(value)


def _escape(text: str) -> str:
    """Return the text with the characters that TeX would obey made harmless.

    >>> _escape("Smith & Wesson_50%")
    'Smith \\\\& Wesson\\\\_50\\\\%'
    """
    return "".join(_SPECIAL.get(c, c) for c in text)
