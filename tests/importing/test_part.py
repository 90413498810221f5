"""Real files of which a part was lost or moved: no total of the world, no share, and it is said."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from sulh.api import Workbench
from sulh.core.errors import NotAnswerable
from sulh.intake.importing import ImportReport, import_paths

pytestmark = pytest.mark.shared

Rows = list[list[str]]
Imported = Callable[..., tuple[ImportReport, Workbench]]


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    """Return a function that imports files, given by name and bytes, into a store of its own."""

    def make(**files: bytes) -> tuple[ImportReport, Workbench]:
        folder = tmp_path / "files"
        folder.mkdir(exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        report = import_paths([folder], tmp_path / "store", workers=0)
        return report, Workbench(tmp_path / "store")

    return make


@pytest.fixture
def april(shared_data: Path) -> Rows:
    """Return the rows of one month in full: 571 rows of 122 nations, 97,729 persons."""
    text = (shared_data / "ipi" / "20140430.csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text)))


def as_csv(rows: Rows) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def months_in_part(workbench: Workbench) -> set[str]:
    flags = workbench.store.table("flags")
    return set(flags.filter(code="not_whole")["month"])


def test_one_nations_file_is_not_the_world(shared_data: Path, imported: Imported) -> None:
    data = (shared_data / "ipi" / "countries" / "Niger.csv").read_bytes()
    _, workbench = imported(**{"Niger.csv": data})
    niger = workbench.contributions("NER")
    assert niger.table["persons"].sum() > 0
    assert niger.table["share"].null_count() == niger.table.height
    assert niger.table["world"].null_count() == niger.table.height
    assert any("only part of what was reported" in said for said in niger.missing)
    assert not any("repeats the month before" in said for said in niger.missing), "one may stay"
    world = workbench.contributions("WORLD")
    assert world.table["persons"].null_count() == world.table.height
    spread = workbench.concentration().table
    assert spread["gini"].null_count() == spread.height > 0
    with pytest.raises(NotAnswerable, match="only part"):
        workbench.without("NER", workbench.store.months[-1])


def test_the_whole_file_of_a_month_is_whole(april: Rows, imported: Imported) -> None:
    _, workbench = imported(**{"april.csv": as_csv(april)})
    assert months_in_part(workbench) == set()
    ranked = workbench.rank("2014-04").table
    assert ranked["share"].sum() == pytest.approx(1.0)


def test_a_mistyped_date_makes_no_month(april: Rows, imported: Imported) -> None:
    line = next(place for place, row in enumerate(april) if row[1] == "India")
    april[line][0] = "2014-05-31"
    _, workbench = imported(**{"april.csv": as_csv(april)})
    assert "2014-05" in months_in_part(workbench)
    ranked = workbench.rank("2014-05")
    assert ranked.table["nation"].to_list() == ["IND"]
    assert ranked.table["share"].to_list() == [None]
    assert any("only part" in said for said in ranked.missing)


def test_a_file_cut_at_the_end_of_a_line_is_in_doubt(april: Rows, imported: Imported) -> None:
    """Of 571 rows 400 are left; the last of them is of a nation in the middle of the alphabet."""
    report, workbench = imported(**{"april.csv": as_csv(april[:401])})
    (cut,) = [flag for flag in report.files[0].flags if flag.code == "ends_early"]
    assert (cut.severity, cut.month, cut.line) == ("doubt", "2014-04", 401)
    assert "no total" in cut.message
    assert months_in_part(workbench) == {"2014-04"}
    assert workbench.rank("2014-04").table["share"].null_count() > 0


def test_rows_cut_off_near_the_end_are_found_by_the_known_total(
    april: Rows, imported: Imported
) -> None:
    """The file ends with the United States, and 2,352 persons of 97,729 are missing."""
    assert sum(int(row[-1]) for row in april[-30:]) == 2_352
    report, workbench = imported(**{"april.csv": as_csv(april[:-30])})
    assert "ends_early" not in {flag.code for flag in report.files[0].flags}
    assert months_in_part(workbench) == {"2014-04"}


def test_a_figure_a_thousand_times_too_high_is_in_doubt(
    shared_data: Path, imported: Imported
) -> None:
    """Some dozens of persons from Niger become as many thousands in one month."""
    text = (shared_data / "ipi" / "countries" / "Niger.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    place = next(
        i for i, row in enumerate(rows[2:-1], 2) if row[1].isdigit() and 20 < int(row[1]) < 60
    )
    rows[place][1] += "000"
    report, workbench = imported(**{"Niger.csv": as_csv(rows)})
    (flag,) = [flag for flag in report.files[0].flags if flag.code == "rise_and_return"]
    assert flag.severity == "doubt"
    assert flag.month == rows[place][0][:7]
    assert any("rises from" in said for said in workbench.contributions("NER").missing)
    assert workbench.gaps(kind="doubtful_rise").table.height == 1


def test_a_month_before_its_operations_began_is_in_doubt(april: Rows, imported: Imported) -> None:
    """MINUSMA was set up in April 2013 and MINUSCA in April 2014; the file is moved to 2010."""
    for row in april[1:]:
        row[0] = "2010-04-30"
    report, workbench = imported(**{"april.csv": as_csv(april)})
    told = [flag.message for flag in report.files[0].flags if flag.code == "outside_operation"]
    assert any(message.startswith("MINUSMA ran 2013-04-25 to 2023-12-31") for message in told)
    assert months_in_part(workbench) == {"2010-04"}


def test_whom_a_part_does_not_list_is_unknown(
    shared_data: Path, april: Rows, imported: Imported
) -> None:
    """Of one nation's file, and of a month cut in the middle of the alphabet."""
    data = (shared_data / "ipi" / "countries" / "Niger.csv").read_bytes()
    _, workbench = imported(**{"Niger.csv": data})
    for absent in ("SEN", "NGA"):
        table = workbench.contributions(absent).table
        assert table["persons"].null_count() == table.height
    oic = workbench.contributions("OIC")
    assert (
        oic.table["persons"].to_list() == workbench.contributions("NER").table["persons"].to_list()
    )
    assert any("sums of OIC are of the members listed" in said for said in oic.missing)
    burden = workbench.burden("OIC").table
    assert burden["nation"].filter(burden["persons"].is_not_null()).to_list() == ["NER"]
    assert any("only part" in said for said in workbench.nation("NGA").missing)


def test_a_month_cut_in_the_middle_gives_no_zero(april: Rows, imported: Imported) -> None:
    cut = april[:401]
    (last,) = {row[1] for row in cut[-1:]}
    _, workbench = imported(**{"april.csv": as_csv(cut)})
    assert last == "Poland"
    for absent in ("SEN", "URY"):
        assert workbench.contributions(absent).table["persons"].to_list() == [None]
    india = sum(int(row[-1]) for row in cut if row[1] == "India")
    assert workbench.contributions("IND").table.select("persons", "world", "share").rows() == [
        (india, None, None)
    ]
    by_month = workbench.operation("UNMIL", by="month")
    assert by_month.table["persons"].to_list() == [None]


def test_the_brief_says_that_only_part_is_known(shared_data: Path, imported: Imported) -> None:
    data = (shared_data / "ipi" / "countries" / "Niger.csv").read_bytes()
    _, workbench = imported(**{"Niger.csv": data})
    path = workbench.brief("OIC", workbench.store.path.parent / "oic.html")
    text = path.read_text(encoding="utf-8")
    assert "months only part of the reports is at hand" in text
