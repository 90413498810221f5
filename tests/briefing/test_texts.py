"""The languages say the same things: same keys, same placeholders, all plural forms."""

from __future__ import annotations

import pytest

from sulh.briefing.language import LANGUAGES, Language
from sulh.briefing.messages import Hole, Message, fill, parse, placeholders
from sulh.briefing.model import Number, Text, plain
from sulh.core.errors import BadRequest, FactsError

ENGLISH, FRENCH, ARABIC = (Language.of(code) for code in LANGUAGES)
KEYS = [(section, key) for section, texts in ENGLISH.texts.items() for key in texts]
# The subject stands in whatever case the sentence of a language needs.
SUBJECT = {"subject", "of_subject", "subject_full"}


@pytest.mark.parametrize("language", [FRENCH, ARABIC], ids=lambda language: language.code)
def test_every_language_has_the_same_keys(language: Language) -> None:
    own = {(section, key) for section, texts in language.texts.items() for key in texts}
    assert own == set(KEYS)


@pytest.mark.parametrize("language", [FRENCH, ARABIC], ids=lambda language: language.code)
@pytest.mark.parametrize(("section", "key"), KEYS)
def test_placeholders_are_the_same(language: Language, section: str, key: str) -> None:
    english, own = (placeholders(each.texts[section][key]) for each in (ENGLISH, language))
    assert own - SUBJECT == english - SUBJECT
    assert bool(own & SUBJECT) == bool(english & SUBJECT)


def holes(message: Message) -> list[Hole]:
    found = [part for part in message if isinstance(part, Hole)]
    return found + [hole for part in found for _, form in part.forms for hole in holes(form)]


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_a_counted_noun_has_every_arabic_form(section: str, key: str) -> None:
    for hole in holes(parse(ARABIC.texts[section][key])):
        names = {name for name, _ in hole.forms}
        if hole.kind == "plural" and names != {"other"}:
            assert names >= {"one", "two", "few", "many", "other"}


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_arabic_text_is_arabic(section: str, key: str) -> None:
    text = ARABIC.texts[section][key]
    letters = [c for c in text if c.isalpha()]
    arabic = [c for c in letters if "\u0600" <= c <= "\u06ff"]
    inside = sum(len(name) for name in ("sulh", "PKO", "Geo"))
    names = placeholders(text)
    if letters and not names and len(letters) > inside:
        assert len(arabic) > 0.8 * len(letters)


def test_arabic_numbers_govern_their_noun() -> None:
    said = [
        ARABIC.word("overview.rank", of_subject="مصر", rank="1", nations=n)
        for n in (1, 2, 3, 11, 100, 103)
    ]
    assert "دولة مساهمة واحدة" in said[0]
    assert "دولتين مساهمتين" in said[1]
    assert "3 دول مساهمة" in said[2]
    assert "11 دولة مساهمة" in said[3]
    assert "100 دولة مساهمة" in said[4]
    assert "103 دول مساهمة" in said[5]


def test_a_plural_takes_an_exact_number_first() -> None:
    text = "{n, plural, =0 {none} one {# nation} other {# nations}}"
    said = [plain(fill(text, {"n": n}, ENGLISH.category)) for n in (0, 1, 2)]
    assert said == ["none", "1 nation", "2 nations"]


@pytest.mark.parametrize(
    "broken", ["{", "}", "{n", "{n, plural, one {x}}", "{n, plural other {x}}", "a {} b"]
)
def test_a_broken_message_is_refused(broken: str) -> None:
    with pytest.raises(FactsError):
        parse(broken)


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(FactsError, match="month"):
        fill("in {month}", {}, ENGLISH.category)


def test_a_value_is_never_read_as_a_message() -> None:
    assert fill("of {name}", {"name": "{n, plural}"}, ENGLISH.category) == (Text("of {n, plural}"),)


def test_unknown_languages_are_refused() -> None:
    with pytest.raises(BadRequest, match="'de'"):
        Language.of("de")


@pytest.mark.parametrize(
    ("code", "english", "french", "arabic"),
    [
        ("TUR", "Türkiye", "Türkiye", "تركيا"),
        ("CIV", "Côte d’Ivoire", "Côte d’Ivoire", "كوت ديفوار"),
        ("PSE", "State of Palestine", "État de Palestine", "دولة فلسطين"),
        ("COD", "Democratic Republic of the Congo", "République démocratique du Congo",
         "جمهورية الكونغو الديمقراطية"),
        ("YUG", "Yugoslavia", "Yougoslavie", "يوغوسلافيا"),
        ("BGD", "Bangladesh", "Bangladesh", "بنغلاديش"),
    ],
)  # fmt: skip
def test_nations_are_named_as_the_united_nations_do(
    code: str, english: str, french: str, arabic: str
) -> None:
    assert [each.nation(code) for each in (ENGLISH, FRENCH, ARABIC)] == [english, french, arabic]


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("BGD", "du Bangladesh"), ("MYS", "de la Malaisie"), ("IDN", "de l’Indonésie"),
        ("ARE", "des Émirats arabes unis"), ("MLT", "de Malte"), ("MEX", "du Mexique"),
        ("ISR", "d’Israël"), ("TUR", "de la Türkiye"), ("YEM", "du Yémen"),
        ("MOZ", "du Mozambique"), ("PAK", "du Pakistan"), ("EGY", "de l’Égypte"),
        ("PSE", "de l’État de Palestine"), ("SLV", "d’El Salvador"), ("NLD", "des Pays-Bas"),
    ],
)  # fmt: skip
def test_french_articles(code: str, written: str) -> None:
    assert FRENCH.running(code, "of") == written


def test_french_elides_before_a_month() -> None:
    said = FRENCH.word("document.subtitle_un", month=FRENCH.month("2025-08"))
    assert said.endswith("à la fin d’août 2025.")


def test_numbers_and_months() -> None:
    assert [each.number(1234567) for each in (ENGLISH, FRENCH, ARABIC)] == [
        "1,234,567",
        "1\u202f234\u202f567",
        "1,234,567",
    ]
    assert [each.month("2020-12") for each in (ENGLISH, FRENCH, ARABIC)] == [
        "December 2020",
        "décembre 2020",
        "ديسمبر 2020",
    ]


def test_the_number_stays_a_figure_inside_a_plural() -> None:
    from sulh.briefing.model import Figure

    number = ARABIC.figure(Figure(12, "count", "2020-12", ("un",), "sulh rank 2020-12"))
    line = ARABIC.say("overview.rank", of_subject="مصر", rank="1", nations=number)
    assert [part for part in line if isinstance(part, Number)] == [number]
