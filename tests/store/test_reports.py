"""The reports on a store, on figures small enough to check by eye."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import BadRequest, StoreDamaged
from sulh.store.publishing import Edition, publish
from sulh.store.quality import check, gaps, sources
from sulh.store.reading import Store
from sulh.store.reports.check import _short
from sulh.store.reports.gaps import gap_spans

Row = tuple[str, str, str | None, int | None, int, str]

ROWS: list[Row] = [
    ("2010-01", "BGD", "UNMIL", 1, 10, "ipi_gender"),
    ("2010-01", "NPL", "UNMIL", 2, 20, "ipi_gender"),
    ("2010-03", "BGD", None, None, 11, "ipi_nation"),
]
OTHERS: list[Row] = [
    ("2010-01", "BGD", None, None, 12, "ipi_nation"),
    ("2010-01", "NPL", None, None, 20, "ipi_nation"),
    ("2010-01", "GHA", None, None, 5, "ipi_nation"),
]


def frame(rows: list[Row]) -> pl.DataFrame:
    names = ["month", "nation", "operation", "women", "persons", "origin"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).with_columns(
        (pl.col("persons") - pl.col("women")).alias("men"),
        pl.lit("troops").alias("personnel_type"),
    )


def edition(rows: list[Row] = ROWS) -> Edition:
    coverage = {
        "month": ["2010-01", "2010-03"],
        "chosen": ["ipi_gender", "ipi_nation"],
        "persons": [30, 11],
        "nations": [2, 1],
        "reason": ["first", "the only source. In doubt: copied"],
    }
    world = {
        "month": ["2010-01", "2010-03"],
        "personnel_type": ["uniformed"] * 2,
        "persons": [37, 11],
        "origin": ["ipi_world"] * 2,
    }
    files = {
        "file": ["a", "b"],
        "origin": ["ipi_gender", "user"],
        "rows": [2, 1],
        "start": ["2010-01", "2009-01"],
        "end": ["2010-01", "2009-02"],
    }
    remarks = {"code": ["name_repaired"], "severity": ["repaired"], "message": ["Türkiye'"]}
    readings = frame([*rows, *OTHERS]).with_columns(pl.lit(value=True).alias("counts"))
    return Edition(
        {
            "contributions": frame(rows),
            "readings": readings,
            "coverage": pl.DataFrame(coverage),
            "world_totals": pl.DataFrame(world),
            "files": pl.DataFrame(files),
            "flags": pl.DataFrame({**remarks, "origin": ["ipi_gender"]}),
        }
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    publish(tmp_path, edition())
    return Store.open(tmp_path)


def found(store: Store, gap: str) -> list[dict[str, object]]:
    return gaps(store).table.filter(pl.col("gap") == gap).to_dicts()


def test_missing_months(store: Store) -> None:
    assert [row["month"] for row in found(store, "missing_month")] == ["2010-02"]
    wider = gaps(store, "2009-12", "2010-04").table.filter(pl.col("gap") == "missing_month")
    assert wider["month"].to_list() == ["2009-12", "2010-02", "2010-04"]


def test_months_that_say_less(store: Store) -> None:
    assert [row["month"] for row in found(store, "no_operation")] == ["2010-03"]
    assert [row["month"] for row in found(store, "no_women_and_men")] == ["2010-03"]
    assert [row["month"] for row in found(store, "in_doubt")] == ["2010-03"]


def test_nations_for_which_sources_differ(store: Store) -> None:
    """Bangladesh 10 against 12; Ghana 5 is not in the chosen source at all; Nepal agrees."""
    rows = found(store, "nation_total_differs")
    assert [(r["nation"], r["persons"], r["other_persons"], r["difference"]) for r in rows] == [
        ("BGD", 10, 12, -2),
        ("GHA", 0, 5, -5),
    ]


def test_world_totals_that_differ(store: Store) -> None:
    (row,) = found(store, "world_total_differs")
    assert (row["month"], row["persons"], row["other_persons"]) == ("2010-01", 30, 37)


def test_months_bound_the_report(store: Store) -> None:
    assert gaps(store, "2010-03").table["month"].unique().to_list() == ["2010-03"]


def test_sources_have_files_months_and_terms(store: Store) -> None:
    table = sources(store).table
    assert table.select("source", "files", "rows", "first", "last").rows() == [
        ("ipi_gender", 1, 2, "2010-01", "2010-01"),
        ("user", 1, 1, "2009-01", "2009-02"),
    ]
    assert "International Peace Institute" in table["licence"][0]


def test_check_counts_what_it_tested(store: Store) -> None:
    rows = {row["check"]: row for row in check(store).table.to_dicts()}
    assert (rows["women_and_men"]["tested"], rows["women_and_men"]["failed"]) == (2, 0)
    assert (rows["missing_months"]["failed"], rows["missing_months"]["detail"]) == (1, "2010-02")
    assert rows["name_repaired"]["failed"] == 1


def test_check_does_not_pass_what_it_could_not_test(tmp_path: Path) -> None:
    """A user's own rows on KFOR alone: no month of the UN's, no printed totals."""
    rows: list[Row] = [("2020-12", "ITA", "KFOR", 0, 500, "user")]
    publish(tmp_path, Edition({"contributions": frame(rows)}))
    table = check(Store.open(tmp_path)).table
    told = dict(table.filter(tested=0).select("check", "detail").iter_rows())
    for name in ("missing_months", "printed_totals"):
        assert told[name] == "nothing in the store to test it on"
    assert told["name_repaired"] == "names that were mended: none"


def test_check_finds_sums_that_do_not_add_up(tmp_path: Path) -> None:
    made = edition()
    wrong = made.tables["contributions"].with_columns(pl.col("men") + 1)
    publish(tmp_path, Edition({**made.tables, "contributions": wrong}))
    rows = {row["check"]: row for row in check(Store.open(tmp_path)).table.to_dicts()}
    assert rows["women_and_men"]["failed"] == 2
    assert "2010-01 BGD UNMIL 1 + 10 is not 10" in rows["women_and_men"]["detail"]


def test_check_finds_a_row_twice(tmp_path: Path) -> None:
    publish(tmp_path, edition([*ROWS, ROWS[0]]))
    rows = {row["check"]: row for row in check(Store.open(tmp_path)).table.to_dicts()}
    assert rows["one_row_a_key"]["failed"] == 1


def test_check_finds_printed_totals_that_differ(tmp_path: Path) -> None:
    made = edition()
    own = made.tables["world_totals"].with_columns(pl.lit("ipi_gender").alias("origin"))
    publish(tmp_path, Edition({**made.tables, "world_totals": own}))
    rows = {row["check"]: row for row in check(Store.open(tmp_path)).table.to_dicts()}
    assert (rows["printed_totals"]["tested"], rows["printed_totals"]["failed"]) == (1, 1)
    assert "2010-01 30 against 37" in rows["printed_totals"]["detail"]


def test_check_finds_changed_bytes(store: Store) -> None:
    file = store.folder / "contributions.parquet"
    data = bytearray(file.read_bytes())
    data[10] ^= 1
    file.write_bytes(data)
    with pytest.raises(StoreDamaged, match="contributions"):
        check(store)


def test_reports_on_an_empty_store(tmp_path: Path) -> None:
    publish(tmp_path, Edition({}))
    empty = Store.open(tmp_path)
    assert len(gaps(empty)) == 0
    assert len(sources(empty)) == 0
    assert check(empty).table["failed"].sum() == 0


def single(path: Path, nation: str, persons: dict[str, int]) -> Store:
    """Return a store with one nation's head-counts."""
    rows: list[Row] = [(m, nation, None, None, count, "ipi") for m, count in persons.items()]
    coverage = {
        "month": list(persons),
        "chosen": ["ipi"] * len(persons),
        "persons": list(persons.values()),
        "nations": [1] * len(persons),
        "reason": ["the only source"] * len(persons),
    }
    publish(path, Edition({"contributions": frame(rows), "coverage": pl.DataFrame(coverage)}))
    return Store.open(path)


