"""Bad input is refused with its reason, all at once, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.cases.problems import Problems
from sulh.cli.app import run
from sulh.registry import Cells, Refused, Register
from sulh.registry.cells import Day, Month
from sulh.registry.edits import read_edits
from sulh.registry.models import KINDS, columns, fields
from sulh.registry.rules import faults

GOOD = {"id": "A", "title": "t", "parties": "PAK|SAU", "kind": "treaty", "source": "s"}
HEAD = {"source": "s", "title": "t"}


def _post(name: str, arrives: str, leaves: str = "", **more: str) -> Cells:
    own = {"sending": "TUR", "receiving": "QAT", "service": "army", "source": "s"}
    return Cells("post", {"id": name, **own, "arrives": arrives, "leaves": leaves, **more})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"parties": "PAK|XXX"}, "no ISO 3166-1 alpha-3 code"),
        ({"parties": "PAK"}, "two parties or more"),
        ({"parties": ""}, "parties is empty"),
        ({"signed": "2025-02-30"}, "no day of the calendar"),
        ({"signed": "0001-01-01"}, "outside 1800 to 2199"),
        ({"signed": "9999-12-31"}, "outside 1800 to 2199"),
        ({"signed": "2025-09-01", "in_force": "2024-01-01"}, "in_force lies before signed"),
        ({"in_force": "2025-01-01", "ends": "2024-12-31"}, "ends lies before in_force"),
        ({"renewal": "tacit", "ends": "2025-01-01"}, "renewal_period is empty"),
        ({"renewal": "tacit", "renewal_period": "P0D", "ends": "2030-01-01"}, "never end"),
        ({"renewal": "express"}, "has a term that ends"),
        ({"renewed_until": "2030", "ends": "2025", "renewal": "none"}, "only an express renewal"),
        ({"renews": "A"}, "names itself"),
        ({"parent": "B"}, "no agreement of that name"),
        ({"id": "'; DROP TABLE agreement; --"}, "an identifier has"),
        ({"id": "x" * 65}, "an identifier has"),
        ({"title": "x" * 301}, "301 characters, more than 300"),
        ({"title": "bell\x07"}, "control character U+0007"),
        ({"kind": "love"}, "not among the known words"),
        ({"source": ""}, "source is empty"),
        ({"version": "-1"}, "version is '-1'"),
    ],
)
def test_an_agreement_that_cannot_be(desk: Register, more: dict[str, str], said: str) -> None:
    with pytest.raises(Refused) as told:
        desk.write([Cells("agreement", GOOD | more)])
    assert said in str(told.value)
    assert desk.history() == []


_ORDERED = [(kind, *pair) for kind, model in KINDS.items() for pair in model.ordered]


@pytest.mark.parametrize(("kind", "early", "late"), _ORDERED)
def test_in_no_kind_of_record_an_end_lies_before_its_beginning(
    kind: str, early: str, late: str
) -> None:
    first, last = ("2025-03", "2025-02") if early.endswith("month") else ("2025-03-01", "2025-02")
    found = [why for _, why, _ in faults(kind, {early: first, late: last})]
    assert f"{late} lies before {early}" in found


_DATED = [
    (kind, column.name)
    for kind in KINDS
    for column in columns(kind)
    if isinstance(column.type, Day | Month)
]


@pytest.mark.parametrize(("kind", "column"), _DATED)
@pytest.mark.parametrize("text", ["9999-12", "0000-01", "2025-13", "1e3", "-2025", "２０２５-01"])
def test_an_absurd_date_is_refused_in_every_column(kind: str, column: str, text: str) -> None:
    problems = Problems()
    read_edits([Cells(kind, {"id": "A", column: text})], problems)
    assert any(one.found.startswith(f"{column} is ") for one in problems.kept)


@pytest.mark.parametrize("column", ["renews", "parent", "replaces"])
def test_a_circle_of_agreements(desk: Register, column: str) -> None:
    chain = {"A": "B", "B": "C", "C": "A"}
    rows = [Cells("agreement", GOOD | {"id": a, column: b}) for a, b in chain.items()]
    with pytest.raises(Refused, match="a circle: none of them would be the first"):
        desk.write(rows)
    assert desk.rows("agreement") == []


def test_a_circle_closed_later(desk: Register) -> None:
    desk.write([Cells("agreement", GOOD), Cells("agreement", GOOD | {"id": "B", "renews": "A"})])
    with pytest.raises(Refused, match="circle"):
        desk.change("agreement", "A", 1, renews="B")
    assert desk.record("agreement", "A")["version"] == 1


@pytest.mark.parametrize(
    ("first", "second", "sound"),
    [
        (("2020-01-01", "2022-06-30"), ("2022-06-30", ""), True),  # a handover on one day
        (("2020-01-01", "2022-06-30"), ("2022-06-29", ""), False),
        (("2020-01-01", ""), ("2022-06-30", ""), False),
        (("2020-01", "2022-06"), ("2022-06", "2023"), True),  # dates known in part
        (("2020-01", "2022-07"), ("2022-06", "2023"), False),
    ],
)
def test_posts_held_by_two(
    desk: Register, first: tuple[str, str], second: tuple[str, str], sound: bool
) -> None:
    desk.write([_post("P1", *first)])
    if sound:
        desk.write([_post("P2", *second)])
        return
    with pytest.raises(Refused, match="two persons would hold one army post of TUR in QAT"):
        desk.write([_post("P2", *second)])
    desk.write([_post("P3", *second, seat="deputy"), _post("P4", *second, service="navy")])


def test_a_post_at_home(desk: Register) -> None:
    with pytest.raises(Refused, match="accredited to another nation"):
        desk.write([_post("P", "2020", receiving="TUR")])


def test_counts_that_are_parts_of_others(desk: Register) -> None:
    desk.add("course", id="C", kind="staff", provider="TUR", **HEAD)
    seat = {"id": "S", "course": "C", "nation": "QAT", "source": "s"}
    for more in ({"offered": "5", "accepted": "6"}, {"offered": "5", "graduated": "6"}):
        with pytest.raises(Refused, match="is a part of offered"):
            desk.write([Cells("seat", seat | more)])
    desk.write([Cells("seat", seat | {"offered": "5", "graduated": "0"})])
    row = desk.record("seat", "S")
    # What is not known stays unknown; nobody graduated is a fact.
    assert (row["accepted"], row["filled"], row["graduated"]) == (None, None, 0)
    with pytest.raises(Refused, match="counted twice"):
        desk.write([Cells("seat", seat | {"id": "S2"})])


def test_a_followup_of_a_day_on_which_nothing_was_due(desk: Register) -> None:
    desk.write([Cells("agreement", GOOD)])
    own = {"agreement": "A", "what": "plan", "due": "2019-12-01", "every": "P1Y", "source": "s"}
    desk.write([Cells("obligation", {"id": "O", **own})])
    row = {"id": "F", "obligation": "O", "due": "2020-12-02", "done": "2020-12-02", "source": "s"}
    with pytest.raises(Refused, match="O is not due on that day"):
        desk.write([Cells("followup", row)])
    desk.write([Cells("followup", row | {"due": "2020-12-01"})])


def test_all_problems_of_all_rows_at_once(desk: Register) -> None:
    rows = [
        Cells("agreement", GOOD | {"parties": "XXX|YYY", "signed": "soon"}, "a.csv", 2),
        Cells("agreement", GOOD | {"id": "B", "renews": "C"}, "a.csv", 3),
        Cells("agreement", GOOD | {"id": "C", "renews": "B"}, "a.csv", 4),
        Cells("agreement", GOOD | {"id": "D", "ends": "2001", "in_force": "2002"}, "a.csv", 5),
        Cells("agreement", GOOD | {"id": "D"}, "a.csv", 6),
    ]
    with pytest.raises(Refused) as told:
        desk.write(rows)
    assert sorted(p.line for p in told.value.problems if p.line) == [2, 2, 3, 5, 6]
    assert desk.history() == []


NASTY = (
    "'; DROP TABLE forum; --",
    '" OR 1=1',
    "%s %(x)s :id ?",
    "$$; SELECT 1",
    "\\'; --",
    "𝕬\u202e",
)


@pytest.mark.parametrize("text", NASTY)
def test_text_is_never_sql(desk: Register, text: str) -> None:
    desk.add("forum", id="F", title=text, source=text)
    desk.change("forum", "F", 1, notes=text)
    row = desk.record("forum", "F")
    assert (row["title"], row["source"], row["notes"]) == (text, text, text)
    assert desk.history("forum", text) == []
    with pytest.raises(Refused):
        desk.add("forum", id=text, title="t", source="s")


@given(st.dictionaries(st.sampled_from(fields("agreement")), st.text(max_size=30)))
def test_any_cells_are_written_or_refused(cells: dict[str, str]) -> None:
    desk = Register.open(":memory:")
    try:
        desk.write([Cells("agreement", cells)])
    except Refused as refused:
        assert refused.problems
        assert desk.history() == []
    desk.close()


def test_the_command_says_it_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agreement.csv"
    file.write_text(
        "id,title,parties,kind,signed,source\n"
        "A,t,PAK|SAU,treaty,2025-13-01,s\n"
        "B,t,ZZZ|SAU,treaty,,s\n",
        encoding="utf-8",
    )
    words = ["registry", "import", str(file), "--write", "--registry", str(tmp_path / "d.sqlite")]
    assert run(words) == 2
    told = capsys.readouterr().err
    assert "agreement.csv, line 2: signed is '2025-13-01'" in told
    assert "agreement.csv, line 3: parties is 'ZZZ|SAU'" in told
    assert "nothing was written" in told


@pytest.mark.parametrize(
    "where", ["mysql://u:secret@h/d", "postgresql://u:secret@h:99999999/d", "http://x"]
)
def test_an_address_that_cannot_be_is_refused_without_its_password(
    where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registry", "list", "forum", "--registry", where]) == 2
    assert "secret" not in capsys.readouterr().err


def test_a_server_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("psycopg")
    where = "postgresql://u:secret@127.0.0.1:1/d"
    assert run(["registry", "list", "forum", "--registry", where]) == 2
    told = capsys.readouterr().err
    assert "the database says" in told
    assert "secret" not in told


def test_every_kind_has_columns_with_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in KINDS:
        assert run(["registry", "kinds", kind]) == 0
        assert "None" not in capsys.readouterr().out


def test_a_file_that_is_no_registry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough\n" * 100, encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for where in (tmp_path / "notes.txt", tmp_path, tmp_path / "file" / "desk.sqlite"):
        assert run(["registry", "list", "forum", "--registry", str(where)]) == 2
        told = capsys.readouterr().err
        assert "no registry" in told or "a registry is a file" in told
        assert "database says" not in told
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8").startswith("not a database")
