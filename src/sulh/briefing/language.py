"""Numbers, months, lists and names as a language writes them (CLDR through Babel)."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal

from sulh.briefing.messages import Value, fill
from sulh.briefing.model import Figure, Line, Number, Part, Term, Text, plain
from sulh.core.errors import BadRequest, FactsError
from sulh.facts import states

LANGUAGES = {"en": "en_GB", "fr": "fr", "ar": "ar"}
UNITS = (
    "count", "share", "rank", "month", "year", "years", "ratio", "index", "rate", "text",
)  # fmt: skip
_DECIMALS = {"share": 1, "ratio": 2, "index": 3, "rate": 1}


@cache
def _toml(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath("texts", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True)
class Language:
    """One of the languages of the document.

    >>> english = Language.of("en")
    >>> english.number(1234.6), english.month("2013-12")
    ('1,235', 'December 2013')
    """

    code: str
    locale: Locale

    @classmethod
    def of(cls, code: str) -> Language:
        """Return the language ``en``, ``fr`` or ``ar``; `BadRequest` for another."""
        if code not in LANGUAGES:
            raise BadRequest(
                f"the language {code!r}",
                "the document is written in English, French or Arabic",
                f"choose one of {', '.join(LANGUAGES)}",
            )
        return cls(code, Locale.parse(LANGUAGES[code]))

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Return the direction in which the language is written."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    @cached_property
    def texts(self) -> dict[str, dict[str, str]]:
        """Return the messages, by section and key."""
        return _toml(self.code)

    def message(self, key: str) -> str:
        """Return the message ``section.name`` as it stands in the file."""
        section, _, name = key.partition(".")
        try:
            return self.texts[section][name]
        except KeyError:
            raise FactsError(
                f"no text {key} in {self.code}", "a sentence is missing", "write it"
            ) from None

    def has(self, key: str) -> bool:
        """Return whether the language has a message."""
        section, _, name = key.partition(".")
        return name in self.texts.get(section, {})

    def say(self, key: str, **values: Value) -> Line:
        """Return a message with its placeholders filled."""
        line = fill(self.message(key), values, self.category)
        return tuple(_french_text(part) for part in line) if self.code == "fr" else line

    def word(self, key: str, **values: Value) -> str:
        """Return a message as plain words, for titles and labels."""
        return plain(self.say(key, **values))

    def category(self, number: float) -> str:
        """Return the CLDR plural category of a number."""
        return str(self.locale.plural_form(number))

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with the language's separators."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return str(
            format_decimal(
                round(value, decimals) + 0.0 if decimals else round(value),
                format=pattern,
                locale=self.locale,
                numbering_system="default",
            )
        )

    def year(self, value: int | str) -> str:
        """Return a year, without separators."""
        return str(
            format_decimal(int(value), format="0", locale=self.locale, numbering_system="default")
        )

    def month(self, month: str) -> str:
        """Return a month in words, or a year, or a period of either (``2013-12/2014-02``)."""
        if "/" in month:
            first, last = month.split("/")
            return self.word("units.period", first=self.month(first), last=self.month(last))
        if len(month) == 4:
            return self.year(month)
        return str(format_date(_first_day(month), "LLLL y", locale=self.locale))

    def month_short(self, month: str) -> str:
        """Return a month for a table cell."""
        if "/" in month:
            first, last = month.split("/")
            return f"{self.month_short(first)}–{self.month_short(last)}"
        if len(month) == 4:
            return self.year(month)
        written = str(format_date(_first_day(month), "LLL y", locale=self.locale))
        return written.replace(" ", "\u00a0")

    def months(self) -> tuple[str, ...]:
        """Return the names of the twelve months."""
        names = get_month_names("wide", context="stand-alone", locale=self.locale)
        return tuple(names[i] for i in range(1, 13))

    @property
    def comma(self) -> str:
        """Return the comma between items of a list that does not end with a conjunction."""
        return "، " if self.direction == "rtl" else ", "

    def join(self, items: list[str]) -> str:
        """Return a list in words."""
        return str(format_list(items, style="standard", locale=self.locale))

    def joined(self, items: list[Value]) -> Line:
        """Return a list in words whose items may be terms or figures."""
        marks = [f"\ue000{i}\ue001" for i in range(len(items))]
        text = self.join(marks) if marks else ""
        values = {f"i{i}": item for i, item in enumerate(items)}
        for i, mark in enumerate(marks):
            text = text.replace(mark, f"{{i{i}}}")
        return fill(text, values, self.category)

    def written(self, figure: Figure, *, short: bool = False) -> str:
        """Return a figure's value as it stands in a sentence, or (short) in a table."""
        value, unit = figure.value, figure.unit
        if value is None:
            return self.word("units.unknown")
        if unit == "text":
            return str(value)
        if unit in ("month", "year"):
            return self.month_short(str(value)) if short else self.month(str(value))
        number = self.number(float(value), _DECIMALS.get(unit, 0))
        if unit == "share":
            number = self.number(float(value) * 100, _share_decimals(float(value)))
            return self.word("units.percent_short" if short else "units.percent", n=number)
        return number

    def figure(self, figure: Figure, *, short: bool = False) -> Number:
        """Return a figure as a part of a line."""
        return Number(self.written(figure, short=short), figure)

    def nation(self, code: str) -> str:
        """Return the name of a nation: CLDR's, or the practice of the United Nations."""
        own: dict[str, str] = _toml("nations")[self.code]["names"]
        if code in own:
            return own[code]
        rows = states.by_nation().get(code)
        if not rows:
            return code
        name = self.locale.territories.get(rows[-1].codes["iso2"])
        return str(name) if name else rows[-1].name

    def operation(self, name: str, *, first: bool = False) -> str:
        """Return the acronym of an operation as the language uses it.

        ``first`` is the form of a first mention, with the English acronym behind another one.

        >>> Language.of("fr").operation("UNIFIL", first=True), Language.of("en").operation("UNIFIL")
        ('FINUL (UNIFIL)', 'UNIFIL')
        """
        own = _toml("acronyms").get(self.code, {}).get(name, name)
        return f"{own} ({name})" if first and own != name else str(own)

    def running(self, code: str, role: Literal["subject", "of"] = "subject") -> str:
        """Return a nation's name in running text, with the article of the language.

        >>> Language.of("fr").running("BGD", "of"), Language.of("fr").running("MLT", "of")
        ('du Bangladesh', 'de Malte')
        """
        name = self.nation(code)
        if self.code == "en":
            the = "the " if code in _toml("nations")["en"]["articles"]["the"] else ""
            return f"of {the}{name}" if role == "of" else f"{the}{name}"
        if self.code == "fr":
            return _french(code, name, role)
        return name


