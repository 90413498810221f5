"""Every name in the public files resolves, or is on the list of what must not."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pyreadstat
import pytest

from sulh.core.errors import SulhError
from sulh.facts.names import nations_named, resolve_nation
from sulh.facts.normalise import name_key
from sulh.facts.operations import match_operation
from sulh.facts.table import read_table

pytestmark = pytest.mark.shared

_NOT_NATIONS = {name_key(row["text"]) for row in read_table("names_not")} | {""}
_BEFORE = {"365": ("SUN",), "816": ("VDR",)}  # the lists carry the later name back
_FORMER = {"KSV", "SOV", "YUG", "CSK", "DDR", "YPR", "RVN", "ZAN"}
_NOT_OPERATIONS = {name_key(row["text"]) for row in read_table("operations_not")} | {""}


def _rows(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def _nations(data: Path) -> set[tuple[str, str | None, str]]:
    """Return the distinct (name, ISO code, month) of contributors and hosts."""
    found: set[tuple[str, str | None, str]] = set()
    for row in _rows(data / "ipi" / "Gender.Full.csv"):
        found.add((row["Contributor"], row["Contributor ISO-3"], row["Date"][:7]))
    for row in _rows(data / "ipi" / "full_gender_data_latest.csv"):
        found.add((row["Contributor"], row["Contributor_ISO-3"], row["Date"][:7]))
    for name in ("20140430.csv", "20140531.csv"):
        for row in _rows(data / "ipi" / name):
            found.add((row["Contributor"], row["Contributor_ISO-3"], row["Date"][:7]))
            found.add((row["Mission_Country"], row["Mission_Country_ISO-3"], row["Date"][:7]))
    for row in _rows(data / "ipi" / "data_mission.csv"):
        key = (row["Country of Mission"], row["Country of Mission ISO-3"], row["Date"][:7])
        found.add(key)
    for path in (data / "ipi" / "countries").glob("*.csv"):
        for row in _rows(path):
            if any(row[k] not in {"NA", "0", ""} for k in ("Troops", "Police", "Experts")):
                found.add((path.stem, None, row["Date"][:7]))
    for code, each in json.loads((data / "ipi" / "countries.json").read_text("utf-8")).items():
        found.add((each["country_name"], None if code == "CHI" else code, "2014-05"))
    for row in _rows(data / "un_hub" / "DPPADPOSS-FATALITIES.csv"):
        found.add((row["casualty_nationality"], row["isocode3"], row["incident_date"][:10]))
    for row in _rows(data / "geopko" / "geopko_raw_from_RData.csv"):
        month = f"{row['year']}-{int(row['month']):02d}" if row["month"].isdigit() else row["year"]
        found.add((row["country"], None, month))
        found.update((v, None, month) for k, v in row.items() if k.startswith("nameoftcc"))
    for row in _rows(data / "pact" / "PACT2_mission-year.csv"):
        found.add((row["Mission_Country"], row["iso3"], row["year"]))
    return found


def test_every_nation_of_the_contribution_files_resolves(shared_data: Path) -> None:
    queries = _nations(shared_data)
    assert len({name for name, _, _ in queries}) > 250
    failed = []
    for name, code, on in sorted(queries, key=str):
        try:
            found = resolve_nation(name, code, on=on)
        except SulhError as error:
            if name_key(name) not in _NOT_NATIONS:
                failed.append(str(error))
            continue
        if code and code.strip("'") != found.nation:
            mended = found.how in {"predecessor", "successor"} or code in {"NA", "nan"}
            failed += [] if mended else [f"{name} {code} {on}: {found}"]
    assert failed == []


def test_codes_of_the_denominators_resolve(shared_data: Path) -> None:
    folder = shared_data / "countries"
    for row in _rows(folder / "cow_nmc.csv"):
        if int(row["year"]) >= 1946:
            found = resolve_nation(None, row["ccode"], on=row["year"], system="cow", shift=False)
            assert found.how == "code"
    for name in ("gdp.csv", "population.csv"):
        for row in _rows(folder / name):
            if int(row["year"]) >= 1995 and row["iso3c"] not in _FORMER | {"NA", ""}:
                assert resolve_nation(None, row["iso3c"], on=row["year"])


def _life(row: dict[str, str]) -> tuple[str, str]:
    """Return the first and last day of a row of either list."""
    if "startdate" in row:
        return row["startdate"], row["enddate"]
    return tuple(  # type: ignore[return-value]
        "-".join(row[part].zfill(2) for part in (f"{which}year", f"{which}month", f"{which}day"))
        for which in ("st", "end")
    )


def test_states_of_two_research_lists_are_all_there(shared_data: Path) -> None:
    for name, code, system in (("cow_states", "ccode", "cow"), ("gw_states", "gwcode", "gw")):
        for row in _rows(shared_data / "countries" / f"{name}.csv"):
            start, end = _life(row)
            if end < "1947" or row.get("statename") == "Tibet":
                continue
            on = max(start, "1946-12-31")
            by_code = resolve_nation(None, row[code], on=on, system=system)  # type: ignore[arg-type]
            named = nations_named(row.get("statenme") or row["statename"])
            assert by_code.nation in {*named, *_BEFORE.get(row[code], ())}, row


def test_voters_in_the_general_assembly_resolve(shared_data: Path) -> None:
    seen = {(r["country"], r["country_code"]) for r in _rows(shared_data / "unvotes/un_votes.csv")}
    assert len(seen) == 200
    for name, code in seen:
        named = nations_named(name)
        assert len(named) == 1, name
        if code:
            on = "1985" if code in {"YD", "DD", "CS", "YU"} else "2015"
            assert resolve_nation(None, code, on=on, system="iso2").nation in {named[0], "YEM"}


def _operations(data: Path) -> set[tuple[str, str, str | None]]:
    """Return the distinct (name, date, host) of operations."""
    found: set[tuple[str, str, str | None]] = set()
    for row in _rows(data / "ipi" / "full_gender_data_latest.csv"):
        found.add((row["Mission"], row["Date"][:7], None))
    for row in _rows(data / "ipi" / "data_mission.csv"):
        if row["Total"] not in {"NA", "0", ""}:
            found.add((row["Mission"], row["Date"][:7], None))
    for row in _rows(data / "un_hub" / "DPPADPOSS-FATALITIES.csv"):
        found.add((row["mission_acronym"], row["incident_date"][:10], None))
    for row in _rows(data / "un_hub" / "DPPADPOSS-PKO.csv"):
        day = row["start_date"][:10] or row["end_date"][:10] or "1996"
        found.add((row["mission_acronym"], day, None))
        found.add((row["mission_name"], day, None))
    for row in _rows(data / "un_hub" / "PKO_start_end.csv"):
        found.add((row["Acronym"], row["Start Date"][-4:], None))
    for row in _rows(data / "geopko" / "FrontMap_v.2.3.csv"):
        found.add((row["mission"], row["year"], None))
    for row in _rows(data / "pact" / "PACT2_mission-year.csv"):
        found.add((row["PKO"], row["year"], None))
    return found


def _stata_operations(data: Path) -> set[tuple[str, str, str | None]]:
    found: set[tuple[str, str, str | None]] = set()
    table, _ = pyreadstat.read_dta(str(data / "shortfall" / "Personnel_shortfall_data.dta"))
    for name, year, month in zip(table["mission"], table["year"], table["month"], strict=True):
        found.add((name, f"{int(year)}-{int(month):02d}", None))
    table, _ = pyreadstat.read_dta(str(data / "non_un" / "bara_hultman_v2-2019.dta"))
    columns = zip(table["mission"], table["date"], table["ccode"], strict=True)
    for name, date, cow in columns:
        year, month = divmod(int(date), 12)
        on = f"{1960 + year}-{month + 1:02d}"
        host = resolve_nation(None, str(int(cow)), on=on, system="cow").nation
        found.add((name, on, host))
    return found


def test_every_operation_of_the_files_resolves(shared_data: Path) -> None:
    queries = _operations(shared_data) | _stata_operations(shared_data)
    assert len({name for name, _, _ in queries}) > 200
    failed = []
    for name, on, host in sorted(queries, key=str):
        if name_key(name) in _NOT_OPERATIONS:
            continue
        try:
            found = match_operation(name, on=on, host=host)
        except SulhError as error:
            failed.append(str(error))
        else:
            if name in {"UNAVEM", "UNOSOM", "UNEF"}:
                assert found.operation.operation != name
    assert failed == []


@pytest.mark.parametrize("month", ["2015_01", "2018_04", "2020_02", "2023_09", "2025_07"])
def test_names_printed_in_the_monthly_reports_are_known(shared_data: Path, month: str) -> None:
    """Five layouts: the names of contributors are understood."""
    path = shared_data / "un_monthly_pdf" / f"UN_country_contributions_{month}.pdf"
    document = pypdfium2.PdfDocument(path)
    lines = [
        line.strip(" 0123456789,/")
        for number in range(len(document))
        for line in document[number].get_textpage().get_text_bounded().splitlines()
    ]
    named = {nation for line in lines for nation in nations_named(line)}
    assert len(named) > 60
    assert {"BGD", "PAK", "IDN", "SEN", "GHA", "EGY"} <= named
