"""A real report printed anew with one thing changed: refused or in doubt, never a silent figure."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Parsed
from sulh.intake.un_monthly_pdf import SOURCE
from sulh.intake.un_monthly_pdf.words import Word, opened, page_words

pytestmark = pytest.mark.shared

Pages = list[list[Word]]
Change = Callable[[Pages], None]
_SIZE = 5.0  # small, so that no word runs into the next
_DATE = "31/03/2020"


@pytest.fixture(scope="module")
def march(shared_data: Path) -> tuple[Word, ...]:
    """Return the words of the report of March 2020, its pages parted by an empty word."""
    path = shared_data / "un_monthly_pdf" / "UN_country_contributions_2020_03.pdf"
    words: list[Word] = []
    with opened(path.read_bytes(), path.name) as pdf:
        for number in range(len(pdf)):
            words += [*page_words(pdf[number], path.name, number + 1), Word("", 0, 0, 0, 0)]
    return tuple(words)


def pages_of(words: tuple[Word, ...]) -> Pages:
    pages: Pages = [[]]
    for word in words:
        if word.text:
            pages[-1].append(word)
        else:
            pages.append([])
    return pages[:-1]


def printed(pages: Pages) -> bytes:
    """Return a PDF of the words; a word begins, and a figure ends, where it did."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(1000, 1000), pageCompression=1)
    for page in pages:
        for word in sorted(page, key=lambda one: one.order):
            text = canvas.beginText(word.left, word.base)
            text.setFont("Helvetica", _SIZE)
            wide = stringWidth(word.text[:-1], "Helvetica", _SIZE)
            if wide and word.right > word.left:
                text.setHorizScale(100 * (word.right - word.left) / wide)
            text.textOut(f"{word.text} ")
            canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def changed(march: tuple[Word, ...], change: Change) -> Parsed:
    pages = pages_of(march)
    change(pages)
    return SOURCE.parse(Document("changed.pdf", printed(pages)))


def doubts(parsed: Parsed) -> set[str]:
    return {flag.code for flag in parsed.flags if flag.severity in ("doubt", "refused")}


def rewrite(pages: Pages, pattern: str, into: Callable[[str], str]) -> None:
    for page in pages:
        page[:] = [
            word._replace(text=into(word.text)) if re.fullmatch(pattern, word.text) else word
            for word in page
        ]


def test_printed_anew_it_says_the_same(march: tuple[Word, ...]) -> None:
    parsed = changed(march, lambda pages: None)
    assert doubts(parsed) == set()
    assert parsed.tables["contributions"]["persons"].sum() == 82_670  # the printed grand total


def test_points_for_thousands_are_no_figures_and_prove_nothing(march: tuple[Word, ...]) -> None:
    def change(pages: Pages) -> None:
        rewrite(pages, r"\d{4,}", lambda text: f"{int(text):,}".replace(",", "."))

    parsed = changed(march, change)
    assert "figure_not_read" in doubts(parsed)
    left_out = [flag for flag in parsed.flags if flag.code == "incomplete_row"]
    assert left_out
    assert all(flag.severity == "refused" for flag in left_out)


@pytest.mark.parametrize("nation", ["Niger", "Brazil"])
def test_a_lost_name_of_a_nation_is_in_doubt(march: tuple[Word, ...], nation: str) -> None:
    """The totals of operations hold as before; only a total of the nation would tell."""

    def change(pages: Pages) -> None:
        first = next(word for word in pages[0] if word.text == nation)
        pages[0].remove(first)

    assert doubts(changed(march, change)) == {"repeated_row"}


@pytest.mark.parametrize("date", ["31/31/2020", "05/03/2020"])
def test_a_date_that_ends_no_month_is_refused(march: tuple[Word, ...], date: str) -> None:
    with pytest.raises(RefusedFile, match=f"{date}, which is no end of a month"):
        changed(march, lambda pages: rewrite(pages, _DATE, lambda text: date))


def test_two_dates_are_refused(march: tuple[Word, ...]) -> None:
    def change(pages: Pages) -> None:
        rewrite(pages[:1], _DATE, lambda text: "29/02/2020")
        top = max(word.base for word in pages[5])
        pages[5].append(Word(_DATE, 300.0, 340.0, top + 10.0, 10_000))

    with pytest.raises(RefusedFile, match="2020-02, 2020-03"):
        changed(march, change)


def test_missing_pages_are_one_doubt(march: tuple[Word, ...]) -> None:
    def change(pages: Pages) -> None:
        del pages[-1]

    parsed = changed(march, change)
    (flag,) = [flag for flag in parsed.flags if flag.code == "pages_missing"]
    assert flag.message == (
        "the foot says 'Page 1 of 51', but this is page 1 of 50; so it is on 50 pages"
    )
