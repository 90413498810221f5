"""Ask the questions for the document, and keep what each figure rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import polars as pl

from sulh.briefing.case import CaseAsked
from sulh.briefing.expressions import Role, in_words, nations_of
from sulh.briefing.grid import yearly
from sulh.briefing.language import Language, group_name
from sulh.briefing.messages import Value
from sulh.briefing.model import Cite, Figure, Line, Number, Paragraph, Support, Term, Text
from sulh.briefing.pages import named, page_of
from sulh.core.errors import AmbiguousName, NotAnswerable, UnknownName
from sulh.core.origin import Origin
from sulh.facts import groups
from sulh.facts.states import by_nation
from sulh.questions.contributions import series
from sulh.questions.ground import members_on, nation_named
from sulh.questions.quality import doubts
from sulh.questions.view import View
from sulh.result import Result
from sulh.store.reading import Store


@dataclass(frozen=True)
class Subject:
    """What the document is about: a nation, a known group, or a list of the user's own.

    ``asked`` is the expression as the questions take it.
    """

    asked: str
    kind: Literal["nation", "group", "list"]
    code: str

    @classmethod
    def of(cls, text: str, on: str) -> Subject:
        """Return the subject that a text names in a month; errors are those of the facts."""
        text = text.strip()
        try:
            return cls(text, "group", groups.group_named(text).group)
        except (UnknownName, AmbiguousName):
            pass
        try:
            nation = nation_named(text, on)
        except (UnknownName, AmbiguousName):
            groups.members(text, on=on)
            return cls(text, "list", text)
        return cls(nation, "nation", nation)

    @property
    def nations_only(self) -> bool:
        """Return whether it is a nation or a list of some: no question of membership arises."""
        return self.kind == "nation" or (self.kind == "list" and bool(nations_of(self.asked)))

    def name(self, language: Language, role: Role = "subject") -> Line:
        """Return the subject in running text; ``full`` is the form of the first mention."""
        if self.kind == "nation":
            return (Text(language.running(self.code, "of" if role == "of" else "subject")),)
        if self.kind == "group":
            return self._group(language, role)
        said = in_words(language, self.asked, role)
        if said is not None:
            return said
        role = "subject" if role == "full" else role
        return language.say(f"subject.list_{role}", name=Term(self.asked))

    def _group(self, language: Language, role: Role) -> Line:
        """Return a group; its full name is followed by the acronym that then stands for it."""
        short = group_name(language, self.code, "short") or self.code
        name = short if role != "full" else group_name(language, self.code) or self.code
        acronym = re.search(r"[A-Z][A-Z0-9]{2,}$", short)
        if role == "full" and acronym and acronym.group() not in name:
            name = f"{name} ({acronym.group()})"
        return language.say(f"subject.group_{role}", name=name)


@dataclass(eq=False)
class Evidence:
    """The store seen for one subject in one language, with the origins used so far."""

    store: Store
    subject: Subject
    language: Language
    view: View = field(default_factory=View)
    case: CaseAsked | None = None
    origins: dict[str, Origin] = field(default_factory=dict)
    answers: dict[object, Result | None] = field(default_factory=dict)

    @property
    def months(self) -> tuple[str, ...]:
        """Return the months of the view that the store holds."""
        low, high = self.view.from_ or "", self.view.to or "9999"
        return tuple(month for month in self.store.months if low <= month <= high)

    @property
    def latest(self) -> str:
        """Return the last month with reports."""
        return self.months[-1]

    def seen(self, **changes: str | None) -> View:
        """Return the document's view with other months or another breakdown."""
        fields = {
            "from_": self.view.from_,
            "to": self.view.to,
            "by": None,
            "scope": self.view.scope,
            "membership": self.view.membership,
        }
        return View(**(fields | changes))  # type: ignore[arg-type]

    def at(self, month: str, by: str | None = None) -> View:
        """Return the view of one month."""
        return self.seen(from_=month, to=month, by=by)

    def ask(self, question: Callable[..., Result], *arguments: object) -> Result | None:
        """Return the answer, its origins noted; None where the data do not hold one."""
        key = (question, arguments)
        if key not in self.answers:
            try:
                found = question(self.store, *arguments)
                self.answers[key] = found.with_query(self.command(found.query))
            except NotAnswerable:
                self.answers[key] = None
        result = self.answers[key]
        if result is not None:
            self.note(result.origins)
        return result

    def command(self, words: str) -> str:
        """Return a command that asks the store of the document."""
        return words + self.store.option

    def note(self, origins: Iterable[Origin]) -> None:
        """Keep origins, so that figures may cite them."""
        self.origins.update({origin.key: named(origin) for origin in origins})

    def cite(self, origin: Origin) -> tuple[str, ...]:
        """Keep one origin and return its key as a citation."""
        self.note([origin])
        return (origin.key,)

    def fact(self, source: str) -> tuple[str, ...]:
        """Keep the page that a fact was read on and return its key as a citation."""
        return self.cite(page_of(source))

    @cached_property
    def history(self) -> Result | None:
        """Return the subject's head-counts by month."""
        return self.ask(series, self.subject.asked, self.seen())

    @cached_property
    def lifetime(self) -> tuple[str, str]:
        """Return the first and the last month of a nation that is the subject, else all time."""
        code = self.subject.code
        if self.subject.kind != "nation" or code not in by_nation():
            return "", "9999"
        rows = by_nation()[code]
        return rows[0].valid.first_day[:7], rows[-1].valid.last_day[:7]

    def past(self) -> list[dict[str, Any]]:
        """Return the known months of the head-counts, of a nation those in which it existed."""
        rows = [] if self.history is None else self.history.table.to_dicts()
        first, last = self.lifetime
        return [row for row in rows if row["persons"] is not None and first <= row["month"] <= last]

    def sound(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows of months that are neither copied nor undated, or all if all are."""
        doubted = {*self.flagged("copied_month"), *self.flagged("month_not_printed")}
        return [row for row in rows if row["month"] not in doubted] or rows

    @cached_property
    def part(self) -> frozenset[str]:
        """Return the months of whose reports only a part is at hand."""
        return doubts(self.store).part & frozenset(self.months)

    def part_note(self, rows: Iterable[Mapping[str, Any]]) -> Line:
        """Return the note on the months shown of which only a part is known; nothing if none is."""
        shown = self.part & {row["month"] for row in rows if row["persons"] is not None}
        if not shown or self.history is None:
            return ()
        return self.say("overview.part_note", n=self.figure(self.history, len(shown)))

    def among(self, *, last: bool = True) -> str:
        """Return in words among which months a highest figure was looked for."""
        if not yearly(self.months):
            return self.language.word("coverage.among_months")
        if not last or self.latest.endswith("-12"):
            return self.language.word("coverage.among_decembers")
        month = self.language.month(self.latest)
        return self.language.word("coverage.among_decembers_and", last=month)

    @cached_property
    def active(self) -> str | None:
        """Return the last month in which the subject contributes, or None if it never does."""
        if self.history is None:
            return None
        there = self.history.table.filter(pl.col("persons") > 0)["month"]
        return str(there.max()) if there.len() else None

    def flagged(self, code: str) -> list[str]:
        """Return the months that carry a remark of a kind."""
        rows = self.store.scan("flags").filter(pl.col("code") == code).select("month").unique()
        found = set(rows.collect()["month"].drop_nulls())
        return [month for month in self.months if month in found]

    def operations(self, names: Iterable[str], *, first: bool = False) -> Line:
        """Return operations in words, each isolated; ``first`` is the form of the first mention."""
        return self.language.joined(
            [Term(self.language.operation(name, first=first)) for name in names]
        )

    def nations(self, month: str) -> tuple[str, ...]:
        """Return the subject's nations in a month."""
        return members_on(self.subject.asked, month, self.view.membership)

    def figure(
        self, result: Result, value: float | int | str | None, unit: str = "count", month: str = ""
    ) -> Number:
        """Return a value of a result as a figure."""
        keys = tuple(origin.key for origin in result.origins)
        return self.language.figure(Figure(value, unit, month, keys, result.query))

    def cell(
        self, result: Result, value: float | int | str | None, unit: str = "count", month: str = ""
    ) -> Line:
        """Return a value of a result as a cell of a table; empty where it is not reported."""
        if value is None:
            return ()
        keys = tuple(origin.key for origin in result.origins)
        figure = Figure(value, unit, month, keys, result.query)
        return (self.language.figure(figure, short=True),)

    def support(self, *results: Result) -> Support:
        """Return what a table or chart from results rests on; the command is the first's."""
        keys = dict.fromkeys(origin.key for result in results for origin in result.origins)
        return Support(tuple(keys), results[0].query)

    def subject_values(self) -> dict[str, Value]:
        """Return the placeholders that every sentence may use for the subject."""
        return {
            "subject": self.subject.name(self.language),
            "of_subject": self.subject.name(self.language, "of"),
            "subject_full": self.subject.name(self.language, "full"),
            "kind": self.subject.kind,
        }

    def say(self, key: str, **values: Value) -> Line:
        """Return a message with the subject's placeholders filled too."""
        return self.language.say(key, **(self.subject_values() | values))

    def paragraph(self, *lines: Line, role: Literal["body", "lead", "note"] = "body") -> Paragraph:
        """Return sentences as a paragraph."""
        return Paragraph(sentences(*lines), role)


def sentences(*lines: Line) -> Line:
    """Return sentences as one line of text."""
    joined: list[Text | Term | Number | Cite] = []
    for line in lines:
        if joined and line:
            joined.append(Text(" "))
        joined.extend(line)
    return tuple(joined)
