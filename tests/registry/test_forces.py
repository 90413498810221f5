"""Force generation from the records and back; partners by agreement; pledged and deployed."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from sulh.api.registry import pledged_of, read_case, write_case
from sulh.cli.app import run
from sulh.core.errors import NotAnswerable
from sulh.questions.forces.case import Case
from sulh.questions.forces.example import write_example
from sulh.questions.forces.reading import COLUMNS
from sulh.registry import Cells, Register, pledged
from sulh.registry.force_case import FILES, case_columns
from sulh.registry.models import Forum, Pledge


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return sorted(csv.DictReader(stream), key=lambda row: list(row.values()))


def test_the_columns_are_those_of_a_case() -> None:
    assert {file: set(case_columns(file)) for file in FILES} == {
        file: set(columns) for file, columns in COLUMNS.items()
    }


def test_a_case_goes_in_and_comes_out_the_same(desk: Register, tmp_path: Path) -> None:
    write_example(tmp_path / "case")
    outcome = read_case(desk, tmp_path / "case", "our own case", dry_run=False)
    rows = {name: _rows(tmp_path / "case" / name) for name in FILES}
    assert outcome.added == sum(len(found) for found in rows.values())
    paths, left = write_case(desk, tmp_path / "back")
    assert left == ()
    assert {path.name for path in paths} == {*FILES, "case.toml"}
    for name, columns in COLUMNS.items():
        back = _rows(tmp_path / "back" / name)
        assert [{c: row[c] for c in columns} for row in back] == [
            {c: _normal(row[c]) for c in columns} for row in rows[name]
        ]
    first, second = Case.read(tmp_path / "case"), Case.read(tmp_path / "back")
    assert {p.key: p for p in first.pledges} == {p.key: p for p in second.pledges}
    assert {p.key: p for p in first.requirements} == {p.key: p for p in second.requirements}
    assert first.nations == second.nations
    # Read once more, nothing differs; a changed cell changes one record.
    assert read_case(desk, tmp_path / "back", "s", dry_run=False).changed == 0
    text = (tmp_path / "back" / "missions.csv").read_text(encoding="utf-8")
    (tmp_path / "back" / "missions.csv").write_text(text.replace("3000", "2999", 1), "utf-8")
    assert read_case(desk, tmp_path / "back", "s", dry_run=True).changed == 1


def _normal(cell: str) -> str:
    """Return a cell as it comes back: lists in order, numbers in one way."""
    return "|".join(sorted(cell.split("|"))) if "|" in cell else cell


@pytest.fixture
def partners(desk: Register) -> Register:
    agreement = {"title": "t", "parties": "GBR|SEN", "kind": "training", "source": "s"}
    offer = {"provider": "GBR", "kind": "airlift", "uses": "2", "cost_usd": "0", "source": "s"}
    months = {"first_month": "2027-01", "last_month": "2027-12"}
    desk.write(
        [
            Cells(
                "agreement",
                agreement
                | {"id": "A", "signed": "2026-05", "in_force": "2027-03-15", "ends": "2027-09-29"},
            ),
            Cells("agreement", agreement | {"id": "B", "signed": "2026-05"}),
            Cells("offer", offer | months | {"id": "O1", "agreement": "A"}),
            Cells("offer", offer | months | {"id": "O2", "agreement": "B"}),
            Cells("offer", offer | months | {"id": "O3"}),
        ]
    )
    return desk


def test_partners_come_from_agreements_in_force_that_month(
    partners: Register, tmp_path: Path
) -> None:
    _, left = write_case(partners, tmp_path)
    found = {
        r["offer"]: (r["first_month"], r["last_month"]) for r in _rows(tmp_path / "partners.csv")
    }
    # In force on 31 March for the first time, on 31 August for the last: it ends on 29 September.
    assert found == {"O1": ("2027-03", "2027-08"), "O3": ("2027-01", "2027-12")}
    assert left == ("offer O2: B is in force in none of its months",)


def test_a_pledge_that_says_too_little_is_told(desk: Register, tmp_path: Path) -> None:
    desk.add("pledge", id="P", nation="IDN", kind="training", what="a course", source="s")
    _, left = write_case(desk, tmp_path)
    assert left == (
        "pledge P says nothing of capability, units, strength, women, readiness, available_from, "
        "tour_months",
    )
    assert _rows(tmp_path / "pledges.csv") == []


def _forum(desk: Register) -> tuple[Forum, list[Pledge]]:
    source = {"source": "s"}
    pledge = {"forum": "F", "kind": "uniformed", "what": "w", **source}
    desk.write(
        [
            Cells("forum", {"id": "F", "title": "Forum", "begins": "2019-03-29", **source}),
            Cells("pledge", pledge | {"id": "1", "nation": "IDN", "units": "2", "strength": "100"}),
            Cells("pledge", pledge | {"id": "2", "nation": "IDN", "fulfilled": "2019-12-01"}),
            Cells("pledge", pledge | {"id": "3", "nation": "MLT", "units": "1", "strength": "10"}),
        ]
    )
    return desk.records(Forum)[0], desk.records(Pledge)


def test_pledged_beside_deployed(desk: Register) -> None:
    forum, pledges = _forum(desk)
    contributions = pl.DataFrame(
        [
            ("2019-03", "IDN", 500),
            ("2019-03", "IDN", 40),
            ("2019-04", "IDN", 560),
            ("2019-06", "IDN", 700),
            ("2020-03", "IDN", 650),
            ("2020-04", "IDN", 9_999),
        ],
        schema=["month", "nation", "persons"],
        orient="row",
    )
    found = pledged(forum, pledges, contributions, months=12).table.rows(named=True)
    assert found == [
        {
            **{"nation": "IDN", "pledges": 2, "persons_pledged": 200, "unsized": 1, "fulfilled": 1},
            **{"before": 540, "after": 650, "change": 110},
            **{"highest": 700, "highest_month": "2019-06"},
        },
        {
            **{"nation": "MLT", "pledges": 1, "persons_pledged": 10, "unsized": 0, "fulfilled": 0},
            **{"before": 0, "after": 0, "change": 0, "highest": 0, "highest_month": "2020-03"},
        },
    ]


def test_months_that_no_source_covers_are_unknown(desk: Register) -> None:
    forum, pledges = _forum(desk)
    empty = pl.DataFrame(schema={"month": pl.String, "nation": pl.String, "persons": pl.Int64})
    result = pledged(forum, pledges, empty)
    assert result.missing == ("no contributions are known after 2019-03",)
    row = result.table.row(0, named=True)
    assert [row[name] for name in ("before", "after", "change", "highest")] == [None] * 4


def test_pledged_from_the_store(desk: Register) -> None:
    from sulh.store.reading import Store

    _forum(desk)
    desk.change("forum", "F", 1, begins="2020-12-31")
    row = pledged_of(desk, "F", months=60).table.row(0, named=True)
    own = Store.open(None).table("contributions").filter(nation="IDN")
    persons = {m: own.filter(month=m)["persons"].sum() for m in own["month"].unique().to_list()}
    last = max(month for month in persons if "2020-12" < month <= "2025-12")
    assert (row["before"], row["after"]) == (persons["2020-12"], persons[last])
    assert row["before"] > 1_000
    with pytest.raises(NotAnswerable, match="there is no forum 'X'"):
        pledged_of(desk, "X")


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SULH_REGISTRY", str(tmp_path / "desk.sqlite"))
    assert run(["forces", "new", str(tmp_path / "case")]) == 0
    assert run(["registry", "case", str(tmp_path / "case"), "--read", "ours", "--write"]) == 0
    assert run(["registry", "case", str(tmp_path / "back")]) == 0
    assert run(["forces", "check", str(tmp_path / "back")]) == 0
    assert run(["registry", "example"]) == 0
    assert run(["registry", "pledged", "PKM-2025"]) == 0
