"""`sulh planning`: topics, figures with grade and source, rates of fatalities."""

from __future__ import annotations

import pytest

from sulh.core.errors import UnknownName
from sulh.questions.figures import planning


def test_topics_count_what_is_unverified_and_what_was_not_found() -> None:
    rows = {row["topic"]: row for row in planning().table.iter_rows(named=True)}
    paid = planning("personnel_rate").table
    assert rows["personnel_rate"]["figures"] == paid.height
    assert rows["personnel_rate"]["not_found"] == paid["value"].null_count() == 1
    assert rows["personnel_rate"]["unverified"] == 2
    assert rows["fatality_rate"]["figures"] == 5 * 85


def test_a_recalled_figure_is_marked_unverified() -> None:
    rows = planning("personnel_rate").table.rows(named=True)
    recalled = [row for row in rows if row["grade"] == "R"]
    assert [row["verified"] for row in recalled] == [False] * 3
    assert "1448" in {row["value"] for row in recalled}
    assert all(row["source"] for row in rows)
    assert planning("personnel_rate").missing == (
        "1 figure looked for and not found: put in what you know.",
    )


def test_a_rate_is_deaths_over_person_years() -> None:
    result = planning("fatality_rate", "MINUSMA 2013-07")
    first = result.table.row(0, named=True)
    assert (first["deaths"], first["person_years"]) == (170 + 37 + 60 + 8, 127_672)
    assert first["rate"] == pytest.approx(1_000 * 275 / 127_672)
    assert result.units["rate"] == "deaths per 1,000 person-years"


def test_words_are_found_in_all_topics() -> None:
    found = planning(find="helicopter unit").table
    assert set(found["topic"]) >= {"unit_strength"}
    assert all("helicopter" in item for item in found["item"])
    with pytest.raises(UnknownName, match="occurs in no planning figure of pcrs"):
        planning("pcrs", "helicopter")
    with pytest.raises(UnknownName, match="choose one of personnel_rate"):
        planning("wages")
