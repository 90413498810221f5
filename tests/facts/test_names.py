"""What sources print as a nation resolves to one nation, or to a clear error, never to another."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import AmbiguousName, BadMonth, BadRequest, SulhError, UnknownName
from sulh.facts.names import Query, nations_named, resolve_many, resolve_nation
from sulh.facts.normalise import name_key
from sulh.facts.states import by_nation, code_of, latest, name_of, predecessors, state_on, states
from sulh.facts.table import read_table

_GOLDEN = Path(__file__).with_name("golden_names.csv")


def _golden() -> list[tuple[str, str, str]]:
    with _GOLDEN.open(encoding="utf-8", newline="") as file:
        return [(row["alias"], row["on"], row["nation"]) for row in csv.DictReader(file)]


def test_every_golden_name_resolves_to_its_nation() -> None:
    wrong = [
        (alias, on, nation, found)
        for alias, on, nation in _golden()
        if (found := resolve_nation(alias, on=on).nation) != nation
    ]
    assert wrong == []


@pytest.mark.parametrize("text", [row["text"] for row in read_table("names_not")])
def test_what_must_not_resolve_does_not(text: str) -> None:
    with pytest.raises((UnknownName, AmbiguousName)):
        resolve_nation(text, on="2014-06")


@pytest.mark.parametrize(
    ("text", "candidates"),
    [("Korea", ["KOR", "PRK"]), ("India/Pakistan", ["IND", "PAK"]), ("Guineas", ["GNQ", "PNG"])],
)
def test_an_ambiguous_name_lists_its_candidates(text: str, candidates: list[str]) -> None:
    with pytest.raises(AmbiguousName) as error:
        resolve_nation(text, on="2014-06")
    assert all(candidate in error.value.found for candidate in candidates)


def test_a_former_state_with_several_successors_is_ambiguous() -> None:
    with pytest.raises(AmbiguousName, match="MNE, SRB"):
        resolve_nation("Serbia and Montenegro", on="2010-01")
    with pytest.raises(AmbiguousName, match="CZE, SVK"):
        resolve_nation("Czechoslovakia", on="1995")
    with pytest.raises(AmbiguousName, match="RUS"):
        resolve_nation("USSR", on="1993-01")


def test_a_state_without_predecessor_is_unknown_before_its_time() -> None:
    with pytest.raises(UnknownName, match="did not exist on 1990-12-31"):
        resolve_nation("Estonia", on="1990")


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(UnknownName) as error:
        resolve_nation("Banglades", on="2014-06")
    assert "Bangladesh (BGD)" in error.value.mend


@pytest.mark.parametrize("nation", sorted(by_nation()))
def test_cldr_gives_the_same_nation_its_english_name(nation: str) -> None:
    """The names of another program (Babel's CLDR) resolve to the nation with that alpha-2 code."""
    state = by_nation()[nation][-1]
    if state.valid.end or nation in {"ZAN", "UMI"}:
        pytest.skip("CLDR names present territories only")
    english = Locale("en").territories[state.codes["iso2"]]
    english = english.replace("St. ", "Saint ").replace(" SAR China", "")
    if not nations_named(english):
        pytest.skip(f"{english!r} occurs in no source")
    assert nations_named(english) == (nation,)


def test_nearly_every_cldr_name_is_known() -> None:
    english = Locale("en").territories
    present = [s for s in states() if not s.valid.end and s.codes["iso2"] and s.kind == "state"]
    unknown = {s.nation for s in present if not nations_named(english[s.codes["iso2"]])}
    assert unknown <= {"COD", "COG"} | {"MMR", "CIV", "PSE"}


@pytest.mark.parametrize(
    ("code", "system", "on", "nation"),
    [
        ("NA", "iso2", "2014-06", "NAM"),
        ("NAM", "iso3", "2014-06", "NAM"),
        ("BGD'", "iso3", "2014-06", "BGD"),
        ("ZAR", "iso3", "1990", "COD"),
        ("KSV", "iso3", "2010", "XKX"),
        ("255", "cow", "1995", "DEU"),
        ("260", "cow", "1985", "DEU"),
        ("265", "cow", "1985", "DDR"),
        ("345", "cow", "1991", "YUG"),
        ("345", "cow", "2004", "SCG"),
        ("345", "cow", "2010", "SRB"),
        ("340", "gw", "2010", "SRB"),
        ("678", "cow", "1985", "YEM"),
        ("679", "cow", "1995", "YEM"),
        ("680", "cow", "1985", "YMD"),
        ("365", "cow", "1985", "SUN"),
        ("365", "cow", "1995", "RUS"),
        ("816", "cow", "1970", "VDR"),
        ("817", "cow", "1970", "VNM"),
        ("816", "cow", "1980", "VNM"),
        ("4.0", "m49", "2014", "AFG"),
        ("004", "m49", "2014", "AFG"),
        ("891", "m49", "2004", "SCG"),
        ("NG", "fips", "2014", "NER"),
        ("NI", "fips", "2014", "NGA"),
        ("GZ", "fips", "2014", "PSE"),
        ("ROM", "cameo", "2014", "ROU"),
    ],
)
def test_codes_mean_what_their_issuer_says(code: str, system: str, on: str, nation: str) -> None:
    assert resolve_nation(None, code, on=on, system=system).nation == nation  # type: ignore[arg-type]
    if system != "iso3":
        return
    assert resolve_nation(None, code, on=on).nation == nation


def test_every_code_of_the_table_returns_its_nation() -> None:
    for state in states():
        on = state.valid.end or state.valid.start or "2020"
        for system, code in state.codes.items():
            if code and system not in {"iso3", "cameo"}:
                found = resolve_nation(None, code, on=on, system=system)  # type: ignore[arg-type]
                assert found.nation == state.nation, (state.name, system, code)


def test_name_and_code_must_agree() -> None:
    with pytest.raises(AmbiguousName, match=r"GIN.*GNB"):
        resolve_nation("Guinea", "GNB", on="2014-01")
    assert resolve_nation("Montenegro", "SCG", on="2005-09").nation == "SCG"
    assert resolve_nation("Serbia", "SRB", on="1990-11").nation == "YUG"


@pytest.mark.parametrize("code", [None, "", "NA", "nan", "/"])
def test_a_missing_code_does_not_hide_the_name(code: str | None) -> None:
    assert resolve_nation("Namibia", code, on="2014-01").nation == "NAM"


def test_an_unknown_part_is_remarked_on() -> None:
    by_code = resolve_nation("Nepaul", "NPL", on="2014-01")
    assert by_code.nation == "NPL" and by_code.note and "Nepaul" in by_code.note
    by_name = resolve_nation("Nepal", "QQQ", on="2014-01")
    assert by_name.nation == "NPL" and by_name.note and "QQQ" in by_name.note


def test_a_roll_up_row_is_refused_even_with_a_code() -> None:
    with pytest.raises(UnknownName, match="total"):
        resolve_nation("all", "BGD", on="2014-01")


@pytest.mark.parametrize("text", ["United States of Americ", "South Sudan'", "C?te d'Ivoire"])
def test_a_damaged_spelling_is_marked_repaired(text: str) -> None:
    found = resolve_nation(text, on="2014-06")
    assert found.how == "repaired" and found.note


def test_a_shift_between_states_is_remarked_on() -> None:
    found = resolve_nation("Russian Federation", on="1990-11")
    assert (found.nation, found.how) == ("SUN", "predecessor") and found.note
    assert resolve_nation("Russian Federation", on="1991-12").note is None


def test_without_shift_a_name_outside_its_time_is_an_error() -> None:
    """Figures of a territory must not be credited to the state of that day."""
    for name, on in (("Croatia", "1970"), ("South Sudan", "2005"), ("USSR", "1995")):
        with pytest.raises(UnknownName, match="did not exist"):
            resolve_nation(name, on=on, shift=False)
    assert resolve_nation("Croatia", on="1995", shift=False).nation == "HRV"


def test_a_state_is_found_in_the_year_of_its_end() -> None:
    assert resolve_nation(None, "265", on="1990", system="cow").nation == "DDR"
    assert resolve_nation(None, "265", on="1990-11", system="cow").nation == "DEU"
    assert resolve_nation("USSR", on="1991").nation == "SUN"
    assert resolve_nation("Russia", on="1991").nation == "RUS"


def test_names_and_codes_change_on_their_day() -> None:
    assert name_of("TUR", "2022-05-31") == "Turkey"
    assert name_of("TUR", "2022-06-01") == "Türkiye"
    assert [name_of("COD", on) for on in ("1965", "1980", "1998")] == [
        "Democratic Republic of the Congo",
        "Zaire",
        "Democratic Republic of the Congo",
    ]
    assert code_of("SDN", "m49", "2011-06") == "736" and code_of("SDN", "m49", "2011-07") == "729"
    assert state_on("SSD", "2011-06") is None
    assert predecessors("HRV") == ("YUG",)
    with pytest.raises(UnknownName):
        latest("ZZZ")


def test_months_and_systems_are_checked() -> None:
    with pytest.raises(BadMonth):
        resolve_nation("Nepal", on="June 2014")
    with pytest.raises(BadRequest):
        resolve_nation("Nepal", on="2014", system="ioc")  # type: ignore[arg-type]


def test_many_names_are_answered_one_by_one() -> None:
    queries = [
        Query("Niger", None, "2014"),
        Query("Nigeria", None, "2014"),
        Query("Korea", None, "2014"),
    ]
    answers = resolve_many(queries * 2)
    assert list(answers) == queries
    assert [getattr(answers[query], "nation", None) for query in queries] == ["NER", "NGA", None]
    assert isinstance(answers[queries[2]], AmbiguousName)


_NAMES = st.sampled_from(sorted({alias for alias, on, _ in _golden() if on == "2014-06"}))


@given(
    _NAMES,
    st.sampled_from([str.upper, str.lower, str.title]),
    st.sampled_from(["", " ", "  ", "'"]),
)
def test_case_spaces_and_stray_apostrophes_change_nothing(alias, case, end) -> None:  # type: ignore[no-untyped-def]
    expected = resolve_nation(alias, on="2014-06").nation
    assert resolve_nation(f"{end}{case(alias)}{end}", on="2014-06").nation == expected


@given(st.text(max_size=40), st.one_of(st.none(), st.text(max_size=6)))
def test_any_text_gives_a_nation_or_a_clear_error(name: str, code: str | None) -> None:
    try:
        found = resolve_nation(name, code, on="2014-06")
    except SulhError as error:
        assert error.found and error.why and error.mend
    else:
        assert found.nation in by_nation()


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@pytest.mark.parametrize(
    ("cut", "nation"),
    [("Dominican", "DOM"), ("North", "MKD"), ("Republic of", "KOR"), ("United Republic", "TZA")],
)
def test_a_name_cut_in_one_report_is_read_in_its_month_only(cut: str, nation: str) -> None:
    found = resolve_nation(cut, on="2019-09")
    assert (found.nation, found.how) == (nation, "repaired")
    for month in ("2019-08", "2019-10"):
        with pytest.raises(UnknownName):
            resolve_nation(cut, on=month)
