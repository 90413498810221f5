"""A user's own files from end to end: nobody is counted twice, and what is kept apart is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sulh.api import Workbench
from sulh.core.errors import SulhError
from sulh.core.origin import Origin
from sulh.intake.importing import ImportOptions, ImportReport, import_paths
from sulh.result.citations import cite

_HEAD = "month,nation,operation,personnel_type,persons,producer,citation,licence,body\n"

Own = Callable[..., tuple[ImportReport, Workbench]]


@pytest.fixture
def own(tmp_path: Path) -> Own:
    """Return a function that imports tables of (nation, operation, type, persons) in 2010-06."""

    def make(*rows: tuple[str, str, str, int], name: str = "own") -> tuple[ImportReport, Workbench]:
        lines = [f"2010-06,{n},{o},{t},{p},P,C,not stated,\n" for n, o, t, p in rows]
        (tmp_path / f"{name}.csv").write_text(_HEAD + "".join(lines), encoding="utf-8")
        report = import_paths([tmp_path / f"{name}.csv"], tmp_path / "store", workers=0)
        return report, Workbench(tmp_path / "store")

    return make


def persons(workbench: Workbench) -> dict[tuple[str, str], int]:
    table = workbench.store.table("contributions")
    sums = table.group_by("nation", "operation").agg(pl.col("persons").sum())
    return {(n, o): p for n, o, p in sums.iter_rows()}


def told(report: ImportReport) -> list[str]:
    (file,) = report.files
    return [flag.message for flag in file.flags if flag.code == "counted_twice"]


@pytest.mark.parametrize(
    "rows",
    [
        [("Turkey", "KFOR", "troops", 10), ("Türkiye", "KFOR", "troops", 20)],
        [("PAK", "KFOR", "troops", 10), ("Pakistan", "KFOR", "troops", 20)],
        [("Pakistan", "KFOR", "troops", 10), ("Pakistan", "Kosovo Force", "troops", 20)],
        [("Pakistan", "KFOR", "uniformed", 30), ("Pakistan", "KFOR", "troops", 20)],
        [("Pakistan", "KFOR", "police", 30), ("Pakistan", "KFOR", "formed_police", 20)],
        [("Pakistan", "", "troops", 30), ("Pakistan", "UNMIK", "troops", 20)],
    ],
)
def test_what_counts_somebody_twice_is_kept_apart(
    own: Own, rows: list[tuple[str, str, str, int]]
) -> None:
    report, workbench = own(*rows, ("India", "KFOR", "troops", 5))
    assert persons(workbench) == {("IND", "KFOR"): 5}
    assert report.status == 1
    assert len(told(report)) == 2
    assert all("line 2" in message and "line 3" in message for message in told(report))
    assert workbench.store.table("set_apart").height == report.files[0].apart == 2


def test_the_same_figure_under_two_names_counts_once(own: Own) -> None:
    report, workbench = own(("Turkey", "KFOR", "troops", 10), ("Türkiye", "KFOR", "troops", 10))
    assert persons(workbench) == {("TUR", "KFOR"): 10}
    assert [message.endswith("the first counts") for message in told(report)] == [True]


def test_a_sum_beside_all_its_parts_counts_once(own: Own) -> None:
    """20 + 7 + 3 = 30: the parts say more than the sum."""
    report, workbench = own(
        ("Pakistan", "KFOR", "uniformed", 30),
        ("Pakistan", "KFOR", "troops", 20),
        ("Pakistan", "KFOR", "individual_police", 7),
        ("Pakistan", "KFOR", "formed_police", 3),
        ("Pakistan", "KFOR", "civilian", 4),
    )
    assert persons(workbench) == {("PAK", "KFOR"): 34}
    assert [message.endswith("the parts count") for message in told(report)] == [True]


def test_figures_of_several_types_and_operations_all_count(own: Own) -> None:
    report, workbench = own(
        ("Pakistan", "KFOR", "troops", 20),
        ("Pakistan", "KFOR", "police", 7),
        ("Pakistan", "ISAF", "troops", 3),
        ("Pakistan", "KFOR", "civilian", 4),
    )
    assert persons(workbench) == {("PAK", "KFOR"): 31, ("PAK", "ISAF"): 3}
    assert report.status == 0


def test_own_figures_are_cited_as_their_files_say(own: Own) -> None:
    _, workbench = own(("Pakistan", "KFOR", "troops", 20))
    result = workbench.contributions("PAK", scope="other")
    assert result.cite() == "P: C. Licence: not stated."
    assert "author = {{P}}" in result.cite("bibtex")
    assert "howpublished = {C}" in result.cite("bibtex")


def test_each_of_several_own_sources_is_cited() -> None:
    origins = [Origin("user", "a", "NATO", "Key facts", "open", ""),
               Origin("user", "b", "Reuters", "Reuters, 1 May", "not stated", "")]  # fmt: skip
    assert cite(origins).splitlines() == [
        "NATO: Key facts. Licence: open.",
        "Reuters, 1 May. Licence: not stated.",
    ]
    assert [line for line in cite(origins, "bibtex").splitlines() if line.startswith("@")] == [
        "@misc{user-1,",
        "@misc{user-2,",
    ]


def test_files_that_contradict_stand_among_the_gaps(own: Own) -> None:
    """Neither is nearer to anything known: the first by hash counts, and both are shown."""
    own(("Pakistan", "KFOR", "troops", 10), name="one")
    _, workbench = own(("Pakistan", "KFOR", "troops", 30), name="other")
    (gap,) = workbench.gaps(kind="own_files_differ", by="month").table.to_dicts()
    figures = {gap["persons"], gap["other_persons"]}
    assert figures == {10, 30}
    assert abs(gap["difference"]) == 20
    assert "one.csv" in gap["detail"] and "other.csv" in gap["detail"]
    assert sum(persons(workbench).values()) == gap["persons"]


def test_an_operation_outside_its_life_is_in_doubt(own: Own) -> None:
    """UNMISS began in July 2011; the row is of June 2010, a year before."""
    report, _ = own(("Pakistan", "UNMISS", "troops", 20))
    (flag,) = [flag for flag in report.files[0].flags if flag.code == "outside_operation"]
    assert (flag.severity, flag.month, flag.line) == ("doubt", "2010-06", 2)


@pytest.mark.parametrize("workers", [0, 1])
def test_a_forecast_is_refused_until_its_month_has_come(tmp_path: Path, workers: int) -> None:
    """What the store holds once stays, also when newer readers read it again."""
    table, store = tmp_path / "own.csv", tmp_path / "store"
    table.write_text(_HEAD + "2026-05,Pakistan,KFOR,troops,20,P,C,not stated,\n", encoding="utf-8")
    before, after = (ImportOptions(day=day) for day in ("2026-04-30", "2026-05-01"))
    early = import_paths([table], store, workers=workers, options=before)
    assert early.status == 2 and "later than the day of the import" in str(early.files[0].refused)
    assert import_paths([table], store, workers=workers, options=after).status == 0
    for folder in (store / "tidy").iterdir():
        shutil.rmtree(folder)
    table.with_name("more.csv").write_text(
        _HEAD + "2010-06,India,KFOR,troops,5,P,C,not stated,\n", encoding="utf-8"
    )
    again = import_paths([tmp_path / "more.csv"], store, workers=workers, options=before)
    assert again.status == 0
    assert persons(Workbench(store)) == {("PAK", "KFOR"): 20, ("IND", "KFOR"): 5}


def test_a_table_with_an_unknown_name_is_refused_as_a_whole(own: Own, tmp_path: Path) -> None:
    with pytest.raises(SulhError):
        own(("Atlantis", "KFOR", "troops", 10), ("India", "KFOR", "troops", 5))[1].store  # noqa: B018
    report = import_paths([tmp_path / "own.csv"], tmp_path / "store", workers=0)
    assert report.status == 2 and not report.published
    assert "line 2: name 'Atlantis'" in str(report.files[0].refused)