def _french_text(part: Part) -> Part:
    """Write "d’août" for "de août", and keep signs on the line of the word before them."""
    if not isinstance(part, Text):
        return part
    text = re.sub(r"\b([Dd])e (?=(?:avril|août|octobre)\b)", r"\1’", part.text)
    return Text(re.sub(r"[ \u00a0](?=[;!?%»])", "\u202f", re.sub(r" (?=:)", "\u00a0", text)))


def _french(code: str, name: str, role: str) -> str:
    articles = _toml("nations")["fr"]["articles"]
    vowel = name[0].lower() in "aeiouéèêâîïô" and code not in ("YEM",)
    if code in articles["bare"]:
        return (f"d’{name}" if vowel else f"de {name}") if role == "of" else name
    if code in articles["plural"]:
        return f"des {name}" if role == "of" else f"les {name}"
    if vowel:
        return f"de l’{name}" if role == "of" else f"l’{name}"
    first = re.split(r" \(|[ -]", name, maxsplit=1)[0]
    feminine = code in articles["feminine"] or (
        first.endswith(("e", "é")) and code not in articles["masculine"]
    )
    if feminine:
        return f"de la {name}" if role == "of" else f"la {name}"
    return f"du {name}" if role == "of" else f"le {name}"


def group_name(language: Language, group: str, form: str = "of") -> str | None:
    """Return the name of a known group, or None.

    ``form`` is ``of``, as it follows "members of", or ``title``, as it stands in the title.
    """
    entry = _toml("groups").get(group)
    if entry is None:
        return None
    return str(entry.get(form, {}).get(language.code, entry[language.code]))


def words(text: str) -> Line:
    """Return plain words as a line."""
    return (Text(text),) if text else ()


def term(text: str) -> Part:
    """Return a name to be isolated from the direction of the sentence."""
    return Term(text)


def _share_decimals(share: float) -> int:
    """Return the decimals of a percentage: one, or more where it would read as zero."""
    return 1 if share == 0 or abs(share) >= 0.0005 else 2 if abs(share) >= 0.00005 else 3


def _first_day(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:7]), 1)
