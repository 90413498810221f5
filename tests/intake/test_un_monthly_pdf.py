"""The real monthly reports: every file, every printed total, other people's figures."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pypdfium2 as pdfium
import pytest

from sulh.intake.base import Document, Parsed, Source
from sulh.intake.un_monthly_pdf import SOURCE

pytestmark = pytest.mark.shared

# The only doubts in the 108 files, by the month in the file's name. 2019_09: the cells cut names.
# 2019_10 prints no date. 2020_08 prints 41,183 women among 81,820, and its own totals agree.
KNOWN_DOUBTS = {
    "2019_09": {"name_cut_short"},
    "2019_10": {"month_not_printed"},
    "2020_08": {"women_not_plausible"},
}
# Files whose name and content differ: three copies of April, and June 2022 under June 2020.
MISNAMED = {
    "2015_03": "2015-04",
    "2016_03": "2016-04",
    "2017_03": "2017-04",
    "2020_06": "2022-06",
}

Reports = dict[str, tuple[Path, Parsed]]


@pytest.fixture(scope="module")
def reports(shared_data: Path) -> Reports:
    found: Reports = {}
    for path in sorted((shared_data / "un_monthly_pdf").glob("*.pdf")):
        parsed = SOURCE.parse(Document("report.pdf", path.read_bytes()))
        found[path.stem[-7:]] = (path, parsed)
    assert len(found) == 108
    return found


def bare_text(path: Path) -> Iterator[str]:
    """Yield the lines of a file's bare text, page after page."""
    document = pdfium.PdfDocument(path)
    for page in document:
        yield from (line.strip() for line in page.get_textpage().get_text_range().splitlines())


def sums(parsed: Parsed, *by: str) -> dict[tuple[object, ...], tuple[int, int, int]]:
    table = (
        parsed.tables["contributions"].group_by(*by).agg(pl.col("women", "men", "persons").sum())
    )
    return {
        tuple(row[name] for name in by): (row["men"], row["women"], row["persons"])
        for row in table.iter_rows(named=True)
    }


def test_it_is_a_source() -> None:
    assert isinstance(SOURCE, Source)
    assert SOURCE.key == "un_monthly_pdf"


def test_every_file_is_recognised_whatever_its_name(shared_data: Path) -> None:
    paths = sorted((shared_data / "un_monthly_pdf").glob("*.pdf"))[::9]
    assert all(SOURCE.recognises(Document("x.bin", path.read_bytes())) for path in paths)
    assert not SOURCE.recognises(Document("UN_country_contributions_2020_01.pdf", b"month,men\n"))


def test_the_month_is_the_one_printed_inside(reports: Reports) -> None:
    for name, (_, parsed) in reports.items():
        assert parsed.months == (MISNAMED.get(name, name.replace("_", "-")),)


def test_no_doubt_but_the_known_ones(reports: Reports) -> None:
    found = {
        name: codes
        for name, (_, parsed) in reports.items()
        if (codes := {f.code for f in parsed.flags if f.severity in ("doubt", "refused")})
    }
    assert found == KNOWN_DOUBTS


def test_rows_have_names_and_add_up(reports: Reports) -> None:
    for _, parsed in reports.values():
        table = parsed.tables["contributions"]
        assert table["nation_name"].null_count() == 0
        assert (table["nation_name"].str.len_chars() > 3).all()
        assert table["persons"].null_count() == 0
        split = table.filter(pl.col("women").is_not_null())
        assert (split["women"] + split["men"] == split["persons"]).all()
        key = ["month", "nation_name", "operation_name", "personnel_type"]
        assert table.select(key).is_duplicated().sum() == 0


def test_grand_totals_equal_the_sum_over_nations(reports: Reports) -> None:
    """By women, men and type where printed; 22 files of 2015 to 2017 and two lists print none."""
    printed = 0
    for _, parsed in reports.values():
        types = sums(parsed, "personnel_type")
        whole = tuple(map(sum, zip(*types.values(), strict=True)))
        for row in parsed.tables["world_totals"].iter_rows(named=True):
            kind = row["personnel_type"]
            men, women, persons = whole if kind == "uniformed" else types[(kind,)]
            assert row["persons"] == persons
            assert row["women"] in (women, None)
            assert row["men"] in (men, None)
            printed += kind == "uniformed"
    assert printed == 108 - 25 - 2 - 1  # 2015-01 to 2017-04, two lists, 2019-10 (by type only)


