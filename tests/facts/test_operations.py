"""Operations are found by any name that sources use, as of a date, and say what is verified."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import pytest
from countryinfo import CountryInfo
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import AmbiguousName, SulhError, UnknownName
from sulh.facts.operations import (
    Operation,
    hosted_by,
    match_operation,
    operations,
    resolve_operation,
    running,
)
from sulh.facts.states import by_nation
from sulh.facts.table import read_table


@pytest.mark.parametrize(
    ("name", "on", "host", "operation"),
    [
        ("UNAVEM", "1990-11", None, "UNAVEM I"),
        ("UNAVEM", "1992-01", None, "UNAVEM II"),
        ("UNAVEM", "1996-01", None, "UNAVEM III"),
        ("UNAVEM", "1991-06", None, "UNAVEM II"),
        ("UNEF", "1957-01", None, "UNEF I"),
        ("UNEF", "1974-01", None, "UNEF II"),
        ("UNEF", "1980-01", None, "UNEF II"),
        ("UNOSOM", "1992-08", None, "UNOSOM I"),
        ("UNOSOM", "1993-03", None, "UNOSOM II"),
        ("UNOSOM II", "1995-01", None, "UNOSOM II"),
        ("UNFOR", "1996-01", None, "UNPF"),
        ("IPTF", "1997-06", None, "UNMIBH"),
        ("ONUCI", "2010-05", None, "UNOCI"),
        ("LBB", "2000-01", None, "UNLB"),
        ("UNCPSG", "1998-05", None, "UNPSG"),
        ("MINUJUST", "2017-10", None, "MINUJUSTH"),
        ("UNMISS'", "2014-06", None, "UNMISS"),
        ("unmibh ", "1999-01", None, "UNMIBH"),
        ("United Nations Interim Force in Lebanon", "2000", None, "UNIFIL"),
        ("EUFOR", "2006-08", "COD", "EUFOR RD Congo"),
        ("EUFOR", "2008-06", "TCD", "EUFOR Tchad/RCA"),
        ("EUFOR", "2003-05", "MKD", "EUFOR Concordia"),
        ("EUPOL", "2008-01", "BIH", "EUPM"),
        ("EUPOL", "2008-01", "AFG", "EUPOL Afghanistan"),
        ("ECOWAS", "2003-06", "CIV", "ECOMICI"),
        ("ECOMOG", "1994-01", "LBR", "ECOMOG Liberia"),
        ("Op. Serval", "2013-06", "MLI", "Serval"),
    ],
)
def test_names_resolve_as_of_a_date(name: str, on: str, host: str | None, operation: str) -> None:
    assert resolve_operation(name, on=on, host=host).operation == operation


@pytest.mark.parametrize("text", [row["text"] for row in read_table("operations_not")])
def test_what_is_no_operation_is_refused(text: str) -> None:
    with pytest.raises(UnknownName):
        resolve_operation(text, on="2014-06")


def test_a_shared_name_without_host_is_ambiguous() -> None:
    with pytest.raises(AmbiguousName, match=r"EUPOL Afghanistan.*EUPM"):
        resolve_operation("EUPOL", on="2008-01")


def test_an_unknown_operation_is_told_the_nearest() -> None:
    with pytest.raises(UnknownName, match="UNMISS"):
        resolve_operation("UNMISSS", on="2014-06")


def test_a_month_outside_the_operations_dates_is_remarked_on() -> None:
    found = match_operation("UNTAC", on="1993-12")
    assert found.operation.operation == "UNTAC"
    assert found.note == "UNTAC ran 1992-03 to 1993-09, not in 1993-12"
    assert match_operation("UNTAC", on="1993-09").note is None


def test_every_acronym_and_full_name_finds_its_operation() -> None:
    for each in operations().values():
        on = each.start or "2000"
        assert resolve_operation(each.operation, on=on).operation == each.operation
        found = resolve_operation(each.name, on=on, host=each.hosts[0] if each.hosts else None)
        assert found.operation == each.operation, each.name


def test_what_is_only_recalled_is_told_apart() -> None:
    unifil, unpos = operations()["UNIFIL"], operations()["UNPOS"]
    assert unifil.verified("authorisation") and unifil.verified("start")
    assert not unifil.verified("lat") and not unifil.verified("longitude")
    assert not operations()["UNMIS"].verified("authorisation")
    assert not any(unpos.verified(column) for column in ("name", "start", "authorisation"))


def test_the_united_nations_list_has_seventy_one_operations() -> None:
    """The printed list of 1948 to 2019 has 71; UNPF is counted in UNPROFOR there."""
    listed = [each for each in operations().values() if each.scope == "peacekeeping"]
    assert len(listed) == 71 + 1
    assert {each.body for each in listed} == {"UN"}


def test_fifteen_peacekeeping_operations_reported_in_december_2013() -> None:
    """The UN Fact Sheet of 31 December 2013 counts 15 operations led by the Department."""
    now = {each.operation for each in running("2013-12", scope="peacekeeping")}
    assert len(now) == 15
    assert {"UNAMA", "UNAMI"} & now == set()


def test_hosts_are_found_back() -> None:
    names = [each.operation for each in hosted_by("BIH")]
    assert names.index("UNPROFOR") < names.index("IFOR") < names.index("SFOR")


def _distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    a, b = (radians(x) for x in one), (radians(x) for x in other)
    (lat1, lon1), (lat2, lon2) = a, b
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


def _centres(each: Operation) -> list[tuple[float, float]]:
    """Return the middle of each host country, from another package."""
    found = []
    for host in each.hosts:
        iso2 = by_nation()[host][-1].codes["iso2"]
        if iso2 not in {"XK", "SU", "YU", "CS"}:
            lat, lon = CountryInfo(iso2).latlng() or (31.9, 35.2)  # none for Palestine: Ramallah
            found.append((float(lat), float(lon)))
    return found


# Headquarters outside the host, each for its own reason.
_ABROAD = {
    "UNPOS": "Nairobi",
    "EUNAVFOR Atalanta": "Rota",
    "UNMOVIC": "New York",
    "Unified Protector": "Naples",
    "Ocean Shield": "Northwood",
    "EUNAVFOR MED Sophia": "Rome",
    "EUNAVFOR MED Irini": "Rome",
    "EUNAVFOR Aspides": "Larissa",
    "EU SDI Gulf of Guinea": "Brussels",
}
_FAR_PROVINCE = {"UNSF": 3000, "AMM": 3000, "OSCE Chechnya": 4500, "OSCE OM": 4500}


@pytest.mark.parametrize(
    "each",
    [each for each in operations().values() if each.latitude is not None and each.hosts],
    ids=lambda each: each.operation,
)
def test_headquarters_lie_near_a_host(each: Operation) -> None:
    """Latitude and longitude are not swapped: the town is within 1,500 km of a host's middle."""
    assert each.latitude is not None and each.longitude is not None
    centres = _centres(each)
    if each.operation in _ABROAD:
        assert each.headquarters == _ABROAD[each.operation]
        return
    near = min(_distance_km((each.latitude, each.longitude), c) for c in centres)
    assert near < _FAR_PROVINCE.get(each.operation, 1500)


@given(st.text(max_size=30), st.sampled_from(["1990-11", "2014-06", "2025"]))
def test_any_text_gives_an_operation_or_a_clear_error(name: str, on: str) -> None:
    try:
        found = resolve_operation(name, on=on)
    except SulhError as error:
        assert error.mend
    else:
        assert found.operation in operations()
