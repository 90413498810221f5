"""Files in, figures out; what cannot be used is refused and changes nothing."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import StoreDamaged
from sulh.intake.base import Document, Parsed, tidy
from sulh.intake.importing import ImportOptions, import_paths
from sulh.store.reading import Store

Write = Callable[[str, Sequence[tuple[str, str, str, int, int]]], Path]

DECEMBER = [("2020-12", "Bangladesh", "MINUSCA", 3, 40), ("2020-12", "Nepal", "UNIFIL", 1, 2)]
NOVEMBER = [("2020-11", "Bangladesh", "MINUSCA", 3, 41)]


def test_figures_come_through(hub: Write, tmp_path: Path) -> None:
    report = import_paths([hub("a.csv", DECEMBER)], tmp_path / "store", workers=0)
    rows = Store.open(tmp_path / "store").table("contributions")
    assert rows.select("nation", "operation", "women", "men", "persons").rows() == [
        ("BGD", "MINUSCA", 3, 40, 43),
        ("NPL", "UNIFIL", 1, 2, 3),
    ]
    assert report.status == 0
    assert report.files[0].months == ("2020-12",)


def test_a_later_import_adds_to_the_store(hub: Write, tmp_path: Path) -> None:
    import_paths([hub("a.csv", DECEMBER)], tmp_path / "store", workers=0)
    import_paths([hub("b.csv", NOVEMBER)], tmp_path / "store", workers=0)
    assert Store.open(tmp_path / "store").months == ("2020-11", "2020-12")


def test_order_and_workers_do_not_matter(hub: Write, tmp_path: Path) -> None:
    files = [
        hub(f"{number}.csv", [(f"2020-{number:02d}", "Nepal", "UNIFIL", 1, number)])
        for number in range(1, 9)
    ]
    files.append(hub("again.csv", [("2020-03", "Nepal", "UNIFIL", 1, 99)]))  # a contradiction
    versions = set()
    for seed, workers in ((1, 0), (2, 1), (3, 2)):
        shuffled = random.Random(seed).sample(files, len(files))
        root = tmp_path / f"store{seed}"
        versions.add(import_paths(shuffled, root, workers=workers).version)
        one_by_one = tmp_path / f"each{seed}"
        for file in shuffled:
            last = import_paths([file], one_by_one, workers=0).version
        versions.add(last)
    assert len(versions) == 1


def test_threads_and_the_hash_seed_do_not_matter(hub: Write, tmp_path: Path) -> None:
    rows = [
        (f"20{year:02d}-{month:02d}", nation, "UNIFIL", month, year)
        for year in range(10, 20)
        for month in range(1, 13)
        for nation in ("Nepal", "Ghana", "Fiji", "Ireland")
    ]
    path = hub("a.csv", rows)
    code = (
        "import sys; from sulh.intake.importing import import_paths\n"
        "print(import_paths([sys.argv[1]], sys.argv[2], workers=0).version)"
    )
    versions = set()
    for threads, seed in (("1", "1"), ("5", "2")):
        environment = {**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, str(path), str(tmp_path / seed)]
        versions.add(subprocess.check_output(command, env=environment, text=True))
    assert len(versions) == 1


def test_an_executor_may_read_the_files(hub: Write, tmp_path: Path) -> None:
    files = [hub("a.csv", DECEMBER), hub("b.csv", NOVEMBER)]
    expected = import_paths(files, tmp_path / "one", workers=0).version
    with ThreadPoolExecutor(2) as pool:
        options = ImportOptions(executor=pool)
        assert import_paths(files, tmp_path / "two", options=options).version == expected


def test_the_same_bytes_count_once(hub: Write, tmp_path: Path) -> None:
    files = [hub("b.csv", DECEMBER), hub("a.csv", DECEMBER)]
    report = import_paths(files, tmp_path / "store", workers=0)
    store = Store.open(tmp_path / "store")
    assert store.table("contributions")["persons"].sum() == 43 + 3
    assert store.table("files")["name"].to_list() == ["a.csv"]
    assert [flag.code for flag in report.files[1].flags][:1] == ["same_bytes"]


def test_files_that_contradict_each_other_are_remarked_on(hub: Write, tmp_path: Path) -> None:
    """The file that says more counts; the other's figure and the difference are told."""
    more = [*DECEMBER, ("2020-12", "Ghana", "UNIFIL", 5, 5)]
    fewer = [("2020-12", "Nepal", "UNIFIL", 1, 1)]
    report = import_paths([hub("a.csv", fewer), hub("b.csv", more)], tmp_path / "s", workers=0)
    store = Store.open(tmp_path / "s")
    assert store.table("contributions")["persons"].sum() == 43 + 3 + 10
    (flag,) = [flag for flag in report.files[0].flags if flag.code == "files_differ"]
    assert (flag.severity, flag.month) == ("doubt", "2020-12")
    assert "persons: 2 here, 56 there" in flag.message
    readings = store.table("readings")
    assert readings.filter(~pl.col("counts"))["persons"].to_list() == [2]