def test_totals_of_operations_equal_the_sum_over_nations(reports: Reports) -> None:
    seen = 0
    for _, parsed in reports.values():
        by_operation = sums(parsed, "operation_name")
        for row in parsed.tables["operation_totals"].iter_rows(named=True):
            assert row["persons"] == by_operation[(row["operation_name"],)][2]
            seen += 1
    assert seen > 1200


_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})*|[0-9]+"


@pytest.mark.parametrize(
    ("first", "last", "least"), [("2015_01", "2017_04", 118), ("2017_06", "2018_02", 120)]
)
def test_totals_of_nations_read_apart(reports: Reports, first: str, last: str, least: int) -> None:
    """The bare text has "Nepal 4,311", or "Nepal 4,300 11 4,311": found here without any layout."""
    for name, (path, parsed) in reports.items():
        if not first <= name <= last:
            continue
        nations = {nation: figures for (nation,), figures in sums(parsed, "nation_name").items()}
        seen = set()
        for line in bare_text(path):
            match = re.fullmatch(rf"(\D+?) ((?:(?:{_NUMBER}) ?){{1,3}})", line)
            if match is None:
                continue
            fitting = [n for n in nations if n == match[1]] or [
                n for n in nations if len(match[1]) > 4 and n.startswith(match[1])
            ]  # the cell of the total cuts long names
            if len(fitting) == 1:
                figures = [int(figure.replace(",", "")) for figure in match[2].split()]
                assert figures[-1] == nations[fitting[0]][2], f"{name}: {line}"
                if len(figures) == 3:
                    assert tuple(figures) == nations[fitting[0]]
                seen.add(fitting[0])
        assert len(seen) >= least


_TYPES = {
    "Experts on Mission": "experts_on_mission",
    "Formed Police Units": "formed_police",
    "Individual Police": "individual_police",
    "Staff Officer": "staff_officers",
    "Troops": "troops",
}
_ROW = re.compile(rf"(?:(.+) )?({'|'.join(_TYPES)}) (\d+) (\d+) (\d+)")
_PASSED = re.compile(
    r"Contribution of|by Mission|Experts on Mission, F|As of|Mission Country"
    r"|Report|Grand|Page|PM$|AM$"
)


def in_stream_order(path: Path) -> set[tuple[str, str, str, int]]:
    """Return rows by the order of the stream alone, where a name comes before its rows."""
    rows = set()
    operation = nation = ""
    pieces: list[str] = []
    for line in bare_text(path):
        if not line or _PASSED.match(line) or re.fullmatch(r"Total \S+ \d+ \d+ \d+", line):
            continue
        match = _ROW.fullmatch(line)
        if match:
            pieces += [match[1]] if match[1] else []
            nation, pieces = " ".join(pieces) or nation, []
            rows.add((nation, operation, _TYPES[match[2]], int(match[5])))
        elif re.fullmatch(r"[A-Z]{4,}", line):
            operation = line
        else:
            pieces.append(line)
    return rows


@pytest.mark.parametrize("name", ["2021_02", "2021_07", "2022_10", "2023_05", "2024_03", "2025_07"])
def test_names_in_merged_cells_agree_with_the_order_of_the_stream(
    reports: Reports, name: str
) -> None:
    """The importer places names by their height; here the stream says which rows follow a name."""
    path, parsed = reports[name]
    columns = ("nation_name", "operation_name", "personnel_type", "persons")
    read = set(parsed.tables["contributions"].select(columns).iter_rows())
    assert read == in_stream_order(path)
    assert len(read) > 850


def test_published_totals(reports: Reports) -> None:
    """Published figures 7: December 2015 and 2016, as Our World in Data gives them."""
    for name, persons in (("2015_12", 107_088), ("2016_12", 100_376)):
        assert reports[name][1].tables["contributions"]["persons"].sum() == persons


