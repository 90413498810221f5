"""The UN monthly reports on uniformed personnel, as PDF files."""

from __future__ import annotations

from dataclasses import replace

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Flag, Parsed, Severity
from sulh.intake.cells import last_month
from sulh.intake.un_monthly_pdf import checks, tables
from sulh.intake.un_monthly_pdf.centred import centred_names
from sulh.intake.un_monthly_pdf.dates import (
    FIRST_REPORT,
    dates_in,
    month_before_making,
    month_of_making,
    months_in,
)
from sulh.intake.un_monthly_pdf.entries import Entry
from sulh.intake.un_monthly_pdf.guard import check_bytes, find_damage, is_pdf
from sulh.intake.un_monthly_pdf.layout import Layout, find_layout, visual_lines
from sulh.intake.un_monthly_pdf.pages import Pages, read_pages
from sulh.intake.un_monthly_pdf.reading import Reader, Reading, Row, show
from sulh.intake.un_monthly_pdf.tables import Key, Stock
from sulh.intake.un_monthly_pdf.vocabulary import find_type
from sulh.intake.un_monthly_pdf.words import opened, page_words

KEY = "un_monthly_pdf"


class UnMonthlyPdf:
    """Contribution of Uniformed Personnel to UN by Mission, Country and Personnel Type."""

    @property
    def key(self) -> str:
        """Return the key in the catalogue of sources."""
        return KEY

    def recognises(self, document: Document) -> bool:
        """Return whether the first page has the columns of the report and a personnel type.

        A PDF that cannot be opened is claimed too: no other source is a PDF, and `parse` says
        what is wrong with it.
        """
        if not is_pdf(document.data):
            return False
        try:
            check_bytes(document.data, document.name)
            find_damage(document.data, document.name)
            with opened(document.data, document.name) as pdf:
                page = pdf[0]
                lines = visual_lines(page_words(page, document.name, 1))
                page.close()
        except (RefusedFile, RuntimeError, IndexError):
            return True
        return find_layout(lines) is not None and any(
            find_type(tuple(word.text for word in line)) for line in lines
        )

    def parse(self, document: Document) -> Parsed:
        """Return contributions, grand totals and totals of operations; see `tidy.toml`.

        Raises `RefusedFile` for a file that is no such report, or damaged beyond checking.
        """
        check_bytes(document.data, document.name)
        damage = find_damage(document.data, document.name)
        try:
            with opened(document.data, document.name) as pdf:
                pages = read_pages(pdf, document.name)
        except RuntimeError as error:
            raise RefusedFile(
                f"{document.name} cannot be read ({error})", "the PDF is damaged", _AGAIN
            ) from error
        if pages.layout is None:
            raise RefusedFile(
                f"{document.name} has no heading with a country and figures",
                "it is no monthly report on uniformed personnel, or a layout not seen before",
                "check that it is this report; if it is, report the layout",
            )
        parsed = _Report(document.name, pages, pages.layout).parsed()
        found = [
            (damage.broken, f"{damage.broken} of {damage.streams} streams fail their checksum"),
            (damage.holes, "parts of the file are filled with zeros"),
            (not pages.indexed, "the index of the file does not fit its parts"),
        ]
        flags = [Flag("damaged", message, "doubt") for bad, message in found if bad]
        return replace(parsed, flags=(*flags, *parsed.flags))


_AGAIN = "download the report again from the publisher, and import that copy"


