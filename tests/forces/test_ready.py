"""Compiling ahead: `sulh forces ready` leaves nothing to compile for a plan."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLAN = """
from pathlib import Path
import numpy as np
from sulh.methods.simulation.compiling import kept
from sulh.questions.forces.case import Case
from sulh.questions.forces.engine.anneal import improve
from sulh.questions.forces.engine.ascent import Ascent
from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.posts import man
from sulh.questions.forces.engine.response import respond, slacks
from sulh.questions.forces.engine.units import Annealing
from sulh.questions.forces.example import write_example
import sys
write_example(Path(sys.argv[1]))
model = Model.of(Case.read(sys.argv[1]))
Annealing(model, np.arange(len(model.tours)), 1).advance(lambda: False)
ascent = Ascent(model)
ascent.slack(ascent.climb(steps=1).prices)
for kernel in (improve, man, respond, slacks):
    print(sum(kernel.stats.cache_hits.values()), sum(kernel.stats.cache_misses.values()))
"""


@pytest.mark.slow
def test_what_is_made_ready_is_found_by_a_plan(tmp_path: Path) -> None:
    environment = {**os.environ, "SULH_KERNELS": str(tmp_path / "kernels")}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)

    def ran(*command: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, *command], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.split("\n")

    assert ran("-m", "sulh", "forces", "ready")[0] == "ready"
    files = sorted((tmp_path / "kernels").rglob("*.nbc"))
    assert files
    assert ran("-c", PLAN, str(tmp_path / "case"))[:4] == ["1 0"] * 4
    assert ran("-m", "sulh", "forces", "ready")[0] == "ready"
    assert sorted((tmp_path / "kernels").rglob("*.nbc")) == files

    # A run that was cut off, or an upgrade of some modules, leaves some to compile.
    for folder in (tmp_path / "kernels").glob("*.engine.posts-*"):
        shutil.rmtree(folder)
    assert ran("-m", "sulh", "forces", "ready")[0] == "ready"
    assert sorted((tmp_path / "kernels").rglob("*.nbc")) == files