def test_files_that_complete_each_other_add_up(hub: Write, tmp_path: Path) -> None:
    files = [hub("page1.csv", DECEMBER[:1]), hub("page2.csv", DECEMBER[1:])]
    import_paths(files, tmp_path / "s", workers=0)
    assert Store.open(tmp_path / "s").table("contributions")["persons"].sum() == 43 + 3


def test_an_unknown_nation_is_kept_apart_with_its_line(hub: Write, tmp_path: Path) -> None:
    rows = [*DECEMBER, ("2020-12", "Ruritania", "UNIFIL", 0, 7)]
    report = import_paths([hub("a.csv", rows)], tmp_path / "s", workers=0)
    store = Store.open(tmp_path / "s")
    (apart,) = store.table("set_apart").to_dicts()
    assert (apart["name"], apart["line"]) == ("a.csv", 4)
    assert json.loads(apart["record"])["nation_name"] == "Ruritania"
    assert "Ruritania" in apart["reason"]
    assert store.table("contributions")["persons"].sum() == 43 + 3
    flags = [flag for flag in report.files[0].flags if flag.severity == "refused"]
    assert [flag.line for flag in flags] == [4]
    assert "7 persons were kept apart" in store.table("coverage")["reason"].item()


def test_an_unknown_operation_keeps_its_persons(hub: Write, tmp_path: Path) -> None:
    rows = [*DECEMBER, ("2020-12", "Nepal", "UNZZZZ", 0, 7)]
    import_paths([hub("a.csv", rows)], tmp_path / "s", workers=0)
    store = Store.open(tmp_path / "s")
    table = store.table("contributions")
    assert table["persons"].sum() == 43 + 3 + 7
    assert table.filter(pl.col("operation").is_null())["persons"].to_list() == [7]
    assert "operation_unknown" in store.table("flags")["code"].to_list()


def test_women_stay_unknown_if_a_part_is(tmp_path: Path) -> None:
    """Two rows of one key: 3 women of 10, and 5 persons of whom it is not known."""
    rows = {"month": ["2020-12"] * 2, "nation_name": ["Nepal"] * 2, "women": [3, None]}
    more = {"men": [7, None], "persons": [10, 5], "personnel_type": ["troops"] * 2}
    source = _Fixed(tidy("contributions", pl.DataFrame({**rows, **more})))
    path = tmp_path / "a"
    path.write_bytes(b"any")
    options = ImportOptions(sources=(source,))
    import_paths([path], tmp_path / "s", workers=0, options=options)
    (row,) = Store.open(tmp_path / "s").table("contributions").to_dicts()
    assert (row["women"], row["men"], row["persons"]) == (None, None, 15)


@dataclass(frozen=True)
class _Fixed:
    """A source that answers every document with the same rows."""

    rows: pl.DataFrame
    key: str = "un_hub_contributions"

    def recognises(self, document: Document) -> bool:
        return True

    def parse(self, document: Document) -> Parsed:
        return Parsed(self.key, {"contributions": self.rows})


@dataclass(frozen=True)
class _Failing:
    key: str = "failing"

    def recognises(self, document: Document) -> bool:
        return True

    def parse(self, document: Document) -> Parsed:
        raise ZeroDivisionError("a fault of the parser")


