from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.months import month_range
from sulh.facts.groups import members
from sulh.questions.membership import memberless, members_by_month, membership_of

MONTHS = tuple(month_range("1965-01", "2025-12"))


@pytest.mark.parametrize(
    "group", ["OIC", "OIC - ARAB_LEAGUE", "AU & OIC", "(EU | NATO) - BGD", "ECOWAS", "BGD, Jordan"]
)
@pytest.mark.parametrize("membership", ["dated", "today"])
def test_spans_hold_whom_the_group_holds_month_by_month(group: str, membership: str) -> None:
    found: dict[str, set[str]] = {month: set() for month in MONTHS}
    for month, nation in members_by_month(group, MONTHS, membership).iter_rows():
        assert nation not in found[month]
        found[month].add(nation)
    today = membership == "today"
    for month in MONTHS:
        expected = members(group, on=month, membership="today" if today else "dated")
        assert found[month] == expected


@given(st.lists(st.sampled_from(MONTHS), min_size=1, max_size=20, unique=True).map(sorted))
def test_months_may_have_gaps(months: list[str]) -> None:
    table = members_by_month("OIC", tuple(months), "dated")
    for month in months:
        found = set(table.filter(table["month"] == month)["nation"])
        assert found == members("OIC", on=month)


def test_a_lasting_member_has_one_span() -> None:
    spans = membership_of("OIC", MONTHS, "dated").spans
    assert spans.filter(spans["nation"] == "JOR").rows() == [("JOR", "1969-09", "2025-12")]


def test_before_its_founding_a_group_has_no_members() -> None:
    assert memberless("OIC", MONTHS, "dated")[-1] == "1969-08"
    assert memberless("OIC", MONTHS, "today") == ()


def test_a_list_of_the_users_own_is_read_each_time(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("BGD\n", encoding="utf-8")
    assert members_by_month(f"@{file}", ("2020-01",), "dated")["nation"].to_list() == ["BGD"]
    file.write_text("PAK\n", encoding="utf-8")
    assert members_by_month(f"@{file}", ("2020-01",), "dated")["nation"].to_list() == ["PAK"]
