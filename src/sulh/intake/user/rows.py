"""A grid of text to contributions, with every problem on the way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sulh.core.errors import BadMonth
from sulh.core.months import month_of, parse_month
from sulh.facts.states import by_nation
from sulh.intake.cells import FIRST_MONTH, last_month
from sulh.intake.user.grid import Grid
from sulh.intake.user.mapping import Mapping
from sulh.intake.user.names import Names
from sulh.intake.user.problems import Problem
from sulh.intake.user.template import FIGURES, PERSONNEL_TYPES

MOST_PERSONS = 1_000_000
_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(,\d{3})+|\d{1,3}([ \u00a0\u202f]\d{3})+")
_THOUSANDS = re.compile(r"\d{1,6}(\.\d{1,3})?")
_YEAR = re.compile(r"\d{4}")
_DAY = re.compile(r"(\d{4}-\d{2})-\d{2}([T ].*)?")
_UNFIT_NAME = re.compile(r"^[=@+\-|]|[\x00-\x1f<>{}]")
_TOTALS = frozenset(
    [
        *("total", "totals", "grand total", "sub total", "subtotal", "sum", "all", "overall"),
        *("all countries", "all nations", "world", "everybody", "sum total", "overall total"),
        *("total général", "total general", "sous total", "ensemble", "somme", "tous", "tous pays"),
        *("gesamt", "insgesamt", "summe", "totale", "suma", "المجموع", "الإجمالي", "المجموع الكلي"),
    ]
)
_TOTAL_OF = re.compile(r"(grand |sub |sous )?totals?\b")
_CODE = re.compile(r"[A-Z]{3}")
_LONGEST_NAME = 120
_UN = frozenset(["un", "united nations"])


@dataclass(frozen=True, slots=True)
class Row:
    """One contribution; ``origin`` holds producer, citation, licence, url and body."""

    line: int
    month: str
    nation: str
    nation_code: str | None
    operation: str | None
    personnel_type: str
    women: int | None
    men: int | None
    persons: int
    origin: dict[str, str] = field(hash=False, default_factory=dict)

    @property
    def place(self) -> tuple[str, str, str | None, str]:
        """Return what may occur only once in a table."""
        return (self.month, self.nation.casefold(), self.operation, self.personnel_type)


@dataclass
class _Reader:
    """Reads the rows of a grid by a mapping and collects the problems.

    ``day`` is that of the import: what is later was not observed; empty for none.
    """

    mapping: Mapping
    day: str = ""
    problems: list[Problem] = field(default_factory=list)
    names: Names = field(default_factory=lambda: Names(last_month()))

    def rows(self, grid: Grid) -> Iterator[Row]:
        """Yield the sound rows; a wide row gives one for each personnel type."""
        for line, cells in grid.rows:
            if self.mapping.persons_by_type:
                for column, kind in self.mapping.persons_by_type.items():
                    if cells.get(column, "") not in ("", *self.mapping.values.missing):
                        yield from self._row(line, cells, kind, column)
            else:
                yield from self._row(line, cells, None, self.mapping.columns.persons)

    def _row(
        self, line: int, cells: dict[str, str], kind: str | None, persons: str | None
    ) -> Iterator[Row]:
        before = len(self.problems)
        columns = self.mapping.columns
        month = self._month(line, self._text(cells, "month"))
        nation = self._name(line, "nation", self._text(cells, "nation"))
        operation = self._text(cells, "operation")
        if operation is not None:
            operation = self._name(line, "operation", operation)
            if operation is not None:
                self.names.operation(line, operation, month)
        else:
            self._refuse_foreign(line, cells)
        code = self._nation_code(line, cells, nation, month)
        kind = kind or self._type(line, self._text(cells, "personnel_type"))
        women = self._count(line, "women", columns.women, cells)
        men = self._count(line, "men", columns.men, cells)
        given = self._count(line, "persons", persons, cells)
        unread = any(str(problem.found).startswith(FIGURES) for problem in self.problems[before:])
        total = None if unread else self._total(line, women, men, given)
        if len(self.problems) > before or not month or not nation or not kind or total is None:
            return
        origin = {
            name: text
            for name in ("citation", "url", "body")
            if (text := self._text(cells, name)) is not None
        }
        yield Row(line, month, nation, code, operation, kind, women, men, total, origin)

    def _nation_code(
        self, line: int, cells: dict[str, str], nation: str | None, month: str | None
    ) -> str | None:
        """Return the code of a row's nation, if it gives one; check what name and code mean."""
        code = self._text(cells, "nation_code")
        if nation is None:
            return code
        if code is None and _CODE.fullmatch(nation) and nation in by_nation():
            code = nation
        self.names.nation(line, None if nation == code else nation, code, month)
        return code

    def _text(self, cells: dict[str, str], name: str) -> str | None:
        """Return the text for one of our columns, from its cell or from the constants."""
        constant = getattr(self.mapping.constants, name, None)
        if constant is not None:
            return str(constant)
        column = getattr(self.mapping.columns, name, None)
        text = cells.get(column, "") if column else ""
        return None if text in ("", *self.mapping.values.missing) else text

    def _refuse_foreign(self, line: int, cells: dict[str, str]) -> None:
        """Refuse a figure of another body that names no operation: it would count as the UN's."""
        body = self._text(cells, "body") or self.mapping.source.body or "UN"
        if body.strip().casefold() not in _UN:
            mend = "name the operation, by which a figure is known to be another body's and not UN"
            self._problem(line, f"body {body[:40]!r} and no operation", mend)

    def _problem(self, line: int, found: str, mend: str) -> None:
        self.problems.append(Problem(found, mend, line))

    def _month(self, line: int, text: str | None) -> str | None:
        if text is None:
            self._problem(line, "no month", "write for example 2020-12")
            return None
        month = self._read_month(text)
        if month is None:
            mend = "write for example 2020-12, or say month_format in the mapping file"
            if _YEAR.fullmatch(text):
                mend = (
                    "a year is no month: write the month that the figure speaks of, "
                    "or say month_of_year in the mapping file"
                )
            self._problem(line, f"month {text[:40]!r}", mend)
        elif self.day and month > self.day[:7]:
            found = f"month {text[:40]!r} is later than the day of the import, {self.day}"
            mend = "a figure counts who served: correct the month, or leave the forecast out"
            self._problem(line, found, mend)
        elif not FIRST_MONTH <= month <= last_month():
            found = f"month {text[:40]!r} is not within {FIRST_MONTH} to {last_month()}"
            self._problem(line, found, "correct the month")
        return month

    def _read_month(self, text: str) -> str | None:
        """Return the month, or None where the text is none as the mapping has them."""
        values = self.mapping.values
        if values.month_of_year and _YEAR.fullmatch(text):
            return f"{text}-{values.month_of_year:02d}"
        day = _DAY.fullmatch(text)
        try:
            if day:
                dt.date.fromisoformat(text[:10])
                return parse_month(day[1])
            if values.month_format:
                return month_of(dt.datetime.strptime(text, values.month_format).date())
            return parse_month(text)
        except (BadMonth, ValueError):
            return None

    def _name(self, line: int, column: str, text: str | None) -> str | None:
        if text is None:
            self._problem(line, f"no {column}", f"write the {column}")
        elif is_total(text):
            self._problem(line, f"{column} {text!r} is a total", "leave rows of totals out")
        elif len(text) > _LONGEST_NAME or _UNFIT_NAME.search(text):
            self._problem(line, f"{column} {text[:40]!r} cannot be a name", "write a plain name")
        else:
            return text
        return None

    def _type(self, line: int, text: str | None) -> str | None:
        allowed = ", ".join(PERSONNEL_TYPES)
        if text is None:
            self._problem(line, "no personnel type", f"write one of {allowed}")
            return None
        own = self.mapping.personnel_types.get(text)
        plain = own or re.sub(r"[\s-]+", "_", text.strip().lower())
        if plain not in PERSONNEL_TYPES:
            mend = f"write one of {allowed}, or translate it under [personnel_types]"
            self._problem(line, f"personnel type {text[:40]!r}", mend)
            return None
        return plain

    def _count(self, line: int, name: str, column: str | None, cells: dict[str, str]) -> int | None:
        text = cells.get(column, "") if column else ""
        if text in ("", *self.mapping.values.missing):
            return None
        number = self._number(text)
        if number is None or number > MOST_PERSONS:
            mend = f"write a whole number from 0 to {MOST_PERSONS:,}, such as 1522"
            self._problem(line, f"{name} {text[:40]!r}", mend)
            return None
        return number

    def _number(self, text: str) -> int | None:
        if self.mapping.values.unit == "thousands":
            return round(float(text) * 1000) if _THOUSANDS.fullmatch(text) else None
        return int(re.sub(r"\D", "", text)) if _WHOLE.fullmatch(text) else None

    def _total(
        self, line: int, women: int | None, men: int | None, persons: int | None
    ) -> int | None:
        """Return the persons, from both sexes where they are not given; they must agree."""
        known = (women or 0) + (men or 0)
        both = women is not None and men is not None
        if persons is None:
            if both:
                return known
            self._problem(line, "no persons", "give persons, or women and men")
            return None
        if known > persons or (both and known != persons):
            sexes = f"women {women}, men {men}, persons {persons}"
            self._problem(line, sexes, "women and men must add up to the persons")
            return None
        return persons