def test_another_reading_of_the_same_months(reports: Reports, shared_data: Path) -> None:
    """Troops, police, experts, sum and contributors as the International Peace Institute has them.

    May 2015 alone differs: 333 police more here, as the totals printed for the nations say.
    """
    with (shared_data / "ipi" / "data_monthly.csv").open(encoding="utf-8") as file:
        monthly = {row["Date"][:7]: row for row in csv.DictReader(file)}
    compared = 0
    for name, (_, parsed) in reports.items():
        if name in MISNAMED or (theirs := monthly.get(parsed.months[0])) is None:
            continue
        types = {kind: figures[2] for (kind,), figures in sums(parsed, "personnel_type").items()}
        present = parsed.tables["contributions"].filter(pl.col("persons") > 0)
        police = types["individual_police"] + types["formed_police"]
        more = 333 if name == "2015_05" else 0
        assert types["troops"] == int(theirs["Troop Contributions"])
        assert police == int(theirs["Police Contributions"]) + more
        assert types["experts_on_mission"] == int(theirs["EOM Contributions"])
        assert sum(types.values()) == int(theirs["Total Contributions"]) + more
        assert present["nation_name"].n_unique() == int(theirs["Number of Contributors"])
        compared += 1
    assert compared == 21


def test_names_are_whole(reports: Reports) -> None:
    wrapped = {
        "2015_12": ["The former Yugoslav Republic of Macedonia", "Tanzania, United Republic of"],
        "2017_06": ["Democratic Republic of the Congo (DRC)", "Iran (Islamic Republic of)"],
        "2019_10": ["Bosnia and Herzegovina", "United States of America"],
        "2019_12": ["United Republic of Tanzania", "Moldova, Republic of"],
        "2020_12": ["United Republic of Tanzania", "United States of America"],
        "2022_10": ["Democratic Republic of the Congo"],
        "2023_09": ["Sao Tome and Principe", "United Republic of Tanzania"],
        "2024_10": ["United Republic of Tanzania"],
        "2025_07": ["Democratic Republic of the Congo", "Côte d'Ivoire"],
    }
    for name, nations in wrapped.items():
        assert set(nations) <= set(reports[name][1].tables["contributions"]["nation_name"])
    every = {
        n for _, parsed in reports.values() for n in parsed.tables["contributions"]["nation_name"]
    }
    assert len(every) == 169  # the list was read by eye
    two = [(a, b) for a in every for b in every if f"{a} {b}" in every]
    assert two == [("Moldova,", "Republic of")]  # both are cut short in 2019_09; none is merged
    every_operation = {
        operation
        for _, parsed in reports.values()
        for operation in parsed.tables["contributions"]["operation_name"].drop_nulls()
    }
    assert all(re.fullmatch(r"[A-Z]{4,9}", operation) for operation in every_operation)
    assert len(every_operation) == 30


def test_types_and_what_is_unknown(reports: Reports) -> None:
    for name, (_, parsed) in reports.items():
        table = parsed.tables["contributions"]
        types = set(table["personnel_type"])
        codes = {flag.code for flag in parsed.flags}
        assert ("staff_officers" not in types) == (name <= "2017_04")
        assert ("staff_officers_in_troops" in codes) == (name <= "2017_04")
        no_operation = "2018_03" <= name <= "2019_08" or name == "2023_09"
        assert table["operation_name"].null_count() == (table.height if no_operation else 0)
        no_split = name == "2023_09"
        assert table["women"].null_count() == (table.height if no_split else 0)
        assert table["men"].null_count() == (table.height if no_split else 0)
        assert types <= {
            *("troops", "staff_officers", "experts_on_mission"),
            *("individual_police", "formed_police"),
        }


def test_february_2015_is_mended_as_its_totals_prove(reports: Reports) -> None:
    """43 lines print a zero for one sex and nothing else; without them every total holds."""
    _, parsed = reports["2015_02"]
    repaired = [flag for flag in parsed.flags if flag.severity == "repaired"]
    assert [flag.code for flag in repaired].count("incomplete_row") == 43
    assert all(flag.page and flag.line for flag in repaired)
    assert parsed.tables["contributions"]["persons"].sum() == 104_928


def test_pages_and_lines_lead_back_to_the_print(reports: Reports) -> None:
    path, parsed = reports["2024_10"]
    row = parsed.tables["contributions"].row(400, named=True)
    page = pdfium.PdfDocument(path)[row["page"] - 1].get_textpage().get_text_range()
    line = page.splitlines()[row["line"] - 1]
    assert row["nation_name"] in line
    assert f"{row['men']} {row['women']} {row['persons']} 31/10/2024" in line
