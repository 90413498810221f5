"""What an import doubts is kept with its months, and told by gaps and by check."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sulh.store.building import build
from sulh.store.checks.wholeness import known_totals, misdated_months
from sulh.store.keeping import Remark
from sulh.store.ledger import BuildInput
from sulh.store.publishing import publish
from sulh.store.quality import check, gaps
from sulh.store.reading import Store

from .conftest import Given, built
from .test_building import people


def remarks(*inputs: BuildInput, code: str) -> list[tuple[str, str | None, int | None]]:
    flags = built(*inputs)["flags"].filter(pl.col("code") == code).sort("month", "line")
    return flags.select("severity", "month", "line").rows()


TWO = people(("2012-01", "Nepal", None, 4), ("2012-02", "Nepal", None, 5))


def test_a_doubt_on_a_line_is_of_that_lines_month(given: Given) -> None:
    doubt = Remark("odd", "the second row is odd", "doubt", line=3)
    assert remarks(given("ipi_month", {"contributions": TWO}, doubt), code="odd") == [
        ("doubt", "2012-02", 3)
    ]


def test_a_doubt_on_a_file_is_of_each_of_its_months(given: Given) -> None:
    doubt = Remark("odd", "women and men may be exchanged", "doubt")
    note = Remark("fine", "staff officers are troops", "note")
    file = given("ipi_month", {"contributions": TWO}, doubt, note)
    assert remarks(file, code="odd") == [("doubt", "2012-01", None), ("doubt", "2012-02", None)]
    assert remarks(file, code="fine") == [("note", None, None)]


def test_a_refused_row_is_of_the_months_of_its_file_where_it_has_one(given: Given) -> None:
    refused = Remark("no_name", "a row without a name was kept apart", "refused", line=9)
    one = given("ipi_month", {"contributions": TWO.head(1)}, refused)
    assert remarks(one, code="no_name") == [("refused", "2012-01", 9)]
    assert remarks(given("ipi_month", {"contributions": TWO}, refused), code="no_name") == [
        ("refused", None, 9)
    ]


def stored(folder: Path, *inputs: BuildInput) -> Store:
    publish(folder / "store", build(inputs)[0])
    return Store.open(folder / "store")


def told(store: Store) -> list[tuple[str, str, str]]:
    return gaps(store, kind="remark").table.select("month", "source", "detail").rows()


def test_gaps_and_check_tell_of_doubts_on_published_figures(given: Given, tmp_path: Path) -> None:
    doubt = Remark("odd_row", "3 is not 4", "doubt", "2012-01")
    other = Remark("odd_row", "of a source that is not chosen", "doubt", "2012-02")
    pdf = given("un_monthly_pdf", {"contributions": people(("2012-02", "Nepal", None, 5))})
    file = given("ipi_month", {"contributions": TWO}, doubt, other)
    store = stored(tmp_path, pdf, file)
    assert told(store) == [("2012-01", "ipi_month", "odd row: 3 is not 4 (a.csv)")]
    rows = {row["check"]: row for row in check(store).table.to_dicts()}
    assert rows["odd_row"]["failed"] == 2
    assert "a.csv: 3 is not 4" in rows["odd_row"]["detail"]


def test_doubts_on_a_file_that_does_not_count_are_left_out(given: Given, tmp_path: Path) -> None:
    row = people(("2012-01", "Nepal", None, 4))
    doubt = Remark("odd_row", "3 is not 4", "doubt", "2012-01")
    good = given("ipi_month", {"contributions": row}, name="good.csv")
    bad = given("ipi_month", {"contributions": row}, doubt, name="bad.csv")
    assert told(stored(tmp_path, good, bad)) == []


def test_figures_of_a_user_that_give_way_are_told(given: Given, tmp_path: Path) -> None:
    """Nepal's 4 in UNIFIL stand against the report's 3; Ghana's 2 agree with 1 + 1 of two types."""
    report = pl.concat(
        [
            people(("2017-02", "Nepal", "UNIFIL", 3), ("2017-02", "Ghana", "UNMIL", 1)),
            people(("2017-02", "Ghana", "UNMIL", 1), personnel_type="experts_on_mission"),
        ]
    )
    own = pl.concat(
        [
            people(("2017-02", "Nepal", "UNIFIL", 4), ("2017-03", "Nepal", "UNIFIL", 9)),
            people(("2017-02", "Ghana", "UNMIL", 2), personnel_type="uniformed"),
        ]
    )
    store = stored(
        tmp_path,
        given("un_monthly_pdf", {"contributions": report}),
        given("user", {"contributions": own}, name="own.csv"),
    )
    ((month, source, detail),) = told(store)
    assert (month, source) == ("2017-02", "user")
    assert "un_monthly_pdf goes before 2 figures of your own for 2017-02, which do not" in detail
    assert "there is another for 1 (NPL, UNIFIL, troops: 4 in your file, 3 there)" in detail