def is_total(name: str) -> bool:
    """Return whether a name stands for a sum of nations.

    >>> [is_total(name) for name in ("Grand  total:", "Total général", "Togo", "Ensemble")]
    [True, True, False, True]
    """
    plain = " ".join(re.sub(r"[^\w\s]|_", " ", name.casefold()).split())
    return plain in _TOTALS or bool(_TOTAL_OF.match(plain))


def read_rows(grid: Grid, mapping: Mapping, day: str = "") -> tuple[list[Row], list[Problem]]:
    """Return the sound rows of a grid, and every problem of it.

    ``day`` is that of the import, YYYY-MM-DD; a later month is a problem. Empty for no bound.
    """
    reader = _Reader(mapping, day)
    problems = [*grid.problems, *_missing_columns(grid, mapping)]
    if problems and len(problems) > len(grid.problems):
        return [], problems
    rows = list(reader.rows(grid))
    first: dict[tuple[str, str, str | None, str], int] = {}
    for row in rows:
        seen = first.setdefault(row.place, row.line)
        if seen != row.line:
            told = f"{row.nation}, {row.operation or 'no operation'}, {row.personnel_type}"
            found = f"{row.month} {told} stands on line {seen} too"
            reader.problems.append(Problem(found, "a stock has one figure: keep one row", row.line))
    return rows, [*problems, *reader.problems, *reader.names.problems()]


def _missing_columns(grid: Grid, mapping: Mapping) -> list[Problem]:
    """Return a problem for each column that the mapping names and the table lacks."""
    named = {ours: theirs for ours, theirs in mapping.columns.model_dump().items() if theirs}
    named |= {kind: column for column, kind in mapping.persons_by_type.items()}
    shown = ", ".join(repr(name) for name in grid.names)[:300]
    return [
        Problem(f"no column {theirs!r} (for {ours})", f"the table has {shown}")
        for ours, theirs in named.items()
        if theirs not in grid.names
    ]
