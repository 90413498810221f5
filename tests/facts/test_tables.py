"""The shipped tables are sound, their check can fail, and every figure says who says so."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sulh.facts
from sulh.core.errors import BadMonth, FactsError, UnknownName
from sulh.facts import checking, table
from sulh.facts.catalogue import catalogue, entry, origin
from sulh.facts.known import contributions_known, gender_targets, known_of, target_for
from sulh.facts.mandates import authorised_on, authorised_strengths, families, tasks_of
from sulh.facts.operations import operations
from sulh.facts.table import GRADES, Mark, read_table
from sulh.facts.when import Interval, day_of, is_date


def test_the_tables_are_sound() -> None:
    assert sulh.facts.check() == []


@pytest.mark.parametrize(
    ("name", "column", "value", "problem"),
    [
        ("states", "source", " ", "no source"),
        ("states", "from", "1990-02-30", "is no date"),
        ("states", "nation_m49", "12", "nation_m49 '12'"),
        ("states", "successor", "QQQ", "'QQQ' is not in the table of states"),
        ("operations", "hosts", "ZZZ", "'ZZZ' is not in the table of states"),
        ("operations", "lat", "95", "coordinates 95"),
        ("operations", "successor", "NOWHERE", "'NOWHERE' is not in the gazetteer"),
        ("operations", "end", "1900", "before it begins"),
        ("operations", "recalled", "colour", "recalled names colour"),
        ("groups", "role", "guest", "role 'guest'"),
        ("groups", "nation", "ZZZ", "'ZZZ' is not in the table of states"),
        ("authorised_strength", "military", "-5", "no whole numbers"),
        ("mandate_tasks", "family", "joy", "family 'joy'"),
        ("mandate_tasks", "grade", "D", "grade 'D'"),
        ("contributions_known", "mark", "K", "mark 'K'"),
        ("contributions_known", "source", "a page", "no address"),
        ("gender_targets", "women_percent", "150", "share '150'"),
        ("catalogue", "redistribution", "perhaps", "redistribution 'perhaps'"),
        ("planning", "topic", "pay", "topic 'pay'"),
        ("planning", "value", "", "has no value"),
        ("fatality_rates", "accident", "-1", "is no count"),
        ("aliases", "system", "ioc", "system 'ioc'"),
    ],
)
def test_the_check_finds_a_broken_cell(
    monkeypatch: pytest.MonkeyPatch, name: str, column: str, value: str, problem: str
) -> None:
    rows = [dict(row) for row in read_table(name)]
    rows[0][column] = value

    def broken(asked: str) -> tuple[dict[str, str], ...]:
        return tuple(rows) if asked == name else read_table(asked)

    monkeypatch.setattr(checking, "read_table", broken)
    assert any(problem in found for found in checking.problems())


def test_the_check_finds_a_code_used_twice_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [dict(row) for row in read_table("states")]
    by_name = {row["name"]: row for row in rows}
    by_name["Niger"]["nation_cow"] = by_name["Nigeria"]["nation_cow"]
    monkeypatch.setattr(
        checking, "read_table", lambda n: tuple(rows) if n == "states" else read_table(n)
    )
    assert "states: nation_cow 475 is Niger and Nigeria at once" in checking.problems()


def test_an_absent_table_and_a_shifted_row_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FactsError, match="no table nothing"):
        read_table("nothing")

    class Folder:
        def joinpath(self, *_: str) -> Folder:
            return self

        def is_file(self) -> bool:
            return True

        def read_text(self, encoding: str) -> str:
            return "a,b\n1,2\n1,2,3\n"

    monkeypatch.setattr(table, "files", lambda _: Folder())
    with pytest.raises(FactsError, match="row 3 of shifted has 3 cells, not 2"):
        read_table("shifted")


def test_a_mark_tells_seen_from_recalled() -> None:
    assert Mark("s", "A", frozenset({"end"})).verified("start")
    assert not Mark("s", "A", frozenset({"end"})).verified("end")
    assert not Mark("s", "R", frozenset({"all"})).verified("start")
    assert set(GRADES) == {"A", "B", "C", "R"}


def test_the_facts_load_without_the_data_frame_engine() -> None:
    """The command line's first answer must not wait for a large import."""
    code = (
        "import sys, sulh.facts.groups, sulh.facts.catalogue, sulh.facts.checking;"
        "heavy = {'polars', 'typer', 'babel', 'numpy'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_six_families_and_one_beside() -> None:
    assert [f.family for f in families().values() if f.main] == [
        "peace_security",
        "protection_of_civilians",
        "political_process",
        "institutions",
        "rule_of_law",
        "human_rights",
    ]
    assert [f.family for f in families().values() if not f.main] == ["humanitarian_support"]


def test_tasks_come_in_the_order_of_the_families() -> None:
    tasks = [task.family for task in tasks_of("MINUSMA")]
    assert tasks == sorted(tasks, key=list(families()).index) and "protection_of_civilians" in tasks
    assert tasks_of("MINUSMA", on="2000") == ()


@pytest.mark.parametrize(
    ("operation", "resolution"),
    [
        ("UNOGIL", "S/RES/128 (1958)"),
        ("ONUC", "S/RES/143 (1960)"),
        ("UNYOM", "S/RES/179 (1963)"),
        ("DOMREP", "S/RES/203 (1965)"),
        ("UNEF II", "S/RES/340 (1973)"),
        ("UNIIMOG", "S/RES/619 (1988)"),
    ],
)
def test_early_mandates_are_those_of_the_publishers_pages(operation: str, resolution: str) -> None:
    """As the United Nations' own page of each operation says."""
    task = tasks_of(operation)[0]
    assert (task.family, task.authorisation) == ("peace_security", resolution)
    assert task.verified("authorisation") and task.mark.grade == "A"
    assert operations()[operation].verified("authorisation")


def test_authorised_strengths_follow_the_resolutions() -> None:
    """S/RES/1509 (2003), 1694 (2006) and 2333 (2016) for Liberia."""
    levels = [authorised_on("UNMIL", on) for on in ("2004-01", "2006-07", "2017-01")]
    assert [(each.military, each.police) for each in levels if each] == [
        (15000, 1115),
        (14875, 1240),
        (434, 310),
    ]
    assert authorised_on("UNMIL", "2003-08") is None
    assert all(
        level.operation in operations()
        for rows in authorised_strengths().values()
        for level in rows
    )


def test_a_level_that_was_not_seen_is_unknown_not_zero() -> None:
    level = authorised_on("MINUSCA", "2025-12")
    assert level is not None and (level.military, level.police) == (14046, None)


def test_known_contributions_say_how_sure_they_are() -> None:
    ifor = known_of("TUR", "IFOR")
    assert [(each.value, each.qualifier, each.verified("value")) for each in ifor] == [
        (1522, "exactly", True)
    ]
    weak = [each for each in contributions_known() if each.confidence == "2nd"]
    assert weak and not any(each.verified("value") for each in weak)
    assert {"TUR", "ALB", "MAR"} <= {each.nation for each in known_of(operation="SFOR")}


def test_gender_targets_are_the_published_ones() -> None:
    """Uniformed Gender Parity Strategy: 15, 20, 25 and 30 per cent by 2028."""
    by_type = {
        each.personnel_type: each.women_percent for each in gender_targets() if each.year == 2028
    }
    assert by_type == {
        "troops": 15,
        "formed_police": 20,
        "staff_officers": 25,
        "experts_on_mission": 25,
        "individual_police": 30,
    }
    assert target_for("troops", "2030") is None
    assert target_for("troops", "2020-05") == next(
        each for each in gender_targets() if (each.personnel_type, each.year) == ("troops", 2021)
    )


def test_the_catalogue_cites_every_source() -> None:
    for each in catalogue().values():
        assert each.citation.endswith(".") and "()" not in each.citation
        assert {"author", "title"} <= set(each.fields())
    cited = entry("personnel_shortfall")
    assert cited.fields()["doi"] == "10.1177/0022343317731152"
    assert "Journal of Peace Research 55(3)" in cited.citation
    assert origin("geopko_yearly").key == "geopko"
    with pytest.raises(UnknownName, match="mystery"):
        entry("mystery_source")


_DATES = st.dates().map(lambda d: f"{d.year:04d}-{d.month:02d}-{d.day:02d}")


@given(_DATES, _DATES, _DATES)
def test_an_interval_holds_what_lies_between(one: str, other: str, day: str) -> None:
    span = Interval(min(one, other), max(one, other))
    assert span.holds(day) == (min(one, other) <= day <= max(one, other))
    assert span.holds(day) == (span.distance(day) == 0)
    assert span.overlaps(Interval(day, day)) == span.holds(day)


def test_partial_dates_mean_their_whole_year_or_month() -> None:
    assert Interval("1964", "1964").holds("1964-12-31")
    assert Interval("1964-02", "1964-02").last_day == "1964-02-29"
    assert Interval("", "1990").holds("0800-01-01") and Interval("1990", "").holds("2999-01-01")
    assert day_of("2020-02") == "2020-02-29"
    for wrong in ("", "2020-13", "2020-02-30", "20", "today"):
        assert not is_date(wrong)
        with pytest.raises(BadMonth):
            day_of(wrong)
