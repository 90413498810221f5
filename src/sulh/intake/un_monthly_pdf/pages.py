"""A PDF to entries: every page's lines read under the columns that its heading shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pypdfium2 as pdfium
from pypdfium2 import raw

from sulh.core.errors import RefusedFile
from sulh.intake.base import Flag
from sulh.intake.un_monthly_pdf.entries import Entry, footer_text, join_wrapped, read_line
from sulh.intake.un_monthly_pdf.layout import Layout, VisualLine, find_layout, visual_lines
from sulh.intake.un_monthly_pdf.words import MOST_PAGES, page_words

_PAGE_OF = re.compile(r"page ([0-9]{1,4}) of ([0-9]{1,4})", re.IGNORECASE)


@dataclass
class Pages:
    """The entries of a report by page, its columns, its title, and what was odd on the way."""

    entries: list[list[Entry]] = field(default_factory=list)
    layout: Layout | None = None
    title: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)  # above the columns of later pages
    numbers: list[tuple[int, str]] = field(default_factory=list)  # pages numbered wrongly
    flags: list[Flag] = field(default_factory=list)
    called: str = ""  # the title and the creation date that the file carries
    made: str = ""
    changed: str = ""  # when the file was last changed; a copy of a template may be made before
    indexed: bool = True  # whether the file's index of its parts is whole


def read_pages(document: pdfium.PdfDocument, name: str) -> Pages:
    """Return the entries of all pages; raise `RefusedFile` if there is nothing to read."""
    count = len(document)
    if not 0 < count <= MOST_PAGES:
        raise RefusedFile(
            f"{name} has {count} pages",
            f"a report has between 1 and {MOST_PAGES}",
            "import the report as the publisher gives it, one month a file",
        )
    pages = Pages(
        called=document.get_metadata_value("Title"),
        made=document.get_metadata_value("CreationDate"),
        changed=document.get_metadata_value("ModDate"),
        indexed=bool(raw.FPDF_DocumentHasValidCrossReferenceTable(document)),
    )
    for number in range(1, count + 1):
        _read_page(pages, _lines_of(document, name, number), number, count)
    if pages.numbers:
        number, told = pages.numbers[0]
        more = f"; so it is on {len(pages.numbers)} pages" if len(pages.numbers) > 1 else ""
        message = f"the foot says {told!r}, but this is page {number} of {count}{more}"
        pages.flags.append(_doubt("pages_missing", message, number))
    return pages


def _lines_of(document: pdfium.PdfDocument, name: str, number: int) -> list[VisualLine]:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise RefusedFile(
            f"page {number} of {name} cannot be read ({error})",
            "figures would be missing without a trace",
            "download the report again from the publisher, and import that copy",
        ) from error
    try:
        return visual_lines(page_words(page, name, number))
    finally:
        page.close()


def _read_page(pages: Pages, lines: list[VisualLine], number: int, count: int) -> None:
    layout = find_layout(lines)
    if layout is not None:
        if pages.layout is None:
            pages.title = [_text(line) for line in lines if line[0].base > layout.heading_base]
            pages.layout = layout
        elif _differs(layout, pages.layout):
            message = "the columns differ from those of the first page, which are kept"
            pages.flags.append(_doubt("columns_change", message, number))
        else:
            pages.layout = layout
    if pages.layout is None or not lines:
        pages.flags.append(_doubt("page_not_read", "no heading of columns, or no text", number))
        return
    entries: list[Entry] = []
    title = set(pages.title) if layout is None else frozenset()
    for line_number, line in enumerate(lines, start=1):
        if layout is not None and (
            line_number - 1 in layout.heading_lines or line[0].base > layout.heading_base
        ):
            if number > 1 and line_number - 1 not in layout.heading_lines:
                pages.headings.append(_text(line))
            continue
        footer = footer_text(line)
        if footer is not None:
            _check_count(pages, footer, number, count)
            break
        if title and _text(line) in title:
            continue
        entries.append(read_line(line, pages.layout, number, line_number))
    pages.entries.append(join_wrapped(entries))


def _text(line: VisualLine) -> str:
    return " ".join(word.text for word in line)


def _differs(layout: Layout, before: Layout) -> bool:
    kinds = [(column.measure, column.type) for column in layout.columns]
    return kinds != [(column.measure, column.type) for column in before.columns]


def _check_count(pages: Pages, footer: str, number: int, count: int) -> None:
    match = _PAGE_OF.search(footer)
    if match and (int(match[1]), int(match[2])) != (number, count):
        pages.numbers.append((number, match[0]))


def _doubt(code: str, message: str, page: int) -> Flag:
    return Flag(code, message, "doubt", None, page)