def test_spans_draw_neighbouring_months_of_one_kind_together(tmp_path: Path) -> None:
    """Absent: 2010-02, 2010-03 and 2010-05. Nations only: in all four months, so four runs."""
    months = ("2010-01", "2010-04", "2010-06", "2010-07")
    store = single(tmp_path, "BGD", dict.fromkeys(months, 10))
    missing = gap_spans(store, kind="missing_month").table
    assert missing.select("first", "last", "months").rows() == [
        ("2010-02", "2010-03", 2),
        ("2010-05", "2010-05", 1),
    ]
    poorer = gap_spans(store, kind="no_operation").table
    assert poorer["first"].to_list() == ["2010-01", "2010-04", "2010-06"]
    assert poorer["months"].sum() == 4
    with pytest.raises(BadRequest, match="choose one of these"):
        gap_spans(store, kind="hole")


def test_a_nation_that_falls_and_returns_is_a_gap(tmp_path: Path) -> None:
    persons = {"1994-06": 1504, "1994-07": 6, "1994-08": 11, "1994-09": 1488}
    store = single(tmp_path, "TUR", persons)
    assert [(r["month"], r["persons"]) for r in found(store, "doubtful_fall")] == [
        ("1994-07", 6),
        ("1994-08", 11),
    ]
    (row,) = gap_spans(store, kind="doubtful_fall").table.to_dicts()
    assert (row["first"], row["last"], row["months"]) == ("1994-07", "1994-08", 2)
    assert row["detail"] == "falls from 1,504 and returns to 1,488"


def test_the_example_of_a_remark_ends_at_a_word_and_says_no_mend() -> None:
    long = "the name is unknown: " + " ".join(f"word{number}" for number in range(100))
    assert _short(f"{long}. What to do: name it.").endswith(" …")
    assert all(word in long.split() for word in _short(long).split()[:-1])
    assert _short("it is short: why. What to do: this.") == "it is short: why"
