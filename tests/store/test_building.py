"""From tidy rows to published tables, on rows small enough to check by eye."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from sulh.core.errors import FactsError
from sulh.facts.groups import members
from sulh.facts.states import name_of
from sulh.intake.base import tidy
from sulh.store.building import build
from sulh.store.checks.doubts import FEWEST
from sulh.store.correcting import corrected, corrections, read_corrections
from sulh.store.keeping import Remark
from sulh.store.ledger import BuildInput, Ledger

from .conftest import Given, built

Row = tuple[str, str, str | None, int]


def people(*rows: Row, **more: Any) -> pl.DataFrame:
    """Return tidy contributions: (month, nation, operation, persons), troops."""
    frame = pl.DataFrame(
        rows, schema=["month", "nation_name", "operation_name", "persons"], orient="row"
    )
    columns = {"personnel_type": "troops", **more}
    numbered = frame.with_columns(pl.lit(value).alias(name) for name, value in columns.items())
    lines = pl.int_range(2, 2 + frame.height, eager=True)
    return tidy("contributions", numbered.with_columns(lines.alias("line")))


def world(month: str, persons: int) -> pl.DataFrame:
    rows = {"month": [month], "personnel_type": ["uniformed"], "persons": [persons]}
    return tidy("world_totals", pl.DataFrame(rows))


def contributions(*inputs: BuildInput) -> list[tuple[str, str, str | None, int, str]]:
    table = built(*inputs)["contributions"].sort("month", "nation", "operation", "origin")
    return table.select("month", "nation", "operation", "persons", "origin").rows()


def test_names_are_resolved_as_of_the_month(given: Given) -> None:
    rows = people(("2004-06", "Serbia", None, 1), ("2014-06", "Serbia", None, 2))
    found = contributions(given("ipi_nation", {"contributions": rows}))
    assert [(month, nation) for month, nation, *_ in found] == [
        ("2004-06", "SCG"),
        ("2014-06", "SRB"),
    ]


def test_a_state_that_changes_within_a_year_is_asked_month_by_month(given: Given) -> None:
    """The union of Serbia and Montenegro ended on 3 June 2006."""
    months = [f"2006-{m:02d}" for m in range(1, 13)]
    rows = people(*((month, "Serbia", None, 1) for month in months))
    found = contributions(given("ipi_nation", {"contributions": rows}))
    assert [nation for _, nation, *_ in found] == ["SCG"] * 5 + ["SRB"] * 7


def test_one_origin_a_month_by_precedence(given: Given) -> None:
    by_operation = people(("2010-01", "Nepal", "UNIFIL", 5), ("2010-01", "Nepal", "UNMIL", 6))
    by_nation = people(("2010-01", "Nepal", None, 11), ("2009-01", "Nepal", None, 10))
    tables = built(
        given("ipi_nation", {"contributions": by_nation}),
        given("ipi_gender", {"contributions": by_operation}),
    )
    assert tables["contributions"]["persons"].sum() == 10 + 5 + 6
    coverage = tables["coverage"].sort("month").select("month", "chosen", "alternatives").rows()
    assert coverage == [
        ("2009-01", "ipi_nation", None),
        ("2010-01", "ipi_gender", "ipi_nation"),
    ]


def test_figures_by_operation_go_first_among_the_publishers_own(given: Given) -> None:
    whole = people(("2018-06", "Nepal", None, 9), ("2018-02", "Nepal", "UNIFIL", 9))
    placed = people(("2018-06", "Nepal", "UNIFIL", 9), ("2018-02", "Nepal", "UNIFIL", 9))
    found = contributions(
        given("un_monthly_pdf", {"contributions": whole}),
        given("un_hub_contributions", {"contributions": placed}),
    )
    assert [(month, origin) for month, *_, origin in found] == [
        ("2018-02", "un_monthly_pdf"),
        ("2018-06", "un_hub_contributions"),
    ]


def test_what_reconciles_goes_before_precedence(given: Given) -> None:
    """87 of 1,098 are printed for one nation: the total tells, and the poorer source counts."""
    whole = people(("2012-06", "France", None, 1098), ("2012-06", "Nepal", None, 4000))
    short = people(("2012-06", "France", "UNIFIL", 87), ("2012-06", "Nepal", "UNMIL", 4000))
    tables = built(
        given("ipi_gender", {"contributions": short}),
        given("ipi_nation", {"contributions": whole}),
        given("ipi_world", {"world_totals": world("2012-06", 5098)}),
    )
    (row,) = tables["coverage"].to_dicts()
    assert (row["chosen"], row["persons"]) == ("ipi_nation", 5098)
    assert row["reason"].startswith("reconciles where others do not")
    (flag,) = tables["flags"].filter(pl.col("code") == "total_differs").to_dicts()
    assert (flag["origin"], flag["month"]) == ("ipi_gender", "2012-06")
    assert "4,087" in flag["message"]
    assert "5,098" in flag["message"]


def test_a_total_of_the_source_itself_must_be_equal(given: Given) -> None:
    tables = built(
        given(
            "un_monthly_pdf",
            {
                "contributions": people(("2016-01", "Nepal", "UNIFIL", 999)),
                "world_totals": world("2016-01", 1000),
            },
        )
    )
    (row,) = tables["coverage"].to_dicts()
    assert row["reason"].endswith("the rows add up to 999, the printed total is 1,000")


def test_a_copied_month_is_in_doubt(given: Given) -> None:
    names = [name_of(nation) for nation in members("AU", on="1990-12")][:FEWEST]
    assert len(names) == FEWEST
    rows = people(*((m, n, None, 7) for m in ("1990-11", "1990-12") for n in names))
    tables = built(given("ipi_nation", {"contributions": rows}))
    flags = tables["flags"].filter(pl.col("code") == "copied_month")
    assert flags["month"].to_list() == ["1990-12"]
    reasons = dict(tables["coverage"].select("month", "reason").rows())
    assert "copied, not observed" in reasons["1990-12"]
    assert "copied" not in reasons["1990-11"]


def test_a_few_nations_may_stay_the_same(given: Given) -> None:
    rows = people(*((m, n, None, 7) for m in ("1990-11", "1990-12") for n in ("Nepal", "Ghana")))
    tables = built(given("ipi_nation", {"contributions": rows}))
    assert "copied_month" not in tables["flags"]["code"]


def test_operations_of_other_bodies_stand_beside_the_un(given: Given) -> None:
    un = people(("2017-02", "Albania", "UNIFIL", 3))
    own = people(("2017-02", "Albania", "KFOR", 13))
    civil = people(("2017-02", "Albania", "UNIFIL", 2), personnel_type="civilian")
    found = contributions(
        given("un_monthly_pdf", {"contributions": un}),
        given("user", {"contributions": own}, name="own.csv"),
        given("user", {"contributions": civil}, name="civil.csv"),
    )
    assert found == [
        ("2017-02", "ALB", "KFOR", 13, "user"),
        ("2017-02", "ALB", "UNIFIL", 3, "un_monthly_pdf"),
        ("2017-02", "ALB", "UNIFIL", 2, "user"),
    ]


def test_a_users_figures_of_the_un_do_not_count_twice(given: Given) -> None:
    found = contributions(
        given("un_monthly_pdf", {"contributions": people(("2017-02", "Nepal", "UNIFIL", 3))}),
        given(
            "user",
            {
                "contributions": people(
                    ("2017-02", "Nepal", "UNIFIL", 4), ("2014-12", "Nepal", "UNIFIL", 5)
                )
            },
        ),
    )
    assert found == [
        ("2014-12", "NPL", "UNIFIL", 5, "user"),
        ("2017-02", "NPL", "UNIFIL", 3, "un_monthly_pdf"),
    ]


def test_a_users_unknown_operation_is_kept_apart(given: Given) -> None:
    rows = people(("2017-02", "Nepal", "Operation Nowhere", 4))
    tables = built(given("user", {"contributions": rows}))
    assert tables["contributions"].is_empty()
    assert tables["set_apart"]["line"].to_list() == [2]


def test_among_files_of_a_source_the_one_near_the_printed_total_counts(given: Given) -> None:
    whole = people(("2012-06", "France", "UNIFIL", 1098), ("2012-06", "Nepal", "UNMIL", 4000))
    short = people(
        ("2012-06", "France", "UNIFIL", 87),
        ("2012-06", "Nepal", "UNMIL", 4000),
        ("2012-06", "Ghana", "UNMIL", 1),
    )
    total = given("ipi_world", {"world_totals": world("2012-06", 5098)})
    files = [
        given("ipi_gender", {"contributions": rows}, name=name)
        for name, rows in (("a", short), ("b", whole))
    ]
    assert built(*files)["contributions"]["persons"].sum() == 87 + 4000 + 1, "it says more"
    assert built(*files, total)["contributions"]["persons"].sum() == 5098


def test_the_file_with_fewer_doubts_counts(given: Given) -> None:
    doubt = Remark("glitch", "a page cannot be read", "doubt", "2015-02")
    one = given("un_monthly_pdf", {"contributions": people(("2015-02", "Nepal", None, 9))}, doubt)
    two = given("un_monthly_pdf", {"contributions": people(("2015-02", "Nepal", None, 8))})
    assert [row[3] for row in contributions(one, two)] == [8]


def deaths(*rows: tuple[str, str, str]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["casualty", "date", "nation_name"], orient="row")
    dated = frame.with_columns(
        pl.col("date").str.to_date(), pl.lit("UNIFIL").alias("operation_name")
    )
    return tidy("fatalities", dated.with_columns(pl.lit(2).alias("line")))


def test_a_casualty_counts_once_as_the_newest_file_has_it(given: Given) -> None:
    older = deaths(("1", "2000-01-01", "Nepal"), ("2", "2000-02-01", "Nepal"))
    newer = deaths(("2", "2000-02-01", "Ghana"), ("3", "2001-01-01", "Nepal"))
    tables = built(
        given("un_hub_fatalities", {"fatalities": older}, name="old"),
        given("un_hub_fatalities", {"fatalities": newer}, name="new"),
    )
    found = tables["fatalities"].sort("date").select("date", "nation", "fatalities").rows()
    assert found == [
        (dt.date(2000, 1, 1), "NPL", 1),
        (dt.date(2000, 2, 1), "GHA", 1),
        (dt.date(2001, 1, 1), "NPL", 1),
    ]
    assert "not_in_newer_file" in tables["flags"]["code"].to_list()


def test_a_casualty_of_unknown_nationality_is_kept(given: Given) -> None:
    rows = deaths(("1", "2000-01-01", "Nepal")).with_columns(
        pl.lit(None, dtype=pl.String).alias("nation_name")
    )
    (row,) = built(given("un_hub_fatalities", {"fatalities": rows}))["fatalities"].to_dicts()
    assert (row["nation"], row["fatalities"]) == (None, 1)


def units(*rows: tuple[str, str, str, str, bool]) -> pl.DataFrame:
    schema = ["month", "location", "unit", "nation_name", "attributed"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    extra = {"operation_name": "UNIFIL", "country_name": "Lebanon"}
    named = frame.with_columns(pl.lit(value).alias(name) for name, value in extra.items())
    lines = pl.int_range(2, 2 + frame.height, eager=True)
    return tidy("deployment_units", named.with_columns(lines.alias("line")))


def test_a_support_unit_is_attributed_to_a_single_contributor(given: Given) -> None:
    rows = units(
        ("2010-01", "Naqoura", "medical", "Nepal", True),
        ("2010-05", "Naqoura", "medical", "Nepal", False),
        ("2010-01", "Tyre", "transport", "Nepal", False),
        ("2010-01", "Tyre", "transport", "Ghana", False),
        ("2010-01", "Tyre", "infantry", "Ghana", True),
    )
    table = built(given("geopko", {"deployment_units": rows}))["support_units"]
    found = table.sort("location", "nation").select(
        "year", "location", "host", "nation", "unit", "attributed"
    )
    assert found.rows() == [
        (2010, "Naqoura", "LBN", "NPL", "medical", True),
        (2010, "Tyre", "LBN", "GHA", "transport", False),
        (2010, "Tyre", "LBN", "NPL", "transport", False),
    ]


def test_codes_of_other_systems_are_read_as_of_the_year(given: Given) -> None:
    """Correlates of War: 365 is the Soviet Union in 1989 and the Russian Federation in 1995."""
    years = {"year": [1989, 1995], "nation_code": ["365", "365"], "measure": ["population"] * 2}
    rows = pl.DataFrame({**years, "value": [287.0, 148.0], "line": [2, 3]})
    table = tidy("nation_years", rows.with_columns(pl.lit("cow").alias("code_system")))
    found = built(given("cow_nmc", {"nation_years": table}))["nation_years"].sort("year")
    assert found["nation"].to_list() == ["SUN", "RUS"]


CORRECTION = """
[[correction]]
id = "one"
table = "operations"
match = { operation = "UNOSOM" }
expect = { latitude = 45.3 }
swap = ["latitude", "longitude"]
reason = "latitude and longitude are exchanged"
source = "any map"
"""


def operations(latitude: float) -> pl.DataFrame:
    place = {"latitude": [latitude, 0.0], "longitude": [2.0, 0.0]}
    return pl.DataFrame({"operation": ["UNOSOM", "UNIFIL"], **place, "origin": ["hub"] * 2})


def test_a_correction_mends_the_fault_it_expects() -> None:
    ledger = Ledger(())
    rows = corrected("operations", operations(45.3), ledger, read_corrections(CORRECTION))
    assert rows.select("latitude", "longitude").rows() == [(2.0, 45.3), (0.0, 0.0)]
    assert [remark.code for *_, remark in ledger.remarks] == ["corrected"]


def test_a_correction_whose_fault_is_gone_is_told_and_not_applied() -> None:
    ledger = Ledger(())
    rows = corrected("operations", operations(2.04), ledger, read_corrections(CORRECTION))
    assert rows.equals(operations(2.04))
    ((_, _, remark),) = ledger.remarks
    assert (remark.code, remark.severity) == ("correction_stale", "doubt")


def test_a_correction_of_readings_is_applied_once(given: Given) -> None:
    """The report of January 2016 prints Morocco's 718 men in UNOCI as women."""
    rows = people(("2016-01", "Morocco", "UNOCI", 718), women=718, men=0)
    edition, _ = build([given("un_monthly_pdf", {"contributions": rows})])
    (row,) = edition.tables["readings"].to_dicts()
    assert (row["women"], row["men"], row["persons"]) == (0, 718, 718)
    codes = edition.tables["flags"]["code"].to_list()
    assert codes.count("corrected") == 1
    assert "correction_stale" not in codes


