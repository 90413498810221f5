"""Months of which the store has only part: whom they do not list is unknown, never zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sulh.core.errors import NotAnswerable
from sulh.questions.burden import burden, concentration, lorenz, without
from sulh.questions.contributions import mix, nation, operation, rank, series
from sulh.questions.view import View
from sulh.store.quality import check, gaps
from sulh.store.reading import Store

MakeStore = Callable[..., Store]
Row = tuple[object, ...]


def troops(month: str, nation: str, persons: int, origin: str, operation: str = "UNMIL") -> Row:
    return (month, nation, operation, "troops", None, None, persons, origin)


def chosen(month: str, origin: str) -> Row:
    return (month, origin, None, 0, 0, "why")


def flag(code: str, month: str, origin: str, message: str = "told", file: str = "f") -> Row:
    return (file, "n.csv", origin, code, "doubt", month, None, None, message)


@pytest.fixture(params=["ipi_nation", "user"])
def partly(make_store: MakeStore, request: pytest.FixtureRequest) -> Store:
    """Return a store with one whole month, then one that knows Senegal (5) and Mali (7) only."""
    origin = request.param
    return make_store(
        contributions=[
            troops("2010-01", "SEN", 4, "un_monthly_pdf"),
            troops("2010-01", "FRA", 6, "un_monthly_pdf"),
            troops("2010-02", "SEN", 5, origin),
            troops("2010-02", "MLI", 7, origin),
        ],
        coverage=[chosen("2010-01", "un_monthly_pdf"), chosen("2010-02", origin)],
        flags=[flag("not_whole", "2010-02", origin)] if origin != "user" else [],
    )


def test_an_absent_nation_is_zero_in_a_whole_month_and_unknown_in_a_part(partly: Store) -> None:
    found = series(partly, "NGA")
    assert found.table.select("persons", "world", "share", "nations").rows() == [
        (0, 10, 0.0, 0),
        (None, None, None, None),
    ]
    assert any("not listed is unknown, not zero" in said for said in found.missing)
    listed = series(partly, "SEN").table
    assert listed.select("persons", "world", "share").rows() == [(4, 10, 0.4), (5, None, None)]


def test_a_sum_of_a_group_is_said_to_be_of_those_listed(partly: Store) -> None:
    """Senegal 5 and Mali 7 are 12; whether other members gave somebody is not known."""
    found = series(partly, "OIC", View(from_="2010-02"))
    assert found.table.select("persons", "world", "share").rows() == [(12, None, None)]
    assert any("sums of OIC are of the members listed" in said for said in found.missing)
    yearly = series(partly, "OIC", View(by="year"))
    assert yearly.table.select("persons_mean", "months").rows() == [(4.0, 1)]
    assert any("Left out of the years: 2010-02" in said for said in yearly.missing)
    alone = series(partly, "SEN", View(by="year"))
    assert alone.table.select("persons_mean", "months").rows() == [(4.5, 2)]


def test_all_nations_together_are_unknown_in_a_part(partly: Store) -> None:
    assert series(partly).table.select("persons", "world", "nations").rows() == [
        (10, 10, 2),
        (None, None, None),
    ]
    spread = concentration(partly).table
    assert spread.select("month", "nations", "persons", "gini").rows()[1] == (
        *("2010-02", None),
        *(None, None),
    )
    assert mix(partly).table["persons"].to_list() == [None]
    by_nation = mix(partly, "WORLD", View(by="nation")).table
    assert by_nation.select("nation", "persons", "share").rows() == [
        ("MLI", 7, None),
        ("SEN", 5, None),
    ]
    for ask in (
        lambda: without(partly, "OIC", "2010-02"),
        lambda: lorenz(partly, "WORLD", "2010-02"),
        lambda: lorenz(partly, "OIC", "2010-02"),
    ):
        with pytest.raises(NotAnswerable, match="only part"):
            ask()


def test_ranks_in_a_part_are_among_those_listed(partly: Store) -> None:
    found = rank(partly, "2010-02")
    assert found.table.select("rank", "nation", "share").rows() == [
        (1, "MLI", None),
        (2, "SEN", None),
    ]
    assert any("among the nations that the store has" in said for said in found.missing)
    assert not any("among the nations" in said for said in rank(partly, "2010-01").missing)


def test_the_burden_of_an_absent_member_is_unknown(partly: Store) -> None:
    table = burden(partly, "ECOWAS").table
    given = dict(table.select("nation", "persons").iter_rows())
    assert (given["MLI"], given["SEN"], given["NGA"]) == (7, 5, None)
    assert table["rank"].to_list()[:3] == [1, 2, None]
    whole = burden(partly, "ECOWAS", View(to="2010-01")).table
    assert dict(whole.select("nation", "persons").iter_rows())["NGA"] == 0
    over_time = burden(partly, "NGA", View(by="month")).table
    assert over_time.select("persons", "nations").rows() == [(0, 0), (None, None)]


def test_a_nation_that_no_part_lists_is_unknown(partly: Store) -> None:
    with pytest.raises(NotAnswerable, match="no figure of Kiribati") as caught:
        nation(partly, "KIR", View(from_="2010-02"))
    assert "unknown, not zero" in caught.value.why
    with pytest.raises(NotAnswerable) as caught:
        nation(partly, "KIR")
    assert "in the other months it gave nobody" in caught.value.why
    assert any("unknown whether it served" in said for said in nation(partly, "NGA").missing)


def test_an_operation_has_no_sum_in_a_part(make_store: MakeStore) -> None:
    store = make_store(
        contributions=[
            troops("2010-01", "SEN", 4, "ipi_month"),
            troops("2010-02", "SEN", 5, "ipi_month"),
        ],
        coverage=[chosen("2010-01", "ipi_month"), chosen("2010-02", "ipi_month")],
        flags=[flag("not_whole", "2010-02", "ipi_month")],
    )
    by_month = operation(store, "UNMIL", View(by="month", scope="all"))
    assert by_month.table.select("month", "persons").rows() == [("2010-01", 4), ("2010-02", None)]
    assert any("only part" in said for said in by_month.missing)
    of_france = operation(store, "UNMIL", View(by="month", scope="all"), "FRA").table
    assert of_france.select("persons", "share").rows() == [(0, 0.0), (None, None)]
    profile = operation(store, "UNMIL").table
    last = profile.filter(property="last head-count")["value"].to_list()
    assert last == ["4 persons of 1 nations in 2010-01"]


@pytest.fixture
def nato_only(make_store: MakeStore) -> Store:
    return make_store(
        contributions=[troops("2024-12", "TUR", 300, "user", "KFOR")],
    )


def test_rows_outside_the_scope_are_named(nato_only: Store) -> None:
    for ask in (
        lambda: rank(nato_only, "2024-12"),
        lambda: series(nato_only, "TUR"),
        lambda: series(nato_only, "BGD"),
        lambda: burden(nato_only, "NATO"),
    ):
        with pytest.raises(NotAnswerable) as caught:
            ask()
        assert "operations of other bodies alone in 2024-12" in caught.value.why
        assert "--scope all" in caught.value.mend
    assert rank(nato_only, "2024-12", View(scope="all")).table["nation"].to_list() == ["TUR"]
    assert rank(nato_only, "2024-12", View(scope="other")).table["persons"].to_list() == [300]
    absent = series(nato_only, "BGD", View(scope="all")).table
    assert absent["persons"].to_list() == [None]


def test_a_month_with_other_bodies_alone_is_no_report_of_the_un(make_store: MakeStore) -> None:
    store = make_store(
        contributions=[
            troops("2010-01", "SEN", 4, "un_monthly_pdf"),
            troops("2010-02", "TUR", 300, "user", "KFOR"),
            troops("2010-03", "SEN", 5, "un_monthly_pdf"),
        ],
        coverage=[chosen("2010-01", "un_monthly_pdf"), chosen("2010-03", "un_monthly_pdf")],
    )
    table = series(store, "BGD").table
    assert table.select("month", "persons").rows() == [
        ("2010-01", 0),
        ("2010-02", None),
        ("2010-03", 0),
    ]


def test_of_other_bodies_no_absence_is_a_zero(nato_only: Store) -> None:
    table = burden(nato_only, "NATO", View(scope="other")).table
    given = dict(table.select("nation", "persons").iter_rows())
    assert (given["TUR"], given["FRA"]) == (300, None)


def test_doubts_of_an_import_reach_the_answers_that_use_the_month(make_store: MakeStore) -> None:
    store = make_store(
        contributions=[
            troops("2010-01", "SEN", 4, "ipi_month"),
            troops("2010-02", "SEN", 5, "un_monthly_pdf"),
        ],
        coverage=[chosen("2010-01", "ipi_month"), chosen("2010-02", "un_monthly_pdf")],
        flags=[
            flag("types_do_not_add_up", "2010-01", "ipi_month", "Senegal: 3 is not 4"),
            flag("types_do_not_add_up", "2010-02", "ipi_month", "of a source that does not count"),
            flag("own_not_used", "2010-02", "user", "1 figure of your own for 2010-02"),
        ],
    )
    said = series(store, "SEN", View(to="2010-01")).missing
    assert "Remark of the import, 2010-01 (n.csv): Senegal: 3 is not 4." in said
    first, monthly = View(to="2010-01"), View(by="month", scope="all")
    for answer in (
        *(series(store), rank(store, "2010-01"), nation(store, "SEN"), concentration(store)),
        *(operation(store, "UNMIL", monthly), mix(store, view=first), burden(store, "SEN", first)),
    ):
        assert any("Senegal: 3 is not 4" in text for text in answer.missing), answer.name
        assert not any("does not count" in text for text in answer.missing), answer.name
    later = rank(store, "2010-02").missing
    assert "2010-02: 1 figure of your own for 2010-02." in later
    assert not any("Senegal" in text for text in later)


def test_many_doubts_are_counted_by_kind(make_store: MakeStore) -> None:
    months = ["2010-01", "2010-02"]
    store = make_store(
        contributions=[troops(month, "SEN", 4, "ipi_month") for month in months],
        coverage=[chosen(month, "ipi_month") for month in months],
        flags=[
            *(flag("types_do_not_add_up", "2010-01", "ipi_month", f"row {n}") for n in range(3)),
            flag("formula", "2010-02", "ipi_month", "a formula"),
        ],
    )
    (said,) = series(store, "SEN").missing
    assert said == (
        "The import doubted or corrected figures of 2 months (2010-01 to 2010-02): "
        "types do not add up (3), formula (1). See sulh gaps --kind remark."
    )


def test_absence_from_a_part_is_no_fall(make_store: MakeStore) -> None:
    """Senegal has 400, is not among what a user wrote down for a month, and has 410 after it."""
    whole = ["2010-01", "2010-03"]
    rows = [troops(m, "SEN", p, "un_monthly_pdf") for m, p in zip(whole, (400, 410), strict=True)]
    rows += [troops(month, "MLI", 7, "un_monthly_pdf") for month in whole]
    covered = [chosen(month, "un_monthly_pdf") for month in whole]
    own = troops("2010-02", "MLI", 7, "user")
    store = make_store(contributions=[*rows, own], coverage=[*covered, chosen("2010-02", "user")])
    assert not any("falls" in said for said in series(store, "SEN").missing)
    assert gaps(store, kind="doubtful_fall").table.is_empty()
    fallen = {row["check"]: row["failed"] for row in check(store).table.to_dicts()}
    assert fallen["impossible_jumps"] == 0


def test_absence_from_a_whole_report_is_a_fall(make_store: MakeStore) -> None:
    months = ["2010-01", "2010-02", "2010-03"]
    rows = [troops(month, "MLI", 7, "un_monthly_pdf") for month in months]
    rows += [troops(months[at], "SEN", 400 + 5 * at, "un_monthly_pdf") for at in (0, 2)]
    covered = [chosen(month, "un_monthly_pdf") for month in months]
    store = make_store(contributions=rows, coverage=covered)
    assert any(
        "SEN" not in said and "falls from 400 to 0" in said for said in series(store).missing
    )
    assert gaps(store, kind="doubtful_fall").table.height == 1
