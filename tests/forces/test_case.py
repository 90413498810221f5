"""A case is read whole or refused with every problem of it, each with its place."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.cases.problems import BadCase
from sulh.cli.app import run
from sulh.core.errors import RefusedFile
from sulh.questions.forces.case import Case

from .conftest import TOY

Toy = Callable[..., Path]
HEADER = (
    "pledge,nation,capability,units,strength,women,readiness,available_from,available_to,"
    "tour_months,reset_months,max_tours,languages,excluded_missions,needs,monthly_cost_usd,"
    "move_cost_usd\n"
)
GOOD = {
    "pledge": "P1",
    "nation": "KEN",
    "capability": "infantry_company",
    "units": "1",
    "strength": "100",
    "women": "10",
    "readiness": "rdl",
    "available_from": "2026-01",
    "available_to": "",
    "tour_months": "6",
    "reset_months": "3",
    "max_tours": "",
    "languages": "en",
    "excluded_missions": "",
    "needs": "airlift",
    "monthly_cost_usd": "20000",
    "move_cost_usd": "50000",
}


def pledge(**cells: str) -> str:
    return ",".join((GOOD | cells).values()) + "\n"


def problems_of(folder: Path) -> BadCase:
    with pytest.raises(BadCase) as caught:
        Case.read(folder)
    return caught.value


def test_a_case_is_read_with_months_as_indices(toy: Toy) -> None:
    case = Case.read(toy(pledges_csv=HEADER + pledge(available_to="2026-08")))
    assert (case.start, case.months, case.weights.women) == ("2026-01", 12, 2000)
    requirement, unit = case.requirements[0], case.pledges[0]
    assert (requirement.first, requirement.last) == (0, 11)
    # Ready two months after the start of the case, available to the eighth month.
    assert (unit.earliest, unit.latest) == (2, 7)
    assert unit.languages == {"en"}
    assert case.month_usd(unit) == 100 * 1000 + 20000
    assert case.max_personnel("KEN") == 500
    assert case.max_personnel("FRA") is None
    assert case.women_target("UNMISS") == 0.15
    assert case.women_target("UNIFIL") == 0


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"nation": "KNE"}, "nation is 'KNE'"),
        ({"nation": "UGA"}, "nations.csv has no such nation"),
        ({"units": "0"}, "units is '0'"),
        ({"units": "-2"}, "units is '-2'"),
        ({"units": "1.5"}, "units is '1.5'"),
        ({"units": ""}, "units is empty"),
        ({"strength": "١٠٠"}, "strength is '١٠٠'"),
        ({"women": "101"}, "women is '101'"),
        ({"women": "-1"}, "women is '-1'"),
        ({"readiness": "4"}, "[lead_months] in case.toml has no such level"),
        ({"available_from": "2026-13"}, "available_from is '2026-13'"),
        ({"available_from": "2026/01"}, "available_from is '2026/01'"),
        ({"available_from": "2026-05", "available_to": "2026-04"}, "ends before it starts"),
        ({"tour_months": "0"}, "tour_months is '0'"),
        ({"reset_months": "-1"}, "reset_months is '-1'"),
        ({"max_tours": "many"}, "max_tours is 'many'"),
        ({"excluded_missions": "UNMISSS"}, "missions.csv has no 'UNMISSS'"),
        ({"needs": "airlfit"}, "needs is 'airlfit'"),
        ({"monthly_cost_usd": "-1"}, "monthly_cost_usd is '-1'"),
        ({"move_cost_usd": "9" * 40}, "move_cost_usd is"),
        ({"move_cost_usd": "1e6"}, "move_cost_usd is '1e6'"),
        ({"pledge": "<script>"}, "pledge is '<script>'"),
        ({"pledge": "=1+1"}, "pledge is '=1+1'"),
        ({"pledge": ""}, "pledge is empty"),
        ({"capability": ""}, "capability is empty"),
    ],
)
def test_each_wrong_cell_is_named_with_its_line(toy: Toy, cells: dict[str, str], said: str) -> None:
    error = problems_of(toy(pledges_csv=HEADER + pledge() + pledge(**({"pledge": "P2"} | cells))))
    assert error.total == 1
    assert error.problems[0].file == "pledges.csv"
    assert error.problems[0].line == 3
    assert said in str(error)
    assert "What to do:" in str(error)


def test_all_problems_of_all_files_are_reported_at_once(toy: Toy) -> None:
    error = problems_of(
        toy(
            case_toml='[case]\nname = "x"\nstart = "2026-1"\nmonths = true\n[rates]\n',
            pledges_csv=HEADER + pledge(units="x", women="y") + pledge(nation="ZZZ"),
            requirements_csv="requirement,mission\nR1,UNMISS\n",
            missions_csv="mission,max_personnel_per_nation,women_target\nUNMISS,-5,1.5\n",
            partners_csv="offer,provider,kind,capability,recipients,uses,first_month,last_month,"
            "cost_usd\nO1,EUU,fuel,,KEN|XXX,1,2026-09,2026-03,nan\n",
            nations_csv="nation,max_personnel,max_missions\nKEN,1,1\nKEN,2,2\n",
        )
    )
    assert [(p.file, p.line) for p in error.problems] == [
        ("case.toml", None),  # no section [weights]
        ("case.toml", 3),  # the start is not YYYY-MM
        ("case.toml", 4),  # months is true
        ("case.toml", 5),  # no rate
        ("case.toml", None),  # no section [lead_months]
        ("missions.csv", 2),  # a negative ceiling
        ("missions.csv", 2),  # a target above one
        ("nations.csv", 3),  # KEN twice
        ("requirements.csv", 1),  # columns are missing
        ("pledges.csv", 2),  # units
        ("pledges.csv", 2),  # women
        ("pledges.csv", 3),  # no such nation
        ("pledges.csv", 3),  # P1 twice
        ("partners.csv", 2),  # the range is reversed
        ("partners.csv", 2),  # XXX is no nation
        ("partners.csv", 2),  # fuel is no kind
        ("partners.csv", 2),  # EUU is no nation
        ("partners.csv", 2),  # nan
    ]
    assert error.total == 18


def test_missing_files_are_each_named(tmp_path: Path) -> None:
    error = problems_of(tmp_path)
    assert {p.file for p in error.problems} == {
        "case.toml",
        "requirements.csv",
        "pledges.csv",
        "partners.csv",
        "nations.csv",
        "missions.csv",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"", "no column"),
        (b'pledge,nation\n"P1,KEN', "no column capability"),
        (HEADER.encode() + b'"P1,KEN', "the quotes or cells"),
        (HEADER.encode() + b"P1,KEN\n", "2 cells where the header has 17"),
        (HEADER.encode() + b"P1," + b"K" * 10_000_000 + b",\n", "field larger than field limit"),
        (HEADER.replace("women", "units").encode(), "no column women"),
        (HEADER.replace("\n", ",units\n").encode(), "two columns units"),
    ],
)
def test_damaged_files_get_a_short_report(toy: Toy, content: bytes, said: str) -> None:
    folder = toy()
    (folder / "pledges.csv").write_bytes(content)
    text = str(problems_of(folder))
    assert said in text
    assert len(text) < 2_000


def test_a_long_cell_is_shown_short(toy: Toy) -> None:
    text = str(problems_of(toy(pledges_csv=HEADER + pledge(women="7" * 100_000))))
    assert "(100,000 characters)" in text
    assert len(text) < 1_000


def test_a_million_rows_are_refused_soon_and_in_few_words(toy: Toy) -> None:
    error = problems_of(
        toy(nations_csv="nation,max_personnel,max_missions\n" + "KEN,x,1\n" * 10**6)
    )
    # In each of 100,000 rows the number, in all but the first the nation again, then the limit.
    assert error.total == 100_000 + 99_999 + 1
    assert len(str(error).splitlines()) < 60


def test_the_error_is_of_the_one_tree_and_can_be_sent_between_processes(toy: Toy) -> None:
    error = problems_of(toy(pledges_csv=HEADER + pledge(units="x")))
    assert isinstance(error, RefusedFile)
    again = pickle.loads(pickle.dumps(error))
    assert (again.problems, again.total, str(again)) == (error.problems, 1, str(error))


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    for name in ("case.toml", "pledges.csv", "missions.csv"):
        (folder / name).write_bytes(data)
    with pytest.raises(BadCase):
        Case.read(folder)


def test_the_shared_cases_are_read(shared_forces: Path) -> None:
    sizes = {}
    for name in ("small", "medium", "large", "xlarge"):
        case = Case.read(shared_forces / "cases" / name)
        sizes[name] = (len(case.pledges), len(case.requirements))
    assert sizes == {
        "small": (60, 20),
        "medium": (150, 50),
        "large": (300, 100),
        "xlarge": (1000, 300),
    }


def test_a_bad_cell_does_not_hide_references_that_lead_nowhere(toy: Toy) -> None:
    folder = toy(
        missions_csv="mission,max_personnel_per_nation,women_target\nMINUSCA,,3\nUNMISS,,\n",
        nations_csv="nation,max_personnel,max_missions\nKEN,-1,2\n",
        requirements_csv=TOY["requirements.csv"].replace("UNMISS", "MINUSCAA")
        + "R2,MINUSCA,infantry_company,0,2026-01,2026-12,1,en\n",
        pledges_csv=HEADER + pledge() + pledge(pledge="P2", nation="UGA", women="101"),
    )
    (folder / "chains.csv").write_text(
        "chain,requirement,order,pledge\nC,R2,1,P1\nC,R2,2,P2\nC,R2,3,P3\n", encoding="utf-8"
    )
    found = [(p.file, p.line, p.found) for p in problems_of(folder).problems]
    assert found == [
        ("missions.csv", 2, "women_target is '3'"),
        ("nations.csv", 2, "max_personnel is '-1'"),
        ("requirements.csv", 2, "mission is 'MINUSCAA'"),
        ("requirements.csv", 3, "units is '0'"),
        ("pledges.csv", 3, "nation is 'UGA'"),
        ("pledges.csv", 3, "women is '101'"),
        ("chains.csv", 4, "pledge is 'P3'"),
    ]


def test_a_row_with_too_few_cells_is_known_by_its_name(toy: Toy) -> None:
    folder = toy(missions_csv="mission,max_personnel_per_nation,women_target\nUNMISS,,\nUNIFIL\n")
    assert [p.line for p in problems_of(folder).problems] == [3]
    folder = toy(missions_csv="mission,max_personnel_per_nation,women_target\nUNMISS\n")
    assert problems_of(folder).total == 1


@pytest.mark.parametrize("name", ["missions.csv", "nations.csv", "requirements.csv", "pledges.csv"])
def test_nothing_is_said_of_references_into_a_file_that_cannot_be_read(toy: Toy, name: str) -> None:
    folder = toy()
    (folder / "chains.csv").write_text(
        "chain,requirement,order,pledge\nC,R1,1,P1\nC,R1,2,P9\n", encoding="utf-8"
    )
    (folder / name).write_text(TOY[name], encoding="utf-16")
    found = [p.file for p in problems_of(folder).problems]
    assert found == [name] if name == "pledges.csv" else [name, "chains.csv"]


@pytest.mark.parametrize(("mark", "shape"), [(";", "';'"), ("\t", "tabulators")])
def test_other_separators_are_named(toy: Toy, mark: str, shape: str) -> None:
    (problem,) = problems_of(toy(pledges_csv=TOY["pledges.csv"].replace(",", mark))).problems
    assert str(problem) == (
        f"pledges.csv, line 1: its cells are separated by {shape}: they are told apart by ','. "
        "What to do: save it as CSV with ',' between the cells and '.' in decimals."
    )


def test_a_folder_that_is_not_there_is_one_sentence(
    toy: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = toy() / "case.toml"
    for wrong, said in ((tmp_path / "absent", "there is no folder "), (file, "is a file")):
        assert run(["forces", "check", str(wrong)]) == 2
        told = capsys.readouterr().err
        assert said in told
        assert "missing" not in told
        assert len(told.splitlines()) == 1


def test_a_plan_that_is_not_there_is_not_taken_for_a_case(
    toy: Toy, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["forces", "check", str(toy()), "--plan", "nofile.csv"]) == 2
    told = capsys.readouterr().err
    assert "nofile.csv: the file is missing: there is no plan to read" in told
    assert "sulh forces plan" in told
    assert "a case is a folder" not in told
