"""Sums over numbered labels against sums in plain Python."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sulh.questions.held import Held, nation_months
from sulh.questions.labels import as_text, grouped, known_labels, marked, pairs_of, within
from sulh.questions.view import View
from sulh.store.coding import coded, packed, unpacked

MONTHS = ("1999-12", "2000-01", "2000-02", "2001-07")
NATIONS = ("BGD", "FRA", "SEN")
OPERATIONS = ("MINUSCA", "UNFICYP", None)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(MONTHS),
        st.sampled_from(NATIONS),
        st.sampled_from(OPERATIONS),
        st.integers(0, 10**10),
    ),
    max_size=25,
)
SPANS = st.lists(
    st.tuples(
        st.sampled_from(("AFG", *NATIONS)), *(st.sampled_from(("1990-01", *MONTHS, "2020-01")),) * 2
    ),
    max_size=6,
)
SCHEMA = {"month": pl.String, "nation": pl.String, "operation": pl.String, "persons": pl.Int64}
Row = tuple[str, str, str | None, int]


def table(rows: list[Row]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return coded(frame.sort("month", "nation", "operation", nulls_last=True))


def plainly(rows: list[Row], *places: int) -> dict[tuple[object, ...], int]:
    found: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = tuple(row[place] for place in places)
        found[key] = found.get(key, 0) + row[3]
    return found


@given(ROWS, st.sampled_from([(0,), (0, 1), (1, 2), (2, 0, 1)]))
def test_sums_by_labels_are_those_of_plain_python(rows: list[Row], places: tuple[int, ...]) -> None:
    keys = [list(SCHEMA)[place] for place in places]
    sums = as_text(grouped(table(rows), keys, pl.col("persons").sum()))
    assert {row[:-1]: row[-1] for row in sums.select(*keys, "persons").iter_rows()} == plainly(
        rows, *places
    )


@given(ROWS)
def test_nations_of_a_month_are_those_that_give_somebody(rows: list[Row]) -> None:
    found = as_text(nation_months(table(rows))).iter_rows()
    assert {(month, nation): persons for month, nation, persons in found} == {
        key: persons for key, persons in plainly(rows, 0, 1).items() if persons
    }


@given(
    ROWS, st.sampled_from([None, *MONTHS, "1950-01"]), st.sampled_from([None, *MONTHS, "2050-01"])
)
def test_a_period_is_a_slice(rows: list[Row], first: str | None, last: str | None) -> None:
    if first and last and first > last:
        first, last = last, first
    cut = as_text(Held.of(table(rows)).within(View(first, last)))
    inside = [row for row in rows if (first or "") <= row[0] <= (last or "9999")]
    assert sorted(cut["persons"]) == sorted(row[3] for row in inside)


@given(ROWS, SPANS)
def test_members_are_those_within_a_span(
    rows: list[Row], spans: list[tuple[str, str, str]]
) -> None:
    frame = table(rows)
    found = frame.filter(within(frame, spans))
    wanted = [
        row[3]
        for row in rows
        if any(nation == row[1] and first <= row[0] <= last for nation, first, last in spans)
    ]
    assert sorted(found["persons"]) == sorted(wanted)


@given(ROWS, st.sets(st.sampled_from(("UNMIL", *OPERATIONS[:2]))))
def test_rows_are_marked_by_label_and_null_is_none(rows: list[Row], wanted: set[str]) -> None:
    frame = table(rows)
    marks = frame.with_columns(found=marked(frame["operation"], wanted))["found"].to_list()
    assert marks == [label in wanted for label in as_text(frame)["operation"]]
    assert known_labels(frame["operation"]) == sorted({row[2] for row in rows if row[2]})
    pairs = {(row[0], row[2]) for row in rows if row[2]}
    assert pairs_of(frame, "month", "operation") == pairs


@given(ROWS)
def test_packing_loses_no_number(rows: list[Row]) -> None:
    frame = table(rows)
    assert unpacked(*packed(frame)).equals(frame)
    assert unpacked(frame, {}).equals(frame)  # of a file that was written with its labels
