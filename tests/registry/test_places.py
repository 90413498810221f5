"""A registry that is not there is made only by what adds records; the rest says what is near."""

from __future__ import annotations

from pathlib import Path

import pytest

from sulh.cli.app import run
from sulh.core.errors import NotAnswerable, StoreMissing
from sulh.registry import Cells, Refused, Register

GOOD = {"id": "A-1", "title": "t", "parties": "PAK|SAU", "kind": "treaty", "source": "s"}


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """Return a registry with one agreement."""
    path = tmp_path / "desk.sqlite"
    desk = Register.open(path)
    desk.write([Cells("agreement", GOOD)])
    desk.close()
    return path


@pytest.mark.parametrize(
    "asked",
    [
        "agenda",
        "agenda --ics agenda.ics",
        "registry status",
        "registry list agreement",
        "registry show agreement A-1",
        "registry history",
        "registry export out.json",
        "registry verify",
        "registry upgrade",
        "registry pledged F",
        "registry case folder",
        "registry remove agreement A-1 --version 1",
        "registry change agreement A-1 --version 1 title=u",
    ],
)
def test_what_only_reads_makes_no_registry(
    held: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    monkeypatch.chdir(held.parent)
    assert run([*asked.split(), "--registry", "deskk.sqlite"]) != 0
    told = " ".join(capsys.readouterr().err.split())
    assert "there is no registry at deskk.sqlite" in told
    assert "perhaps desk.sqlite is meant" in told
    assert [path.name for path in held.parent.iterdir()] == ["desk.sqlite"]


def test_python_reads_no_registry_that_is_not_there(tmp_path: Path) -> None:
    import sulh

    with pytest.raises(StoreMissing, match="no registry at"):
        sulh.agenda(tmp_path / "none.sqlite", as_of="2025-01-01")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_is_no_registry_to_read(place: str) -> None:
    if "://" not in place:
        Path(place).touch()
    with pytest.raises(StoreMissing, match="no registry at"):
        Register.open(place, make=False)
    Register.open(place).close()
    Register.open(place, make=False).close()


def test_a_dry_run_makes_no_registry_and_import_does(
    held: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(held.parent)
    assert run(["registry", "export", "all.json", "--registry", "desk.sqlite"]) == 0
    words = ["registry", "import", "all.json", "--registry", "new.sqlite"]
    assert run(words) == 0
    said = capsys.readouterr().out
    assert "dry run: 1 added" in said
    assert "makes the registry new.sqlite" in said
    assert not Path("new.sqlite").exists()
    assert run([*words, "--write"]) == 0
    assert Path("new.sqlite").exists()


@pytest.mark.parametrize("asked", [["status"], ["example"]])
def test_a_text_file_is_said_to_be_no_registry_and_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    path = tmp_path / "g.sqlite"
    path.write_text("some notes\n", encoding="utf-8")
    assert run(["registry", *asked, "--registry", str(path)]) != 0
    told = " ".join(capsys.readouterr().err.split())
    assert "is no registry" in told
    assert "change" not in told
    assert path.read_text(encoding="utf-8") == "some notes\n"


def test_a_record_that_is_not_there_is_neither_changed_nor_removed(held: Path) -> None:
    desk = Register.open(held)
    with pytest.raises(NotAnswerable, match="there is no agreement 'NOPE'"):
        desk.change("agreement", "NOPE", 1, ends="2030-01-01")
    with pytest.raises(NotAnswerable) as told:
        desk.remove("agreement", "a1", 1)
    assert "perhaps A-1 is meant" in str(told.value)
    assert len(desk.history()) == 1
    desk.close()


def test_an_identifier_twice_is_said_once(desk: Register) -> None:
    with pytest.raises(Refused) as told:
        desk.write([Cells("agreement", GOOD, "a.csv", 2), Cells("agreement", GOOD, "a.csv", 3)])
    assert told.value.total == 1
    assert "'A-1' stands in line 2 too" in str(told.value)
    assert desk.history() == []


@pytest.mark.parametrize(
    ("parties", "said"),
    [
        ("TRU|QAT", "'TRU' is wrong: it is no ISO 3166-1 alpha-3 code. What to do: perhaps TUR"),
        ("tur|QAT", "perhaps TUR"),
        ("TUR\\|QAT", "where | alone is meant"),
    ],
)
def test_a_wrong_part_of_a_list_is_named(desk: Register, parties: str, said: str) -> None:
    with pytest.raises(Refused) as told:
        desk.write([Cells("agreement", GOOD | {"parties": parties})])
    assert said in str(told.value)


def test_the_columns_name_the_sign_between_parts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "kinds", "agreement"]) == 0
    told = capsys.readouterr().out
    assert "several with |" in told
    assert "\\|" not in told


def test_where_nothing_falls_due_the_days_near_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from icalendar import Calendar

    where = ["--registry", str(tmp_path / "desk.sqlite")]
    assert run(["registry", "example", *where]) == 0
    # The last day that the example has is that of the Manama Dialogue, the first of a window.
    late = ["agenda", "--as-of", "2026-01-01", *where]
    assert run(late) == 0
    assert "(--as-of 2025-10-31 shows it)" in " ".join(capsys.readouterr().out.split())
    assert run([*late, "--ics", str(tmp_path / "a.ics")]) == 0
    # RFC 5545, 3.6: a calendar has one component at least.
    calendar = Calendar.from_ical((tmp_path / "a.ics").read_bytes())
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]
    capsys.readouterr()
    assert run(["agenda", "--as-of", "2025-10-31", *where]) == 0
    assert "MANAMA-21" in capsys.readouterr().out


def test_a_forum_without_pledges_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--registry", str(tmp_path / "desk.sqlite")]
    assert run(["registry", "example", *where]) == 0
    assert run(["registry", "pledged", "PKM-2025", *where]) == 0
    assert "The registry holds no pledge made at PKM-2025" in capsys.readouterr().out


def test_the_newest_changes_stand_first(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Register.open(held)
    desk.change("agreement", "A-1", 1, title="second")
    desk.change("agreement", "A-1", 2, title="third")
    desk.close()
    words = ["registry", "history", "--format", "csv", "--registry", str(held)]
    assert run(words) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "title" in line]
    assert [line.split(",")[6] for line in lines] == ["third", "second", "t"]
    assert run([*words, "--last", "1"]) == 0
    told = capsys.readouterr().out
    assert "third" in told
    assert ",second," in told  # before
    assert ",t," not in told
