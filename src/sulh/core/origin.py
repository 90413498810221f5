"""Origins: who says so, under which terms, read when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A source that a figure rests on.

    ``key`` is the key in the catalogue of sources; ``retrieved`` is the day on which the file was
    obtained (YYYY-MM-DD) or empty where that is not known; ``sha256`` names the very bytes.
    """

    key: str
    title: str
    producer: str
    citation: str
    licence: str
    address: str
    redistribution: str = ""
    retrieved: str = ""
    sha256: str = ""
