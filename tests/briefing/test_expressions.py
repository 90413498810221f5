"""Groups set against each other, and short lists of nations, are said in words."""

from __future__ import annotations

import pytest

from sulh.briefing import compose
from sulh.briefing.expressions import in_words, nations_of
from sulh.briefing.language import Language
from sulh.briefing.model import Paragraph, plain
from sulh.store.reading import Store


def said(lang: str, expression: str, role: str) -> str | None:
    line = in_words(Language.of(lang), expression, role)  # type: ignore[arg-type]
    return None if line is None else plain(line)


@pytest.mark.parametrize(
    ("lang", "expression", "role", "words"),
    [
        ("en", "OIC - ARAB_LEAGUE", "of", "of OIC members outside the League of Arab States"),
        ("en", "OIC & AU", "subject", "members of both the Organisation of Islamic Cooperation "
         "and the African Union"),
        ("en", "GCC | AU", "of", "of members of the Gulf Cooperation Council or the African Union"),
        ("en", "OIC - Türkiye", "subject", "OIC members other than Türkiye"),
        ("en", "EGY, JOR", "of", "of Egypt and Jordan"),
        ("fr", "OIC - ARAB_LEAGUE", "of", "des États membres de l’OCI non membres de la Ligue des "
         "États arabes"),
        ("fr", "EGY, JOR", "subject", "l’Égypte et la Jordanie"),
        ("ar", "OIC - ARAB_LEAGUE", "subject", "الدول الأعضاء في منظمة التعاون الإسلامي غير "
         "الأعضاء في جامعة الدول العربية"),
        ("ar", "EGY, JOR", "of", "مصر والأردن"),
    ],
)  # fmt: skip
def test_in_words(lang: str, expression: str, role: str, words: str) -> None:
    assert said(lang, expression, role) == words


@pytest.mark.parametrize("expression", ["OIC - (AU | EU)", "OIC & AU & NAM", "@list.csv", "EGY &"])
def test_what_is_not_said_in_words(expression: str) -> None:
    assert said("en", expression, "subject") is None


def test_only_lists_of_nations_are_nations() -> None:
    assert nations_of("EGY, JOR, EGY") == ("EGY", "JOR")
    assert nations_of("EGY & JOR") == ()
    assert nations_of("OIC") == ()


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_a_document_names_groups_not_codes(small: Store, lang: str) -> None:
    document = compose(small, "OIC - ARAB_LEAGUE", lang)
    text = "\n".join(
        plain(block.line)
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph)
    )
    assert "ARAB_LEAGUE" not in document.title + text
    assert " - " not in document.title


def test_the_title_of_a_group_is_not_an_acronym_few_know(small: Store) -> None:
    title = compose(small, "GCC").title
    assert title == "The role of Gulf Cooperation Council nations in peacekeeping operations"
