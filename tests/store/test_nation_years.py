"""One figure for each nation, year, measure and origin, whatever names the source used."""

from __future__ import annotations

import polars as pl

from sulh.store.ledger import Ledger
from sulh.store.yearly import _within_states, one_figure

_COLUMNS = ("nation", "nation_code", "year", "value", "quality")


def _rows(*rows: tuple[object, ...]) -> pl.DataFrame:
    kinds = dict(
        zip(_COLUMNS, (pl.String, pl.String, pl.Int64, pl.Float64, pl.String), strict=True)
    )
    return pl.DataFrame(list(rows), schema=kinds, orient="row").with_columns(
        measure=pl.lit("population"), origin=pl.lit("population"), sha256=pl.lit("abc")
    )


def test_a_part_does_not_stand_for_the_whole() -> None:
    # population.csv for 1990: the Soviet Union 288,068,000, Russia 147,564,000, Ukraine 51,464,000
    rows = _rows(
        ("SUN", "RUS", 1990, 147_564_000.0, "estimated"),
        ("SUN", "SOV", 1990, 288_068_000.0, "estimated"),
        ("SUN", "UKR", 1990, 51_464_000.0, "estimated"),
        ("BGD", "BGD", 1990, 103_172_000.0, None),
    )
    ledger = Ledger(())
    found = one_figure(rows, ledger)
    assert {row["nation"]: row["value"] for row in found.to_dicts()} == {
        "SUN": 288_068_000,
        "BGD": 103_172_000,
    }
    ((sha256, origin, remark),) = ledger.remarks
    assert (sha256, origin, remark.severity) == ("abc", "population", "doubt")
    assert remark.message.startswith("3 figures mean 1 nations and years (SUN 1990)")


def test_a_silent_row_gives_way_to_a_figure_and_stays_where_there_is_none() -> None:
    rows = _rows(
        ("SDN", "SSD", 1960, None, "not_applicable"),
        ("SDN", "SDN", 1960, 7.5, None),
        ("YEM", "YAR", 1980, None, "not_available"),
        ("YEM", "YEM", 1980, None, "not_applicable"),
    )
    ledger = Ledger(())
    found = one_figure(rows, ledger)
    assert found.select("nation", "value", "quality").rows() == [
        ("SDN", 7.5, None),
        ("YEM", None, "not_available"),
    ]
    assert ledger.remarks == []


def test_years_before_the_table_of_states_are_left_out_and_counted() -> None:
    rows = pl.DataFrame(
        {"year": [1816, 1944, 1945], "sha256": ["a", "a", "a"], "origin": ["cow_nmc"] * 3}
    )
    ledger = Ledger(())
    assert _within_states(rows, ledger)["year"].to_list() == [1945]
    ((sha256, origin, remark),) = ledger.remarks
    assert (sha256, origin, remark.severity) == ("a", "cow_nmc", "note")
    assert "2 figures" in remark.message
