"""Citations: one entry a source, in order, with what TeX would obey made harmless."""

from __future__ import annotations

import pytest

from sulh.core.errors import BadRequest
from sulh.core.origin import Origin
from sulh.result.citations import cite

B = Origin("b_key", "T & T", "Bara, C.", "Bara (2020). Hats", "CC BY 4.0", "https://example.org/b")
A = Origin("a_key", "Title", "UN", "United Nations. Report", "UN", "", retrieved="2025-08-01")


def test_plain_citations_are_sorted_and_unique() -> None:
    lines = cite([B, A, B]).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("United Nations")
    assert "Retrieved 2025-08-01" in lines[0]


def test_bibtex_escapes_and_takes_the_year_from_the_citation() -> None:
    text = cite([B], "bibtex")
    assert text.startswith("@misc{b_key,")
    assert r"T \& T" in text
    assert "year = {2020}" in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def test_an_unknown_style_lists_the_known() -> None:
    with pytest.raises(BadRequest, match="bibtex"):
        cite([A], "apa")