def test_a_parser_that_fails_refuses_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"any")
    options = ImportOptions(sources=(_Failing(),))
    (file,) = import_paths([path], tmp_path / "s", options=options).files
    assert file.refused is not None
    assert "a fault of the parser" in file.refused


def test_two_sources_that_claim_a_file_refuse_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"any")
    options = ImportOptions(sources=(_Failing("one"), _Failing("two")))
    (file,) = import_paths([path], tmp_path / "s", options=options).files
    assert "claimed by one and two" in str(file.refused)


HOSTILE = {
    "empty.csv": b"",
    "binary.pdf": bytes(range(256)) * 20,
    "cut.pdf": b"%PDF-1.7\n1 0 obj <<",
    "page.csv": b"<!doctype html><html>not found</html>",
    "archive.zip": b"PK\x03\x04rubbish",
    "packed.gz": b"\x1f\x8b\x08\x00rubbish",
    "table.csv": b"a,b,c\n1,2,3\n",
    "deep.json": b"[" * 100_000,
    "nul.csv": b"month,nation\x00\n",
    "wide.csv": b"," * 100_000,
    "utf16.csv": "month;persons\n".encode("utf-16"),
    "alone.sulh.toml": b'[source]\ntitle = "T"\n[columns]\nmonth = "M"\n',
    "packed-mapping.csv": b"SULH table with mapping 1\n\xff\xff\xff\xff",
}


@pytest.mark.parametrize("workers", [0, 1])
def test_hostile_files_are_refused_and_change_nothing(
    hub: Write, tmp_path: Path, workers: int
) -> None:
    root = tmp_path / "store"
    before = import_paths([hub("a.csv", DECEMBER)], root, workers=0).version
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name, data in HOSTILE.items():
        (folder / name).write_bytes(data)
    report = import_paths([folder], root, workers=workers)
    assert {Path(f.path).name for f in report.refused} == set(HOSTILE)
    told = {Path(file.path).name: str(file.refused) for file in report.refused}
    assert "the table beside it" in told["alone.sulh.toml"]
    assert all(len(str(file.refused)) > 30 for file in report.refused)
    assert (report.status, report.published) == (2, False)
    assert Store.open(root).version == report.version == before
    assert len(list((root / "raw").iterdir())) == 1


def test_a_good_file_among_bad_ones_is_imported(hub: Write, tmp_path: Path) -> None:
    good, bad = hub("a.csv", DECEMBER), hub("b.csv", [])
    bad.write_bytes(b"a,b\n1,2\n")
    report = import_paths([bad, good], tmp_path / "s", workers=0)
    assert report.status == 1
    assert [file.refused is None for file in report.files] == [False, True]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    paths = [tmp_path / "pipe", tmp_path / "absent", Path("/dev/null")]
    report = import_paths(paths, tmp_path / "s", workers=0)
    told = [str(file.refused) for file in report.files]
    assert "pipe" in told[0]
    assert "No such file" in told[1]
    assert "device" in told[2]


def test_a_file_over_the_limit_is_refused(hub: Write, tmp_path: Path) -> None:
    report = import_paths(
        [hub("a.csv", DECEMBER)], tmp_path / "s", workers=0, options=ImportOptions(limit=10)
    )
    assert "files of more than 10 bytes" in str(report.files[0].refused)


def test_folders_are_walked_in_order_without_hidden_files(hub: Write, tmp_path: Path) -> None:
    hub("sub/b.csv", NOVEMBER)
    hub("a.csv", DECEMBER)
    hub(".hidden.csv", DECEMBER)
    hub("a.csv.origin.toml", DECEMBER)
    (tmp_path / "files" / "loop").symlink_to(tmp_path / "files", target_is_directory=True)
    report = import_paths([tmp_path / "files"], tmp_path / "s", workers=0)
    assert [Path(file.path).name for file in report.files] == ["a.csv", "b.csv"]


def test_the_report_as_json_has_the_promised_fields(hub: Write, tmp_path: Path) -> None:
    report = import_paths([hub("a.csv", DECEMBER)], tmp_path / "s", workers=0)
    body = json.loads(report.files[0].to_json())
    assert list(body) == ["path", "source", "months", "rows", "refused", "flags"]
    assert body["months"] == ["2020-12"]
    assert (body["rows"], body["refused"]) == (2, None)