class _Report:
    """One report on its way from entries to tables."""

    def __init__(self, name: str, pages: Pages, layout: Layout) -> None:
        self._name = name
        self._pages = pages
        self._layout = layout
        self._flags: list[Flag] = list(pages.flags)
        self._totalled: set[str | None] = set()
        self._month = self._find_month()

    def parsed(self) -> Parsed:
        reading = self._read()
        stocks = self._stocks(reading)
        if not stocks:
            raise RefusedFile(
                f"{self._name} has the heading of a report but no rows",
                "nothing could be imported",
                _AGAIN,
            )
        self._note_types(stocks)
        columns = self._layout.columns
        return Parsed(
            KEY,
            {
                "contributions": tables.contributions(stocks.items()),
                "world_totals": tables.world_totals(reading.totals, columns, self._month),
                "operation_totals": tables.operation_totals(reading.totals, columns, self._month),
            },
            tuple(replace(flag, month=flag.month or self._month) for flag in self._flags),
        )

    def _find_month(self) -> str:
        found = months_in(" ; ".join([*self._pages.title, *self._pages.headings]))
        if not found:
            dates = dict.fromkeys(e.date for page in self._pages.entries for e in page if e.date)
            found = months_in(" ; ".join(dates)) or months_in(self._pages.called)
        title = " ".join(self._pages.title)
        odd = () if found else dates_in(title)
        if not found and not odd and (before := month_before_making(self._pages.made)):
            message = f"the report prints no month; taken for {before}, the last before it was made"
            self._flags.append(Flag("month_not_printed", message, "doubt"))
            return self._plausible(before)
        if len(found) != 1:
            said = f"the months {', '.join(found)}" if found else "no month"
            said = f"the date {odd[0]}, which is no end of a month" if odd else said
            raise RefusedFile(
                f"{self._name} prints {said}",
                "a head-count without one date cannot be placed in time",
                "check that this is one month's report",
            )
        return self._plausible(found[0])

    def _plausible(self, month: str) -> str:
        """Return the month, or raise `RefusedFile` for one in which no such report can be."""
        times = map(month_of_making, (self._pages.made, self._pages.changed))
        made = max(filter(None, times), default=None)
        late = made is not None and month > made
        if FIRST_REPORT <= month <= last_month() and not late:
            return month
        raise RefusedFile(
            f"{self._name} would be of {month}" + (f", but was made in {made}" if late else ""),
            f"reports begin in {FIRST_REPORT}, and none is made before the month that it counts",
            "check the file and its dates, and download it again from the publisher",
        )

    def _read(self) -> Reading:
        pages = self._pages.entries
        by_nation = self._layout.operation is not None and self._layout.nation_first
        middle = None if by_nation else centred_names(pages)
        if middle is not None:
            middle.apply()
            for entry in middle.doubtful:
                message = f"cannot tell which rows belong to {entry.nation or 'which name'}"
                self._doubt("name_not_placed", f"{message}: {show(entry)}", entry)
        reader = Reader(self._layout, named_rows=middle is not None)
        for entries in pages:
            for entry in entries:
                reader.read(entry)
                if entry.unread:
                    message = f"{entry.unread!r} stands among the figures and is none that is known"
                    self._doubt("figure_not_read", message, entry)
                if entry.date and months_in(entry.date) != [self._month]:
                    self._doubt("other_month", f"the row is dated {entry.date}", entry)
        reading = reader.finish()
        self._settle_police(reading)
        self._flags += reading.flags
        self._flags += checks.check_totals(reading)
        self._flags += checks.check_rows(reading.rows, self._layout.columns)
        self._flags += checks.check_ordinals(pages)
        self._flags += checks.check_text(reading)
        self._flags += checks.check_names(reading.rows)
        return reading

    def _doubt(self, code: str, message: str, entry: Entry) -> None:
        self._flags.append(Flag(code, message, "doubt", None, entry.page, entry.line))

    def _stocks(self, reading: Reading) -> dict[Key, Stock]:
        """Return the contributions by key; lines that repeat a key are added up and flagged."""
        stocks: dict[Key, Stock] = {}
        bad = checks.unreconciled(reading)
        self._totalled = {total.nation for total in reading.totals if total.scope == "nation"}
        unread = any(flag.code == "figure_not_read" for flag in self._flags)
        checked = bool(reading.totals) and not unread
        for row in reading.rows:
            proved = checked and row.nation not in bad and row.operation not in bad
            self._take(row, stocks, proved=proved)
        women = sum(stock.women or 0 for stock in stocks.values())
        persons = sum(stock.persons for stock in stocks.values())
        self._flags += checks.check_plausible(women, persons)
        return stocks

    def _take(self, row: Row, stocks: dict[Key, Stock], *, proved: bool) -> None:
        entry = row.entry
        for cell in tables.cells(entry.figures or (), self._layout.columns, entry.type):
            if cell.persons is None:
                self._leave_out(row, proved=proved)
                continue
            if None in (entry.figures or ()) and not self._layout.matrix:
                self._complete(row, cell, proved=proved)
            key = Key(self._month, row.nation, row.operation, cell.type)
            stock = stocks.get(key)
            if stock is None:
                stocks[key] = Stock(cell.women, cell.men, cell.persons, entry.page, entry.line)
                continue
            stock.add(cell)
            if not self._layout.matrix:
                self._repeat(row, proved=proved and row.nation in self._totalled)

    def _repeat(self, row: Row, *, proved: bool) -> None:
        """Say that a line was added to an earlier one on the same nation, operation and type.

        Only a total of the nation proves that both are its own: a total of the operation would hold
        as well if the name of another nation were lost from the print.
        """
        entry = row.entry
        message = f"{row.nation}, {row.operation}: {entry.type_text} is printed twice"
        told = (
            "the lines are added up, as the printed totals are"
            if proved
            else "the lines are added up, but one may be of a nation whose name is not printed"
        )
        severity: Severity = "repaired" if proved else "doubt"
        place = (None, entry.page, entry.line)
        self._flags.append(Flag("repeated_row", f"{message}; {told}", severity, *place))

    def _complete(self, row: Row, cell: tables.Cell, *, proved: bool) -> None:
        """Say that a figure which is not printed was taken from the other two of its row."""
        message = (
            f"{row.nation}, {row.operation}: {row.entry.type_text} {show(row.entry)} is read as"
            f" {cell.men} men, {cell.women} women, {cell.persons} persons"
        )
        severity: Severity = "repaired" if proved else "doubt"
        place = (None, row.entry.page, row.entry.line)
        self._flags.append(Flag("figure_added", message, severity, *place))

    def _leave_out(self, row: Row, *, proved: bool) -> None:
        """Keep apart a row that prints no number of persons."""
        entry = row.entry
        message = f"{row.nation}, {row.operation}: {entry.type_text} {show(entry)} is incomplete"
        if proved:
            message += "; the printed totals leave nothing for it, and it is left out"
        self._flags.append(
            Flag(
                "incomplete_row",
                message,
                "repaired" if proved else "refused",
                None,
                entry.page,
                entry.line,
            )
        )

    def _settle_police(self, reading: Reading) -> None:
        """Read plain "police" as individual police where formed police are counted apart."""
        columns, entries = self._layout.columns, [row.entry for row in reading.rows]
        counted = {column.type for column in columns} | {entry.type for entry in entries}
        if "formed_police" in counted and "police" in counted:
            for column in columns:
                column.type = _settled(column.type)
            for entry in entries:
                entry.type = _settled(entry.type)

    def _note_types(self, stocks: dict[Key, Stock]) -> None:
        """Say what the report's types mean, where that changed over the years."""
        types = {key.type for key in stocks}
        if "troops" in types and "staff_officers" not in types:
            message = "the report has no staff officers: they are counted as troops"
            self._flags.append(Flag("staff_officers_in_troops", message, "note"))


def _settled(kind: str | None) -> str | None:
    return "individual_police" if kind == "police" else kind


SOURCE = UnMonthlyPdf()
