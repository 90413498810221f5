"""Yearly figures of nations: against plain sums, each other and published figures."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Parsed
from sulh.intake.denominators import SOURCES
from sulh.intake.denominators.nation_years import checked

_FILES = {
    "cow_nmc": "cow_nmc.csv",
    "gdp": "gdp.csv",
    "iiss_milper": "iiss_milper.xlsx",
    "population": "population.csv",
    "sipri_milex": "SIPRI-Milex-data-1949-2022.xlsx",
}
_LATER = (
    *("cow_states.csv", "cow_capitals.csv", "gw_states.csv", "ucdp_acd.csv"),
    *("igo_state_year.csv", "sipri_arms_dyad_year.csv"),
)


def _document(shared_data: Path, name: str) -> Document:
    return Document(name, (shared_data / "countries" / name).read_bytes())


def _plain(shared_data: Path, name: str) -> list[dict[str, str]]:
    with (shared_data / "countries" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _witness(shared_data: Path, key: str, sheet: str | int) -> list[tuple[str | None, ...]]:
    """Return the rows of a sheet as text, as another program reads them."""
    book = fastexcel.read_excel((shared_data / "countries" / _FILES[key]).read_bytes())
    return book.load_sheet(sheet, header_row=None, dtypes="string").to_polars().rows()


@pytest.fixture(scope="module")
def parsed(shared_data: Path) -> dict[str, Parsed]:
    by_key = {source.key: source for source in SOURCES}
    return {key: by_key[key].parse(_document(shared_data, name)) for key, name in _FILES.items()}


def _value(parsed: Parsed, measure: str, nation: str, year: int) -> float:
    table = parsed.tables["nation_years"]
    code = pl.coalesce("nation_code", "nation_name") == nation
    found = table.filter(code, pl.col("measure") == measure, pl.col("year") == year)
    return float(found["value"].item())


def test_each_is_recognised_by_one_source_alone(shared_data: Path) -> None:
    for key, name in _FILES.items():
        document = Document("x", _document(shared_data, name).data)
        assert [source.key for source in SOURCES if source.recognises(document)] == [key]
    for name in _LATER:
        document = _document(shared_data, name)
        assert not any(source.recognises(document) for source in SOURCES)


def test_capabilities_add_up_by_year(parsed: dict[str, Parsed], shared_data: Path) -> None:
    rows = _plain(shared_data, "cow_nmc.csv")
    table = parsed["cow_nmc"].tables["nation_years"]
    assert table.height == 3 * len(rows) == 3 * 17_121
    for measure, column in (("armed_forces", "milper"), ("population", "tpop")):
        expected: dict[int, float] = defaultdict(float)
        for row in rows:
            # one cell of the file is written 1e+05, and one population in tenths
            expected[int(row["year"])] += 1000 * float(row[column] or 0)
        of_measure = table.filter(pl.col("measure") == measure)
        found = of_measure.group_by("year").agg(pl.col("value").sum())
        assert dict(found.rows()) == dict(expected)
        unknown = of_measure.filter(pl.col("value").is_null())
        assert unknown.height == sum(row[column] == "" for row in rows)
        assert set(unknown["quality"]) <= {"not_available"}


def test_pounds_before_1914_are_no_dollars(parsed: dict[str, Parsed]) -> None:
    table = parsed["cow_nmc"].tables["nation_years"]
    years = table.group_by("measure").agg(pl.col("year").min(), pl.col("year").max().alias("last"))
    bounds = {name: (first, last) for name, first, last in years.rows()}
    assert bounds["military_expenditure_gbp"] == (1816, 1913)
    assert bounds["military_expenditure_usd"][0] == 1914


def test_minus_nine_is_missing() -> None:
    head = "ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n"
    data = (head + "2,1990,-9,2180,-9,0,249907,-9,0.1\n").encode()
    (source,) = [source for source in SOURCES if source.key == "cow_nmc"]
    table = source.parse(Document("x.csv", data)).tables["nation_years"]
    found = {row["measure"]: (row["value"], row["quality"]) for row in table.to_dicts()}
    assert found["military_expenditure_usd"] == (None, "not_available")
    assert found["armed_forces"] == (2_180_000, None)


def test_output_is_in_dollars_of_2019(parsed: dict[str, Parsed]) -> None:
    # Penn World Table 9.1, United States 2017: 17,711,024 million dollars of 2011, times 1.14
    usa = _value(parsed["gdp"], "gdp_usd", "USA", 2017)
    assert usa == pytest.approx(17_711_024e6 * 1.14, rel=1e-6)
    # the two series of the same economy differ by their base, not by orders of magnitude
    other = _value(parsed["gdp"], "gdp_gleditsch_usd", "USA", 2017)
    assert 0.9 < other / usa < 1.1


def test_output_adds_up_and_marks_what_was_filled_in(
    parsed: dict[str, Parsed], shared_data: Path
) -> None:
    rows = _plain(shared_data, "gdp.csv")
    table = parsed["gdp"].tables["nation_years"].filter(pl.col("measure") == "gdp_usd")
    assert table.height == len(rows) == 15_315
    known = [row for row in rows if row["gdp.pwt.est"] not in ("NA", "0")]
    assert table["value"].sum() == pytest.approx(sum(float(row["gdp.pwt.est"]) for row in known))
    filled = sum(row["gdp.pwt.est"] != row["gdp.pwt.original"] for row in known)
    assert table.filter(pl.col("quality") == "estimated").height == filled
    # Namibia keeps its code, and Israel's zero of 2020 is told
    assert table.filter(pl.col("nation_code") == "NAM").height > 0
    repaired = [flag for flag in parsed["gdp"].flags if flag.code == "zero_output"]
    assert repaired[0].line == rows.index(next(r for r in rows if r["gdp.pwt.est"] == "0")) + 2


def test_world_population_is_near_the_published(parsed: dict[str, Parsed]) -> None:
    # World Population Prospects 2019: 6,956,823,600 in 2010; the file lacks territories
    table = parsed["population"].tables["nation_years"]
    of_2010 = table.filter(pl.col("measure") == "population", pl.col("year") == 2010)
    assert 0.96 < of_2010["value"].sum() / 6_956_823_600 < 1.0
    # in 1990 former states stand beside their successors: the sum exceeds the world's 5,327,231,000
    of_1990 = table.filter(pl.col("measure") == "population", pl.col("year") == 1990)
    assert of_1990["value"].sum() > 5_327_231_000
    doubled = [flag.message for flag in parsed["population"].flags if flag.code == "counted_twice"]
    assert [message[:3] for message in doubled] == ["SOV", "YUG", "BRD", "DDR", "YAR", "YPR"]


def test_series_that_disagree_are_doubted(parsed: dict[str, Parsed]) -> None:
    flags = [flag.message for flag in parsed["population"].flags if flag.code == "series_disagree"]
    # North and South Yemen are exchanged from 1987 on: 1989 has 2.6 and 8.9 million for 8.9 and 2.4
    assert {message[:3] for message in flags} == {"BTN", "FSM", "JOR", "LBR", "YAR", "YPR"}
    assert any(message.startswith("YAR, 1987 to 1990") for message in flags)


def test_two_sources_of_population_agree(parsed: dict[str, Parsed]) -> None:
    # Correlates of War 771 is Bangladesh, 710 China, 2 the United States
    for number, code in (("771", "BGD"), ("710", "CHN"), ("2", "USA")):
        first = _value(parsed["cow_nmc"], "population", number, 2012)
        second = _value(parsed["population"], "population", code, 2012)
        assert first == pytest.approx(second, rel=0.05)


def test_armed_forces_and_the_faults_among_them(
    parsed: dict[str, Parsed], shared_data: Path
) -> None:
    rows = _witness(shared_data, "iiss_milper", 0)[1:]
    table = parsed["iiss_milper"].tables["nation_years"]
    assert table.height == len(rows) == 1_249
    expected: Counter[int] = Counter()
    for _, year, persons in rows:
        assert year and persons
        expected[int(year)] += int(persons)
    found = table.group_by("year").agg(pl.col("value").sum())
    assert dict(found.rows()) == dict(expected)
    # a digit is lost in 2015: 1,492,000 the year before, 1,381,000 the year after
    improbable = table.filter(pl.col("quality") == "improbable")
    named = {(row["nation_code"], row["year"]): row["value"] for row in improbable.to_dicts()}
    assert named == {("USA", 2015): 143_000, ("IRQ", 2014): 271, ("VEN", 2016): 115}
    assert _value(parsed["iiss_milper"], "armed_forces", "CRI", 2020) == 0


def test_military_expenditure_published_by_sipri(parsed: dict[str, Parsed]) -> None:
    # SIPRI, Trends in World Military Expenditure 2022: United States 877 bn, world 2,240 bn
    sipri = parsed["sipri_milex"]
    usa = _value(sipri, "military_expenditure_usd", "United States of America", 2022)
    assert usa == pytest.approx(876.9e9, rel=1e-4)
    table = sipri.tables["nation_years"]
    world = table.filter(pl.col("measure") == "military_expenditure_usd", pl.col("year") == 2022)[
        "value"
    ].sum()
    assert 0.95 < world / 2_240e9 < 1.0
    # 2021 is the base year: constant and current dollars are the same
    france = [
        _value(sipri, f"military_expenditure_{name}usd", "France", 2021) for name in ("", "2021_")
    ]
    assert france[0] == pytest.approx(france[1], rel=1e-6)


def test_shares_are_fractions_that_fit_the_other_sources(parsed: dict[str, Parsed]) -> None:
    sipri = parsed["sipri_milex"]
    share = _value(sipri, "military_expenditure_share_of_gdp", "United States of America", 2019)
    spent = _value(sipri, "military_expenditure_usd", "United States of America", 2019)
    # 734 bn of an output of 21.4 trillion dollars is 3.4 per cent
    assert spent / share == pytest.approx(21.4e12, rel=0.02)
    table = sipri.tables["nation_years"]
    shares = table.filter(pl.col("measure").str.contains("share_of"))
    assert shares["value"].drop_nulls().is_between(0, 1.2).all()


def test_every_cell_of_a_sheet_is_there_with_its_mark(
    parsed: dict[str, Parsed], shared_data: Path
) -> None:
    rows = _witness(shared_data, "sipri_milex", "Current US$")
    (header,) = [number for number, row in enumerate(rows) if row[0] == "Country"]
    rows = rows[header + 1 :]
    cells = Counter[str]()
    total = 0.0
    for row in rows:
        figures = [cell for cell in row[2:76] if cell]
        if not figures or row[0] == "European Union":
            continue
        for cell in figures:
            is_mark = cell in ("...", "xxx")
            cells[cell if is_mark else "figure"] += 1
            total += 0 if is_mark else float(cell)
    table = parsed["sipri_milex"].tables["nation_years"]
    current = table.filter(pl.col("measure") == "military_expenditure_usd")
    unknown = current.filter(pl.col("value").is_null())
    assert current["value"].sum() == pytest.approx(total * 1e6)
    assert current["value"].drop_nulls().len() == cells["figure"]
    marks = dict(unknown["quality"].value_counts().rows())
    assert marks == {"not_available": cells["..."], "not_applicable": cells["xxx"]}
    coloured = current.filter(pl.col("quality").is_in(["estimated", "uncertain"]))
    assert coloured.height > 1_500


def test_no_world_total_is_far_from_the_sum(parsed: dict[str, Parsed]) -> None:
    codes = Counter(flag.code for flag in parsed["sipri_milex"].flags)
    assert codes["total_differs"] == 0 and codes["no_totals"] == 0


def _sipri(world: float, usa: object) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name in ("Constant (2021) US$", "Current US$", "Share of GDP"):
        sheet = book.add_worksheet(name)
        sheet.write_row(5, 0, ["Country", "Notes", 2020, 2021])
        sheet.write_row(6, 0, ["Americas"])
        sheet.write_row(7, 0, ["United States of America", "", 700_000.0, usa])
        sheet.write_row(8, 0, ["South Sudan", "", "xxx", ". ."])
    totals = book.add_worksheet("Regional totals")
    totals.write_row(13, 0, ["Region", 2020, 2021])
    totals.write_row(14, 0, ["World", 700.0, world])
    book.close()
    return buffer.getvalue()


def test_a_total_that_differs_is_told() -> None:
    (source,) = [source for source in SOURCES if source.key == "sipri_milex"]
    good = source.parse(Document("x", _sipri(800.0, 800_000.0)))
    assert [flag.code for flag in good.flags] == ["sheet_left_out"]
    marks = good.tables["nation_years"].filter(pl.col("nation_name") == "South Sudan")["quality"]
    assert marks.to_list() == ["not_applicable", "not_available"] * 3
    far = source.parse(Document("x", _sipri(3_200.0, 800_000.0)))
    assert [flag.message for flag in far.flags if flag.code == "total_differs"] == [
        "military_expenditure_2021_usd 2021: nations add up to 800.0 bn, "
        "the printed world total is 3,200.0 bn"
    ]


def test_a_cell_that_is_no_figure_is_not_taken_for_one() -> None:
    (source,) = [source for source in SOURCES if source.key == "sipri_milex"]
    for cell in ("1O0", "=100+1", -5.0, 1e12):
        with pytest.raises(RefusedFile, match="unreadable cells"):
            source.parse(Document("x", _sipri(800.0, cell)))


def test_a_year_that_occurs_twice_and_a_jump_are_doubted() -> None:
    years = pl.DataFrame(
        {
            "year": [2000, 2001, 2002, 2002],
            "nation_code": ["AAA"] * 4,
            "nation_name": [None] * 4,
            "measure": ["armed_forces"] * 4,
            "value": [100.0, 501.0, 99.0, 98.0],
            "quality": [None, "estimated", None, None],
            "line": [2, 3, 4, 5],
        },
        schema_overrides={"nation_name": pl.String, "quality": pl.String},
    )
    table, flags = checked(years)
    assert [flag.code for flag in flags] == ["year_repeated", "improbable_jump"]
    assert table["quality"].to_list() == [None, "improbable", None, None]
    # five times as many is not yet improbable
    table, flags = checked(years.with_columns(pl.col("value").replace(501.0, 495.0)))
    assert [flag.code for flag in flags] == ["year_repeated"]


@settings(max_examples=20)
@given(data=st.data())
def test_damaged_bytes_never_crash(shared_data: Path, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(SOURCES))
    whole = (shared_data / "countries" / _FILES[source.key]).read_bytes()
    damaged = bytearray(whole if _FILES[source.key].endswith("xlsx") else whole[:40_000])
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    for other in SOURCES:
        other.recognises(Document("x", bytes(damaged)))
    try:
        table = source.parse(Document("x", bytes(damaged))).tables["nation_years"]
    except RefusedFile:
        return
    assert table["value"].drop_nulls().is_finite().all()
    assert table["year"].is_between(1800, 2100).all()