def test_progress_is_told_for_every_file(hub: Write, tmp_path: Path) -> None:
    files = [hub("a.csv", DECEMBER), hub("b.csv", NOVEMBER)]
    told: list[tuple[int, int]] = []
    import_paths(
        files, tmp_path / "s", workers=0, progress=lambda done, total, _: told.append((done, total))
    )
    assert told == [(1, 2), (2, 2)]


def test_damaged_tables_are_built_anew(hub: Write, tmp_path: Path) -> None:
    root = tmp_path / "s"
    version = import_paths([hub("a.csv", DECEMBER)], root, workers=0).version
    shutil.rmtree(root / "tidy")
    file = root / "versions" / str(version) / "contributions.parquet"
    file.write_bytes(b"PAR1")
    import_paths([hub("b.csv", NOVEMBER)], root, workers=0)
    store = Store.open(root)
    store.verify()
    assert store.table("contributions")["persons"].sum() == 43 + 3 + 44


def test_a_damaged_tidy_table_is_named_and_can_be_read_anew(hub: Write, tmp_path: Path) -> None:
    root = tmp_path / "s"
    first = import_paths([hub("a.csv", DECEMBER)], root, workers=0).version
    (table,) = (root / "tidy").rglob("contributions.parquet")
    table.write_bytes(bytes(table.stat().st_size))
    with pytest.raises(StoreDamaged, match="delete the folder"):
        import_paths([hub("b.csv", NOVEMBER)], root, workers=0)
    assert Store.open(root).version == first
    shutil.rmtree(table.parent)
    import_paths([hub("b.csv", NOVEMBER)], root, workers=0)
    assert Store.open(root).months == ("2020-11", "2020-12")


def test_a_table_with_its_mapping(tmp_path: Path) -> None:
    (tmp_path / "kfor.csv").write_text("When;Who;How many\n02/2017;Albania;13\n")
    (tmp_path / "kfor.sulh.toml").write_text(
        '[source]\ntitle="T"\nproducer="P"\ncitation="C"\nlicence="L"\n'
        '[columns]\nmonth="When"\nnation="Who"\npersons="How many"\n'
        '[constants]\noperation="KFOR"\npersonnel_type="troops"\n[values]\nmonth_format="%m/%Y"\n'
    )
    report = import_paths([tmp_path], tmp_path.parent / f"{tmp_path.name}-s", workers=0)
    assert [Path(file.path).name for file in report.files] == ["kfor.csv"]
    store = Store.open(report.store)
    (row,) = store.table("contributions").to_dicts()
    assert (row["month"], row["nation"], row["operation"], row["persons"]) == (
        *("2017-02", "ALB", "KFOR"),
        13,
    )
    (origin,) = store.origins(["user"])
    assert (origin.title, origin.citation) == ("T", "C")


def test_a_users_corrected_file_replaces_the_first(tmp_path: Path) -> None:
    head = "month,nation,operation,personnel_type,women,men,persons,producer,citation,licence\n"
    path = tmp_path / "own.csv"
    for persons in (999, 13):
        path.write_text(f"{head}2017-02,Albania,KFOR,troops,,,{persons},NATO,Leaflet,free\n")
        import_paths([path], tmp_path / "s", workers=0)
    store = Store.open(tmp_path / "s")
    assert store.table("contributions")["persons"].to_list() == [13]
    assert store.table("files").height == 1


def test_one_content_under_two_names_where_the_name_says_whose(tmp_path: Path) -> None:
    folder = tmp_path / "nations"
    folder.mkdir()
    text = "date,troops,police,experts\n1993-06-30,5,NA,1\n"
    for name in ("Nepal.csv", "Ghana.csv"):
        (folder / name).write_text(text)
    report = import_paths([folder], tmp_path / "s", workers=0)
    assert all("same bytes" in str(file.refused) for file in report.files)
    (folder / "Ghana.csv").unlink()
    import_paths([folder], tmp_path / "s", workers=0)
    rows = Store.open(tmp_path / "s").table("contributions")
    assert rows["nation"].unique().to_list() == ["NPL"]
