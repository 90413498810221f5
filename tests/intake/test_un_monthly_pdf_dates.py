"""The month of a report: printed, or told by when the file was made, and always a plausible one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Parsed
from sulh.intake.un_monthly_pdf import SOURCE

from .test_un_monthly_pdf_layouts import Figures, Printer, Style, pdf

FIGURES: Figures = {"UNMISS": {"Nepal": {"Staff Officer": (3, 1)}}}


def report(date: str, made: str = "") -> bytes:
    """Return a report that prints a date, made at a time (as PDFs write it)."""
    return pdf(Printer(FIGURES, replace(Style(), date=date)).pages, made=made)


def read(data: bytes) -> Parsed:
    return SOURCE.parse(Document("report.pdf", data))


def test_a_month_that_is_not_printed_is_the_one_before_the_making_and_in_doubt() -> None:
    parsed = read(report("Summary", "20191128224429-05'00'"))
    assert parsed.months == ("2019-10",)
    (flag,) = [flag for flag in parsed.flags if flag.code == "month_not_printed"]
    assert (flag.severity, flag.month) == ("doubt", "2019-10")
    assert "2019-10" in flag.message


@pytest.mark.parametrize(
    ("date", "made", "told"),
    [
        ("Summary", "19700101000000Z", "would be of 1969-12"),
        ("Summary", "20990101000000Z", "would be of 2098-12"),
        ("As of: 30/06/1990", "20191128000000Z", "would be of 1990-06"),
        ("As of: 31/12/2019", "20191128000000Z", "of 2019-12, but was made in 2019-11"),
        ("As of: 31/12/2099", "", "would be of 2099-12"),
    ],
)
def test_a_month_in_which_no_report_can_be_is_refused(date: str, made: str, told: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        read(report(date, made))
    assert told in caught.value.found
    assert "begin in 1990-11" in caught.value.why


def test_a_report_made_before_its_month_had_ended_is_read() -> None:
    """The file of October 2019 was made late in November; others are made on the last day."""
    assert read(report("As of: 30/11/2019", "20191129120000Z")).months == ("2019-11",)


def test_two_reports_joined_in_one_file_are_refused() -> None:
    """A reader of PDFs takes the last one and says nothing of the first."""
    first, second = report("As of: 31/10/2019"), report("As of: 30/11/2019")
    assert read(second).months == ("2019-11",)
    for between in (b"", b"\r\n", b"\x00" * 40):
        with pytest.raises(RefusedFile, match="several PDFs, one after the other"):
            read(first + between + second)


def test_pages_of_two_months_in_one_report_are_refused() -> None:
    pages = [
        page
        for date in ("As of: 31/10/2019", "As of: 30/11/2019")
        for page in Printer(FIGURES, replace(Style(), date=date)).pages
    ]
    with pytest.raises(RefusedFile, match="the months 2019-10, 2019-11"):
        read(pdf(pages))


def test_a_file_made_early_and_changed_later_is_read() -> None:
    """As where each month's report is written into a copy of the last one."""
    made = "20150101000000Z, 20191215000000Z"
    assert read(report("As of: 30/11/2019", made)).months == ("2019-11",)
