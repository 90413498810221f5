"""A toy case that a reader can check by hand, and the shared cases with their checker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TOML = """\
[case]
name = "toy"
start = "2026-01"
months = 12

[rates]
personnel_month_usd = 1000

[lead_months]
"1" = 6
"rdl" = 2

[weights]
unmet = 1_000_000
cost_usd = 1
women = 2_000
"""

# One mission asks for one company in every month of 2026. Kenya's company (100 persons, 10 women)
# is ready from March for six months; a month costs 100 * 1,000 + 20,000 = 120,000, the move 50,000.
TOY: dict[str, str] = {
    "case.toml": TOML,
    "requirements.csv": (
        "requirement,mission,capability,units,first_month,last_month,priority,languages\n"
        "R1,UNMISS,infantry_company,1,2026-01,2026-12,2.5,en\n"
    ),
    "pledges.csv": (
        "pledge,nation,capability,units,strength,women,readiness,available_from,available_to,"
        "tour_months,reset_months,max_tours,languages,excluded_missions,needs,monthly_cost_usd,"
        "move_cost_usd\n"
        "P1,KEN,infantry_company,1,100,10,rdl,2026-01,,6,3,,en,,airlift,20000,50000\n"
    ),
    "partners.csv": (
        "offer,provider,kind,capability,recipients,uses,first_month,last_month,cost_usd\n"
        "O1,FRA,airlift,,,2,2026-01,2026-12,30000\n"
    ),
    "nations.csv": "nation,max_personnel,max_missions\nKEN,500,2\nFRA,,\n",
    "missions.csv": "mission,max_personnel_per_nation,women_target\nUNMISS,,0.15\nUNIFIL,,\n",
}


def write_case(folder: Path, **changes: str) -> Path:
    """Write the toy case; a file of another content is given by its name, ``_`` for ``.``."""
    folder.mkdir(exist_ok=True)
    for name, text in TOY.items():
        content = changes.get(name.replace(".", "_"), text)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def toy(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the toy case, with other contents for some files."""
    return lambda **changes: write_case(tmp_path / "case", **changes)


@pytest.fixture
def toy_changed(toy: Callable[..., Path]) -> Callable[[str, str, str], Path]:
    """Return a function that writes the toy case with a piece of one file replaced."""

    def change(file: str, old: str, new: str) -> Path:
        assert TOY[file].count(old) == 1
        return toy(**{file.replace(".", "_"): TOY[file].replace(old, new)})

    return change


@pytest.fixture(scope="session")
def shared_forces(root: Path) -> Path:
    """Return the folder of the shared cases and their checker, or skip where it is absent."""
    folder = Path(os.environ.get("SULH_SHARED", root.parent / "shared")) / "forces"
    if not folder.is_dir():
        pytest.skip("the shared cases (../shared/forces) are not beside the repository")
    return folder


@pytest.fixture(scope="session")
def witness(shared_forces: Path) -> Callable[[Path, Path], dict[str, Any]]:
    """Return the independent checker: case folder and plan in, its verdict out."""

    def check(case: Path, plan: Path) -> dict[str, Any]:
        command = [sys.executable, str(shared_forces / "check_plan.py"), str(case), str(plan)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        verdict: dict[str, Any] = json.loads(done.stdout)
        return verdict

    return check