def test_a_correction_may_drop_or_set() -> None:
    drop = CORRECTION.replace('swap = ["latitude", "longitude"]', "drop = true")
    dropped = corrected("operations", operations(45.3), Ledger(()), read_corrections(drop))
    assert dropped["operation"].to_list() == ["UNIFIL"]
    changed = CORRECTION.replace('swap = ["latitude", "longitude"]', "set = { latitude = 2.0 }")
    found = corrected("operations", operations(45.3), Ledger(()), read_corrections(changed))
    assert found["latitude"].to_list() == [2.0, 0.0]


@pytest.mark.parametrize(
    ("old", "new"),
    [('reason = "latitude and longitude are exchanged"', ""), ("swap", "drop = true\nswap")],
)
def test_an_incomplete_correction_is_an_error(old: str, new: str) -> None:
    with pytest.raises(FactsError, match="one"):
        read_corrections(CORRECTION.replace(old, new))


def test_declared_corrections_are_well_formed() -> None:
    assert len({correction.id for correction in corrections()}) == len(corrections())


def test_the_order_of_files_does_not_matter(given: Given) -> None:
    files = [
        given("ipi_gender", {"contributions": people(("2010-01", "Nepal", "UNIFIL", 5))}),
        given("ipi_gender", {"contributions": people(("2010-01", "Nepal", "UNIFIL", 6))}),
        given("ipi_nation", {"contributions": people(("2010-01", "Nepal", None, 7))}),
    ]
    one, two = build(files)[0].tables, build(files[::-1])[0].tables
    assert list(one) == list(two)
    assert all(one[name].equals(two[name]) for name in one if name != "readings")


def test_files_that_list_operations_complete_each_other(given: Given) -> None:
    """UNIFIL stands in both files; the row with a place says more."""
    day = dt.date(1978, 3, 1)
    one = pl.DataFrame({"operation_name": ["UNIFIL"], "start": [day], "line": [2]})
    rows = {"operation_name": ["UNIFIL", "UNDOF"], "start": [day, dt.date(1974, 6, 1)]}
    two = pl.DataFrame({**rows, "headquarters": ["Naqoura", None], "line": [2, 3]})
    files = [given("un_hub_operations", {"operations": tidy("operations", t)}) for t in (one, two)]
    table = built(*files)["operations"].sort("operation")
    assert table.select("operation", "location").rows() == [("UNDOF", None), ("UNIFIL", "Naqoura")]
