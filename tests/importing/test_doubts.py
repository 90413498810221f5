"""Real files with a fault put in: what the import doubts stands in gaps, check and the answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sulh.api import Workbench
from sulh.intake.importing import import_paths

pytestmark = pytest.mark.shared

_HEAD = "month,nation,operation,personnel_type,persons,producer,citation,licence\n"


def told(workbench: Workbench, phrase: str) -> bool:
    """Return whether gaps, check and an answer say a phrase."""
    reports = (workbench.gaps(kind="remark"), workbench.check())
    listed = [
        any(phrase in detail for detail in report.table["detail"].to_list()) for report in reports
    ]
    answers = (workbench.contributions("OIC"), workbench.rank(workbench.store.months[-1]))
    said = [any(phrase in text for text in answer.missing) for answer in answers]
    assert len({*listed, *said}) == 1, (phrase, listed, said)
    return listed[0]


@pytest.mark.parametrize("swapped", [False, True])
def test_headings_of_women_and_men_exchanged(
    shared_data: Path, tmp_path: Path, swapped: bool
) -> None:
    text = (shared_data / "ipi" / "full_gender_data_latest.csv").read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    if swapped:
        head = head.replace("Female", "@").replace("Male", "Female").replace("@", "Male")
    august = [line for line in lines if line.startswith("2014-08-31")]
    (tmp_path / "gender.csv").write_text("\n".join([head, *august, ""]), encoding="utf-8")
    import_paths([tmp_path / "gender.csv"], tmp_path / "store", workers=0)
    workbench = Workbench(tmp_path / "store")
    assert told(workbench, "the two columns may be exchanged") == swapped


def test_a_row_that_has_lost_its_nation(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / "ipi" / "20140430.csv").read_text(encoding="utf-8").splitlines()
    date, _, rest = lines[100].split(",", 2)
    lines[100] = f"{date},,{rest}"
    (tmp_path / "april.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    import_paths([tmp_path / "april.csv"], tmp_path / "store", workers=0)
    assert told(Workbench(tmp_path / "store"), "the row was kept apart")


def test_a_report_without_its_month_beside_figures_of_a_users_own(
    shared_data: Path, tmp_path: Path
) -> None:
    """The report of October 2019 prints no month, and 998 soldiers of Bangladesh in MINUSCA."""
    report = shared_data / "un_monthly_pdf" / "UN_country_contributions_2019_10.pdf"
    own = tmp_path / "own.csv"
    row = "2019-10,Bangladesh,MINUSCA,troops,7,P,C,open\n"
    own.write_text(_HEAD + row, encoding="utf-8")
    import_paths([report, own], tmp_path / "store", workers=0)
    workbench = Workbench(tmp_path / "store")
    assert told(workbench, "the report prints no month; taken for 2019-10")
    assert told(workbench, "BGD, MINUSCA, troops: 7 in your file, 998 there")
    assert workbench.rank("2019-10").table["share"].null_count() == 0
