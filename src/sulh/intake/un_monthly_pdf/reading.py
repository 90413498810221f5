"""Entries to rows and printed totals: the one reading that serves every layout.

Names hold until the next name of their kind; the name on the outside (the column further left)
ends the group within it. A total is compared with the sum of the rows of the group that it closes,
or, where it is printed beside a name, of the rows that follow under that name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sulh.intake.base import Flag
from sulh.intake.un_monthly_pdf.entries import Entry, Figures
from sulh.intake.un_monthly_pdf.layout import Layout

Scope = Literal["nation", "operation", "world"]


class Row(NamedTuple):
    """A line of figures with its names; the operation is null where the report gives none."""

    nation: str
    operation: str | None
    entry: Entry


class Total(NamedTuple):
    """A printed total, what it is of, and the sum of the rows that it covers."""

    scope: Scope
    nation: str | None
    operation: str | None
    entry: Entry
    summed: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Return whether every printed figure equals the sum of its rows."""
        printed = self.entry.figures or ()
        return any(figure is not None for figure in printed) and all(
            figure is None or figure == summed
            for figure, summed in zip(printed, self.summed, strict=True)
        )


@dataclass
class Reading:
    """What the pages say.

    ``untotalled`` are groups of rows for which no total is printed, ``unfigured`` are types and
    labels of totals beside which no figure is printed.
    """

    rows: list[Row] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    untotalled: list[tuple[Scope, str, Entry]] = field(default_factory=list)
    unfigured: list[Row] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


class _Group:
    """The rows under one name: their sum so far, and whether a total was printed for them."""

    def __init__(self, name: str, width: int, entry: Entry | None = None) -> None:
        self.name = name
        self.entry = entry
        self.sum = [0] * width
        self.first: Entry | None = None
        self.totalled = False
        self.heading = entry if entry is not None and entry.total else None

    def add(self, entry: Entry) -> None:
        self.first = self.first or entry
        for index, figure in enumerate(entry.figures or ()):
            self.sum[index] += figure or 0


class Reader:
    """Reads entries in order, keeping the nation and the operation that they stand under.

    ``named_rows`` says that every row carries its own nation, so that none is inherited.
    """

    def __init__(self, layout: Layout, *, named_rows: bool = False) -> None:
        self._width = len(layout.columns)
        self._nation_first = layout.nation_first
        self._has_operations = layout.operation is not None
        self._named_rows = named_rows
        self._nation = _Group("", self._width)
        self._operation = _Group("", self._width)
        self._world = _Group("", self._width)
        self.reading = Reading()

    def read(self, entry: Entry) -> None:
        """Take the next entry."""
        if entry.total and not entry.nation and not entry.operation:
            self._total(entry)
            return
        if entry.operation:
            self._enter("operation", entry.operation, entry)
        if entry.nation and not (self._named_rows and entry.figures is None):
            self._enter("nation", entry.nation, entry)
        if entry.data:
            self._row(entry)
        elif entry.type or entry.label:
            row = Row(self._nation.name, self._operation.name or None, entry)
            self.reading.unfigured.append(row)

    def finish(self) -> Reading:
        """Close what is open and return the reading."""
        self._leave("nation", self._nation)
        self._leave("operation", self._operation)
        return self.reading

    def _enter(self, scope: Literal["nation", "operation"], name: str, entry: Entry) -> None:
        """Come under a name; the name on the outside ends the group within it."""
        current = self._nation if scope == "nation" else self._operation
        outer = (scope == "nation") == self._nation_first
        if current.name == name and not current.totalled:
            return  # a name printed in every row, or again at the head of a page
        self._leave(scope, current)
        group = _Group(name, self._width, entry)
        inner = _Group("", self._width)
        if scope == "nation":
            self._nation = group
            if outer:
                self._leave("operation", self._operation)
                self._operation = inner
        else:
            self._operation = group
            if outer:
                self._leave("nation", self._nation)
                self._nation = inner

    def _leave(self, scope: Scope, group: _Group) -> None:
        """Close a group: record the total printed beside its name, or that there was none."""
        if group.entry is not None and group.first is None:
            message = f"no row of figures stands under the name {group.name!r}"
            self._flag("name_without_rows", message, group.entry)
        if group.heading is not None:
            self._record(scope, group, group.heading)
        elif group.first is not None and not group.totalled and any(group.sum):
            self.reading.untotalled.append((scope, group.name, group.first))
        group.heading, group.entry = None, None

    def _row(self, entry: Entry) -> None:
        for group in (self._nation, self._operation, self._world):
            group.add(entry)
        nation, operation = self._nation.name, self._operation.name
        if self._named_rows and not entry.nation:
            nation = ""
        if not nation or (self._has_operations and not operation):
            message = f"a row of figures stands under no name: {entry.type_text} {show(entry)}"
            self._flag("row_without_name", message, entry)
            return
        self.reading.rows.append(Row(nation, operation or None, entry))

    def _total(self, entry: Entry) -> None:
        scope = self._scope(entry)
        group = {"nation": self._nation, "operation": self._operation, "world": self._world}[scope]
        group.totalled = True
        self._record(scope, group, entry)

    def _record(self, scope: Scope, group: _Group, entry: Entry) -> None:
        within_nation = scope == "operation" and self._nation_first
        within_operation = scope == "nation" and not self._nation_first
        nation = self._nation.name if scope == "nation" or within_nation else ""
        operation = self._operation.name if scope == "operation" or within_operation else ""
        self.reading.totals.append(
            Total(scope, nation or None, operation or None, entry, tuple(group.sum))
        )

    def _scope(self, entry: Entry) -> Scope:
        """Return what a total is of: by its words; without words, by what is still open."""
        label = entry.label.lower()
        if label in _WORLD:
            return "world"
        if label.startswith("total") and any(word in label for word in _OF_NATION):
            return "nation"
        bare = label.removeprefix("total").strip()
        if bare in ("for mission", "by mission") or _same(bare, self._operation.name):
            return "operation"
        if _same(bare, self._nation.name):
            return "nation"
        if bare and not bare.isdigit():
            under = " in ".join(name for name in (self._nation.name, self._operation.name) if name)
            self._flag("unknown_total", f"a total of {entry.label!r} stands under {under}", entry)
        outer: Scope = "nation" if self._nation_first else "operation"
        group = self._nation if self._nation_first else self._operation
        return "world" if group.totalled else outer

    def _flag(self, code: str, message: str, entry: Entry) -> None:
        severity: Literal["refused", "doubt"] = "refused" if code == "row_without_name" else "doubt"
        self.reading.flags.append(Flag(code, message, severity, None, entry.page, entry.line))


_WORLD = frozenset({"grand total", "total", "overall total"})
_OF_NATION = ("country", "contributor")


def _same(label: str, name: str) -> bool:
    """Return whether a label is the name, or the name cut short by the width of its cell."""
    whole = name.lower()
    return bool(label) and (label == whole or (len(label) >= 5 and whole.startswith(label)))


def show(entry: Entry) -> str:
    """Return the figures of an entry as text, a dash for what is not printed."""
    figures: Figures = entry.figures or ()
    return " ".join("-" if figure is None else f"{figure:,}" for figure in figures)
