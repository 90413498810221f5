"""Files that leave a store: dropped by their user, or refused by readers that have come since."""

from __future__ import annotations

from pathlib import Path

import pytest

from sulh.api import Workbench
from sulh.cli.app import run
from sulh.core.errors import BadRequest, StoreError
from sulh.intake import registry
from sulh.intake.importing import ImportOptions, import_paths
from sulh.intake.user import names
from sulh.store.reading import Store

_HEAD = "month,nation,operation,personnel_type,women,men,persons,producer,citation,licence\n"


def _row(nation: str, persons: int) -> str:
    return f"2017-02,{nation},KFOR,troops,,,{persons},NATO,Leaflet,free\n"


def _table(folder: Path, name: str, *rows: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(_HEAD + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """Return a store into which readers that asked for no names let two tables of a user."""
    store = tmp_path / "store"
    mine = _table(tmp_path / "old", "mine.csv", _row("Albania", 13), _row("Atlantis", 5))
    other = _table(tmp_path / "old", "other.csv", _row("Armenia", 35))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names.Names, "problems", lambda self: [])
        patch.setattr(registry, "reader_version", lambda: "of old")
        report = import_paths([mine, other], store, workers=0)
    assert report.status == 1, "the row of Atlantis is kept apart"
    return store


def _nations(store: Path) -> dict[str, int]:
    rows = Store.open(store).table("contributions").select("nation", "persons").rows()
    return dict(rows)


def test_the_rows_that_are_refused_now_are_told_and_nothing_changes(
    held: Path, tmp_path: Path
) -> None:
    before = Store.open(held).version
    fresh = _table(tmp_path / "new", "fresh.csv", _row("Austria", 400))
    with pytest.raises(StoreError) as error:
        import_paths([fresh], held, workers=0)
    assert "1 file that the store holds can no longer be read: mine.csv: 1 problem: line 3" in str(
        error.value
    )
    assert "Atlantis" in error.value.found
    assert f"sulh import --drop mine.csv --store {held}" in error.value.mend
    assert Store.open(held).version == before


@pytest.mark.parametrize("alone", [True, False])
def test_a_mended_table_takes_the_place_of_the_one_refused(
    held: Path, tmp_path: Path, alone: bool
) -> None:
    mended = _table(tmp_path / "new", "mine.csv", _row("Albania", 13), _row("Austria", 5))
    files = [mended]
    if not alone:
        files.append(_table(tmp_path / "new", "fresh.csv", _row("Slovenia", 240)))
    report = import_paths(files, held, workers=0)
    assert report.status == 0
    assert [flag.code for flag in report.files[0].flags][:1] == ["replaced"]
    assert _nations(held) == {"ALB": 13, "AUT": 5, "ARM": 35} | ({} if alone else {"SVN": 240})


def test_a_table_that_is_not_mended_is_refused_itself(held: Path, tmp_path: Path) -> None:
    report = import_paths([tmp_path / "old" / "mine.csv"], held, workers=0)
    assert report.status == 2
    assert "Atlantis" in str(report.files[0].refused)


def test_a_mapping_that_is_mended_mends_its_table(tmp_path: Path) -> None:
    store, folder = tmp_path / "store", tmp_path / "files"
    folder.mkdir()
    (folder / "kfor.csv").write_text("When;Who;How many\n02/2017;Albania;13\n", encoding="utf-8")
    mapping = (
        '[source]\ntitle="T"\nproducer="P"\ncitation="C"\nlicence="L"\n'
        '[columns]\nmonth="When"\nnation="Who"\npersons="How many"\n'
        '[constants]\noperation="{}"\npersonnel_type="troops"\n[values]\nmonth_format="%m/%Y"\n'
    )
    written = folder / "kfor.sulh.toml"
    written.write_text(mapping.format("KFORCE"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names.Names, "problems", lambda self: [])
        patch.setattr(registry, "reader_version", lambda: "of old")
        import_paths([folder], store, workers=0)
    fresh = _table(tmp_path / "new", "fresh.csv", _row("Austria", 400))
    with pytest.raises(StoreError, match="KFORCE"):
        import_paths([fresh], store, workers=0)
    written.write_text(mapping.format("KFOR"), encoding="utf-8")
    assert import_paths([folder, fresh], store, workers=0).status == 0
    assert _nations(store) == {"ALB": 13, "AUT": 400}


def test_a_table_that_is_given_up_is_dropped(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = _table(tmp_path / "new", "fresh.csv", _row("Austria", 400))
    assert run(["import", str(fresh), "--drop", "mine.csv", "--store", str(held)]) == 0
    assert "dropped  mine.csv: its rows are no longer in the store" in capsys.readouterr().out
    assert _nations(held) == {"ARM": 35, "AUT": 400}
    assert run(["import", "--drop", "fresh.csv", "--store", str(held)]) == 0
    assert _nations(held) == {"ARM": 35}


def test_what_cannot_be_dropped_is_told_and_nothing_changes(tmp_path: Path) -> None:
    store = tmp_path / "store"
    import_paths([_table(tmp_path / "new", "own.csv", _row("Austria", 400))], store, workers=0)
    version = Store.open(store).version
    with pytest.raises(BadRequest, match="the store holds no file 'gone"):
        Workbench(store).import_([], drop=["gone.csv"])
    with pytest.raises(BadRequest, match="every file that the store holds"):
        import_paths([], store, workers=0, options=ImportOptions(drop=["own.csv"]))
    assert Store.open(store).version == version
    assert run(["import", "--store", str(store)]) == 2
