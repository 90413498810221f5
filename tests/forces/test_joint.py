"""Chains and combined units from file to report: refused, written, checked, replanned."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sulh.cases.problems import BadCase
from sulh.cli.app import run
from sulh.questions.forces import edits
from sulh.questions.forces.adapt import carried_over
from sulh.questions.forces.case import Case, Chain, Combined
from sulh.questions.forces.chances import realised
from sulh.questions.forces.complete import complete
from sulh.questions.forces.outputs import Planned
from sulh.questions.forces.plan import Plan, Tour, objective, plan_text, read_plan, violations
from sulh.questions.forces.planning import Limits, make_plan
from sulh.questions.forces.replan import Kept, replan
from sulh.questions.forces.worth import Effort, loss

Toy = Callable[..., Path]
HEADER = (
    "pledge,nation,capability,units,strength,women,readiness,available_from,available_to,"
    "tour_months,reset_months,max_tours,languages,excluded_missions,needs,monthly_cost_usd,"
    "move_cost_usd\n"
)
LIKE = "infantry_company,1,100,10,rdl,2026-01,,4,3,,en,,,20000,50000\n"
# Companies of Kenya (two), Ghana and Rwanda, all for four months, ready from March.
PLEDGES = HEADER + "".join(
    f"{key},{nation},{LIKE}"
    for key, nation in (("P1", "KEN"), ("P2", "GHA"), ("P3", "RWA"), ("P4", "KEN"))
)
# P5 makes one tour only; P6 is at home for five months.
PLEDGES += f"P5,KEN,{LIKE.replace(',4,3,,', ',4,3,1,')}P6,KEN,{LIKE.replace(',4,3,,', ',4,5,,')}"
NATIONS = "nation,max_personnel,max_missions\nKEN,500,2\nGHA,,\nRWA,,\nFRA,,\n"
CHAIN = "chain,requirement,order,pledge\nC1,R1,1,P1\nC1,R1,2,P2\n"
UNIT = "unit,pledge\nU1,P3\nU1,P4\n"


@pytest.fixture
def joint(toy: Toy) -> Callable[..., Path]:
    """Return a function that writes the case with the two files, or other contents for some."""

    def write(chains: str | None = None, combined: str | None = None, **changes: str) -> Path:
        folder = toy(**({"pledges_csv": PLEDGES, "nations_csv": NATIONS} | changes))
        for name, text in (("chains.csv", chains), ("combined.csv", combined)):
            if text is not None:
                (folder / name).write_text(text, encoding="utf-8")
        return folder

    return write


def test_the_two_files_are_read(joint: Callable[..., Path]) -> None:
    case = Case.read(joint(CHAIN, UNIT))
    assert case.chains == (Chain("C1", "R1", ("P1", "P2")),)
    assert case.combined == (Combined("U1", ("P3", "P4")),)
    assert case.uncounted == {"P4"}
    again = "C1,R1,3,P1\n"
    assert Case.read(joint(CHAIN + again)).chains[0].pledges == ("P1", "P2", "P1")
    # Turns in any order of rows.
    case = Case.read(joint(CHAIN.replace("1,P1", "2,P1").replace("2,P2", "1,P2")))
    assert case.chains == (Chain("C1", "R1", ("P2", "P1")),)
    alone = Case.read(joint(CHAIN.splitlines()[0] + "\n", UNIT.splitlines()[0] + "\n"))
    assert (alone.chains, alone.combined) == ((), ())


HEAD_C, HEAD_U = "chain,requirement,order,pledge\n", "unit,pledge\n"


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ("C1,R1,1,P1\nC1,R1,2,P9\n", 3, "pledge is 'P9': pledges.csv has no such pledge"),
        ("C1,R9,1,P1\nC1,R9,2,P2\n", 2, "requirement is 'R9': requirements.csv has no such"),
        ("C1,R1,1,P1\nC1,R1,1,P2\n", 3, "order is '1': chain C1 has that turn already"),
        ("C1,R1,1,P1\nC1,R1,3,P2\n", 3, "order is '3': chain C1 has no turn 2"),
        ("C1,R1,1,P1\nC1,R1,0,P2\n", 3, "order is '0': it must be a whole number from 1"),
        ("C1,R1,1,P1\nC1,R1,2,P4\n", 2, "chain is 'C1': KEN takes every turn of chain C1"),
        ("C1,R1,1,P1\n", 2, "chain is 'C1': a chain has two turns or more"),
        ("C1,R1,1,P1\nC1,R1,2,P2\nC1,R1,3,P2\n", 4, "pledge is 'P2': it has the turn before"),
        ("C1,R1,1,P1\nC1,R2,2,P2\n", 3, "requirement is 'R2': chain C1 covers R1"),
        (
            "C1,R1,1,P1\nC1,R1,2,P2\nC2,R1,1,P2\nC2,R1,2,P3\n",
            4,
            "pledge is 'P2': it serves as a part of C1 in chains.csv",
        ),
        ("=C,R1,1,P1\n=C,R1,2,P2\n", 2, "chain is '=C': an identifier has"),
        ("C1,R1,1,\nC1,R1,2,P2\n", 2, "pledge is empty"),
        # Between two turns of Kenya lie the four months of Ghana's: enough for P1 (three at home).
        ("C1,R1,1,P5\nC1,R1,2,P2\nC1,R1,3,P5\n", 4, "than its max_tours of 1"),
        ("C1,R1,1,P6\nC1,R1,2,P2\nC1,R1,3,P6\n", 4, "4 months after its turn in chain C1 it is"),
    ],
)
def test_each_wrong_row_of_chains_is_named(
    joint: Callable[..., Path], rows: str, line: int, said: str
) -> None:
    _named(joint(HEAD_C + rows), "chains.csv", line, said)


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ("U1,P3\nU1,P9\n", 3, "pledge is 'P9': pledges.csv has no such pledge"),
        ("U1,P3\n", 2, "unit is 'U1': a combined unit has two parts or more"),
        ("U1,P1\nU1,P4\n", 3, "pledge is 'P4': KEN has a part already"),
        ("U1,P3\nU1,P3\n", 3, "pledge is 'P3': RWA has a part already"),
        ("U1,P3\nU1,P4\nU2,P4\nU2,P2\n", 4, "pledge is 'P4': it serves as a part of U1"),
    ],
)
def test_each_wrong_row_of_combined_units_is_named(
    joint: Callable[..., Path], rows: str, line: int, said: str
) -> None:
    _named(joint(None, HEAD_U + rows), "combined.csv", line, said)


@pytest.mark.parametrize(
    ("old", "new", "file", "said"),
    [
        ("P2,GHA,infantry_company,1", "P2,GHA,infantry_company,2", "chains.csv", "it has 2 units"),
        ("P2,GHA,infantry_company", "P2,GHA,hospital", "chains.csv", "R1 needs infantry_company"),
        (
            "P4,KEN,infantry_company",
            "P4,KEN,hospital",
            "combined.csv",
            "its capability is hospital",
        ),
    ],
)
def test_pledges_that_do_not_fit_a_whole_are_named(
    joint: Callable[..., Path], old: str, new: str, file: str, said: str
) -> None:
    _named(joint(CHAIN, UNIT, pledges_csv=PLEDGES.replace(old, new)), file, 3, said)


@pytest.mark.parametrize(
    ("place", "old", "new", "file", "said"),
    [
        (2, ",en,,,", ",fr,,,", "chains.csv", "R1 asks for en, which it lacks"),
        (2, ",en,,,", ",en,UNMISS,,", "chains.csv", "R1 is in UNMISS, which it excludes"),
        (4, ",4,3,", ",6,3,", "combined.csv", "its tour_months is 6, that of P3 is 4"),
        (4, ",,4,3", ",2026-09,4,3", "combined.csv", "its available_to is 2026-09, that of P3"),
    ],
)
def test_what_a_part_cannot_share_is_named(
    joint: Callable[..., Path], place: int, old: str, new: str, file: str, said: str
) -> None:
    lines = PLEDGES.splitlines(keepends=True)
    assert lines[place].count(old) == 1
    lines[place] = lines[place].replace(old, new)
    _named(joint(CHAIN, UNIT, pledges_csv="".join(lines)), file, 3, said)


def _named(folder: Path, file: str, line: int, said: str) -> None:
    with pytest.raises(BadCase) as caught:
        Case.read(folder)
    places = [(p.file, p.line) for p in caught.value.problems if said in str(p)]
    assert places[:1] == [(file, line)], str(caught.value)
    assert "What to do:" in str(caught.value)


def test_a_pledge_in_both_files_and_a_name_in_both_are_named(joint: Callable[..., Path]) -> None:
    with pytest.raises(BadCase) as caught:
        Case.read(joint(CHAIN, "unit,pledge\nC1,P3\nC1,P1\n"))
    found = [(p.line, p.why) for p in caught.value.problems]
    assert found == [
        (3, "it serves as a part of C1 in chains.csv"),
        (None, "chains.csv has a chain of that name"),
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"chain,requirement\n", b'"C1', b"\0" * 99])
def test_damaged_files_are_refused(joint: Callable[..., Path], content: bytes) -> None:
    folder = joint()
    for name in ("chains.csv", "combined.csv"):
        (folder / name).write_bytes(content)
    with pytest.raises(BadCase) as caught:
        Case.read(folder)
    assert {p.file for p in caught.value.problems} == {"chains.csv", "combined.csv"}


def test_an_unread_file_of_pledges_is_not_blamed_on_chains(joint: Callable[..., Path]) -> None:
    with pytest.raises(BadCase) as caught:
        Case.read(joint(CHAIN, UNIT, pledges_csv="pledge\n"))
    assert {p.file for p in caught.value.problems} == {"pledges.csv"}


def test_a_plan_with_a_chain_is_written_and_accepted_by_the_checker_of_rules_1_to_8(
    joint: Callable[..., Path], tmp_path: Path, witness: Callable[[Path, Path], dict[str, Any]]
) -> None:
    folder = joint(CHAIN, pledges_csv=HEADER + f"P1,KEN,{LIKE}P2,GHA,{LIKE}")
    case, out = Case.read(folder), tmp_path / "out"
    planned = make_plan(case, Limits(10.0))
    planned.write(out)
    rows = list(csv.DictReader((out / "plan.csv").open(encoding="utf-8")))
    # Eight months in a row, of ten from March on; which of the ways is as good as another.
    assert [(row["pledge"], row["part_of"]) for row in rows] == [("P1", "C1"), ("P2", "C1")]
    verdict = witness(folder, out / "plan.csv")
    assert verdict["valid"]
    assert verdict["objective"] == pytest.approx(planned.summary()["objective"])
    # Four months unmet; eight months at 120,000, two moves, 5 women short in each of eight months.
    assert verdict["objective"] == 4 * 2.5e6 + 8 * 120_000 + 2 * 50_000 + 8 * 5 * 2_000
    again = read_plan(case, out / "plan.csv")
    assert objective(case, again) == verdict["objective"]


def test_a_plan_with_a_combined_unit_counts_it_once_and_its_other_tours_are_ordinary(
    joint: Callable[..., Path], tmp_path: Path, witness: Callable[[Path, Path], dict[str, Any]]
) -> None:
    folder = joint(None, UNIT)
    case = Case.read(folder)
    one, other = Tour("P3", 1, "R1", 2, 5), Tour("P4", 1, "R1", 2, 5)
    alone = Tour("P2", 1, "R1", 6, 9)
    plan = Plan((one, other, alone))
    assert violations(case, plan) == ()
    path = tmp_path / "plan.csv"
    path.write_text(plan_text(case, plan), encoding="utf-8")
    # The checker takes the two parts for two units where one is needed.
    assert "more units than needed" in str(witness(folder, path)["errors"])
    path.write_text(plan_text(case, Plan((alone,))), encoding="utf-8")
    assert witness(folder, path)["valid"]
    covered = Planned(case, plan, None, 0).coverage()
    assert covered["deployed"].to_list() == [0] * 2 + [1] * 8 + [0] * 2


def test_the_report_shows_chains_and_combined_units(joint: Callable[..., Path]) -> None:
    case = Case.read(joint(CHAIN, UNIT))
    plan = Plan((Tour("P3", 1, "R1", 2, 5), Tour("P4", 1, "R1", 2, 5)))
    planned = Planned(case, plan, None, 0)
    page = planned._contents()["report.html"].decode()
    assert "<h2>Chains and combined units</h2>" in page
    assert "P1 (KEN) then P2 (GHA)" in page
    assert "P3 (RWA) with P4 (KEN)" in page
    assert "RWA+KEN" in page
    assert "R1, 2026-03 to 2026-06" in page
    # Nothing stands against the chain from July on.
    assert "Does not serve R1. Nearest from 2026-07: left out" in page
    assert "A part of a chain or of a combined unit" in page
    without = Planned(replace(case, chains=(), combined=()), Plan(), None, 0)
    assert "Chains and combined units" not in without._contents()["report.html"].decode()


def test_the_example_with_chains_is_sound_and_both_serve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "case", tmp_path / "out"
    assert run(["forces", "new", str(folder), "--with-chains"]) == 0
    assert run(["forces", "plan", str(folder), "-o", str(out), "--seconds", "20"]) == 0
    case = Case.read(folder)
    served = Planned(case, read_plan(case, out / "plan.csv"), None, 0).wholes()
    assert served["first_month"].null_count() == 0
    assert run(["forces", "check", str(folder), "--plan", str(out / "plan.csv")]) == 0
    assert json.loads((out / "summary.json").read_text())["gap"] == 0
    # Without the two files, and the two pledges they brought, it is the plain example.
    assert run(["forces", "new", str(tmp_path / "plain")]) == 0
    rest = Case.read(folder).pledges[:-2]
    assert rest == Case.read(tmp_path / "plain").pledges
    capsys.readouterr()


def test_a_broken_chain_is_named_by_check(
    joint: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = joint(CHAIN, UNIT)
    path = tmp_path / "plan.csv"
    path.write_text(
        "pledge,unit,requirement,first_month,last_month,offers\n"
        "P1,1,R1,2026-03,2026-06,\nP4,1,R1,2026-08,2026-11,\n"
    )
    assert run(["forces", "check", str(folder), "--plan", str(path)]) == 1
    out, told = capsys.readouterr()
    assert "chains: 1, combined units: 1" in out
    assert "rule 9: C1: P2 does not take its turn" in told
    assert "rule 10: U1: P4 serves for R1 from 2026-08, P3 does not serve with it" in told


def test_a_chain_that_has_begun_goes_on_and_one_that_cannot_is_impossible(
    joint: Callable[..., Path],
) -> None:
    case = Case.read(joint(CHAIN))
    old = Plan((Tour("P1", 1, "R1", 2, 5), Tour("P2", 1, "R1", 6, 9)))
    assert violations(case, old) == ()
    done = replan(case, Kept(old, 4, 0.0), 3, rounds=5)
    assert set(old.tours) <= set(done.planned.plan.tours)
    assert violations(case, done.planned.plan) == ()
    gone = edits.without_nation(case, "GHA")
    done = replan(gone, Kept(old, 4, 0.0), 3, rounds=5)
    assert violations(gone, done.planned.plan) == ()
    changes = {(row[0], row[1]) for row in done.changes().iter_rows()}
    assert {("impossible", "P1"), ("impossible", "P2")} <= changes


def test_of_a_combined_unit_only_what_every_part_makes_is_carried_over(
    joint: Callable[..., Path],
) -> None:
    case = Case.read(joint(None, UNIT))
    both = (Tour("P3", 1, "R1", 2, 5), Tour("P4", 1, "R1", 2, 5))
    assert carried_over(case, [*both, Tour("P4", 1, "R1", 9, 11)]) == Plan(both)


def test_a_combined_unit_is_as_late_as_its_latest_part(joint: Callable[..., Path]) -> None:
    case = Case.read(joint(None, UNIT))
    plan = Plan((Tour("P3", 1, "R1", 2, 5), Tour("P4", 1, "R1", 2, 5)))
    assert realised(case, plan, {}, recourse=False).by_month[2:6] == (1, 1, 1, 1)
    late = realised(case, plan, {"P4": 2}, recourse=False)
    assert late.by_month[2:6] == (0, 0, 1, 1)
    assert sum(realised(case, plan, {"P3": -1}, recourse=False).by_month) == 0


def test_chains_of_the_shared_case_hold_and_the_checker_agrees(
    shared_forces: Path, tmp_path: Path, witness: Callable[[Path, Path], dict[str, Any]]
) -> None:
    """Six pairs of single units of two nations each, chained at a requirement both could serve."""
    folder = tmp_path / "case"
    shutil.copytree(shared_forces / "cases" / "small", folder)
    plain = Case.read(folder)
    rows: list[str] = []
    used: set[str] = set()
    for wanted in plain.requirements:
        fit = [
            p
            for p in plain.pledges
            if p.units == 1 and p.key not in used and p.capability == wanted.capability
        ]
        fit = [p for p in fit if complete_alone(plain, p.key, wanted.key)]
        pair = next(((a, b) for a in fit for b in fit if a.nation < b.nation), None)
        if pair and len(rows) < 12:
            used |= {p.key for p in pair}
            number = len(rows) // 2
            rows += [f"C{number},{wanted.key},{turn},{p.key}" for turn, p in enumerate(pair, 1)]
    (folder / "chains.csv").write_text(HEAD_C + "\n".join(rows) + "\n", encoding="utf-8")
    case = Case.read(folder)
    assert len(case.chains) >= 3
    found = complete(case)
    assert violations(case, found) == ()
    path = tmp_path / "plan.csv"
    path.write_text(plan_text(case, found), encoding="utf-8")
    verdict = witness(folder, path)
    assert verdict["valid"]
    assert verdict["objective"] == pytest.approx(objective(case, found))


def complete_alone(case: Case, pledge: str, requirement: str) -> bool:
    """Return whether a pledge may serve a requirement at all."""
    wanted, unit = case.requirement_of[requirement], case.pledge_of[pledge]
    spoken = not wanted.languages or bool(wanted.languages & unit.languages)
    return spoken and wanted.mission not in unit.excluded_missions


def test_a_withdrawal_costs_the_whole_that_it_breaks(joint: Callable[..., Path]) -> None:
    case = Case.read(joint(CHAIN, pledges_csv=HEADER + f"P1,KEN,{LIKE}P2,GHA,{LIKE}"))
    plan = Plan((Tour("P1", 1, "R1", 2, 5), Tour("P2", 1, "R1", 6, 9)))
    table = loss(Planned(case, plan, None, 0), Effort(0, 0.0, 0)).table
    # Without Ghana, Kenya has the last turn alone, from September until the requirement ends: what
    # is lost is one tour that covers four months (2,500,000), costs 4 * 120,000 + 50,000 and leaves
    # 5 women short (2,000). Without Kenya, which begins, there is no chain at all.
    lost = 4 * 2_500_000 - (4 * 120_000 + 50_000) - 4 * 5 * 2_000
    nations = table.filter(pl.col("kind") == "nation").select("what", "loss_points")
    found = dict(nations.iter_rows())
    assert (found["GHA"], found["KEN"]) == (lost, 2 * lost)


def test_very_many_rows_are_refused_soon(joint: Callable[..., Path]) -> None:
    many = "".join(f"U1,P{i % 2 + 3}\n" for i in range(99_000))
    turns = "".join(f"C1,R1,{i % 1000 + 1},P{i % 2 + 1}\n" for i in range(99_000))
    with pytest.raises(BadCase) as caught:
        Case.read(joint(HEAD_C + turns, HEAD_U + many))
    assert len(str(caught.value).splitlines()) < 60