def test_figures_of_a_user_that_agree_are_a_note(given: Given) -> None:
    report = given("un_monthly_pdf", {"contributions": people(("2017-02", "Nepal", "UNIFIL", 3))})
    own = given("user", {"contributions": people(("2017-02", "Nepal", "UNIFIL", 3))})
    assert remarks(report, own, code="own_not_used") == [("note", "2017-02", 2)]


KFOR = "KFOR"


@pytest.mark.parametrize(
    ("figures", "lines"),
    [
        ([("01", "Italy", 550), ("02", "Italy", 550_000), ("03", "Italy", 560)], [3]),
        ([("01", "Italy", 550), ("02", "Italy", 560_000)], [3]),
        ([("01", "Italy", 20), ("02", "Italy", 1_000), ("03", "Italy", 1_000)], []),
        ([("2010-12", "Italy", 5), ("02", "Italy", 1_000)], []),  # more than a year before
        ([("01", "Italy", 20), ("02", "Italy", 1_000)], []),  # a battalion came: 50 times as many
        ([("01", "Italy", 30), ("02", "Italy", 599), ("03", "Italy", 30)], []),
        ([("01", "Italy", 550), ("01", "Spain", 300), ("01", "Greece", 400_000)], [4]),
        ([("01", "Italy", 550), ("01", "Greece", 131_730)], []),  # nothing to tell which is odd
        ([("01", "Greece", 131_731)], [2]),  # the largest force of all nations: ISAF, 131,730
        ([("01", "Italy", 2_000), ("01", "Spain", 300), ("01", "Greece", 20_000)], []),
    ],
)
def test_a_figure_out_of_all_proportion_is_in_doubt(
    given: Given, figures: list[tuple[str, str, int]], lines: list[int]
) -> None:
    months = [month if len(month) > 2 else f"2012-{month}" for month, _, _ in figures]
    rows = people(
        *((m, who, KFOR, persons) for m, (_, who, persons) in zip(months, figures, strict=True))
    )
    found = remarks(given("user", {"contributions": rows}), code="out_of_scale")
    assert [line for _, _, line in found] == lines


def test_more_than_any_nation_ever_gave_the_un_is_in_doubt(given: Given) -> None:
    """The United States had 90,000 in ISAF; the United Nations never had 20,000 of one nation."""
    rows = people(("2010-06", "India", "MONUC", 43_000), ("2010-06", "Nepal", "MONUC", 19_000))
    other = people(("2010-06", "United States of America", "ISAF", 90_000))
    file = given(
        "user",
        {"contributions": pl.concat([rows, other.with_columns(pl.lit(9, pl.Int64).alias("line"))])},
    )
    assert remarks(file, code="out_of_scale") == [("doubt", "2010-06", 2)]


def test_a_month_that_is_not_printed_is_held_against_the_known_total() -> None:
    """A later copy of an old report: its sum is far from what is known of its month."""
    (total,) = known_totals()["2019-12"]
    shape = {"sha256": "a", "month": "2019-12", "origin": "un_monthly_pdf"}
    rows = pl.DataFrame(
        {**shape, "personnel_type": ["troops", "civilian"], "persons": [total, 9_999]}
    )
    undated = frozenset([("a", "2019-12")])
    assert misdated_months(rows, undated).is_empty()
    halved = rows.with_columns(pl.col("persons") // 2)
    ((origin, month, why),) = misdated_months(halved, undated).rows()
    assert (origin, month) == ("un_monthly_pdf", "2019-12")
    assert f"{total // 2:,} persons are not the {total:,} known" in why
    assert misdated_months(halved, frozenset()).is_empty()


def test_contingents_of_women_are_in_doubt(given: Given) -> None:
    """The reports know 132 soldiers of Ethiopia with 68 women, and no larger contingent of such."""
    figures = [("Nepal", 150, 50), ("Ghana", 68, 64), ("India", 100, 100), ("Italy", 101, 100)]
    rows = people(*(("2012-06", who, "UNIFIL", women + men) for who, women, men in figures))
    split = rows.with_columns(
        pl.Series("women", [women for _, women, _ in figures]),
        pl.Series("men", [men for _, _, men in figures]),
    )
    police = split.with_columns(
        pl.lit("individual_police").alias("personnel_type"), pl.col("line") + 10
    )
    file = given("ipi_gender", {"contributions": pl.concat([split, police])})
    (message,) = built(file)["flags"].filter(pl.col("code") == "women_exceed_men")["message"]
    assert "NPL in UNIFIL 150 women and 50 men; ITA in UNIFIL 101 women and 100 men;" in message
    assert remarks(file, code="women_exceed_men") == [("doubt", "2012-06", 2)]
