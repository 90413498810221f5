"""Give the whole program of a case to HiGHS or to CP-SAT, and write what it found as JSON.

python -m benchmarks.forces.whole highs|cp-sat CASE SECONDS WORKERS ANSWER
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

HUNDREDTHS = 100
"""Women are counted in these for CP-SAT, which takes whole numbers only."""
MOST = 10**7


def build(case: Path, into: Path) -> None:
    """Write the program of a case as arrays, its costs in points."""
    from sulh.questions.forces.case import Case
    from sulh.questions.forces.engine.families import whole_program
    from sulh.questions.forces.engine.model import Model
    from sulh.questions.forces.engine.usage import empty_usage

    model = Model.of(Case.read(case))
    program = whole_program(model, np.arange(len(model.tours)), empty_usage(model))
    women = [block.rows for block in program.blocks if block.name == "women"]
    short = [part.places for part in program.variables if part.name == "women"]
    rows, places, values = program.entries()
    np.savez(
        into,
        rows=rows,
        places=places,
        values=values,
        upper=program.row_upper,
        cost=program.cost * model.scale,
        most=program.upper,
        women=np.concatenate(women),
        short=np.concatenate(short),
        empty=model.empty,
    )


def by_highs(case: Path, seconds: float, workers: int) -> tuple[float | None, float | None]:
    """Return objective and bound of HiGHS."""
    from sulh.methods.programs import run, solver
    from sulh.questions.forces.case import Case
    from sulh.questions.forces.engine.families import whole_program
    from sulh.questions.forces.engine.model import Model
    from sulh.questions.forces.engine.usage import empty_usage

    model = Model.of(Case.read(case))
    program = whole_program(model, np.arange(len(model.tours)), empty_usage(model))
    highs = solver(time_limit=seconds, threads=workers, mip_rel_gap=0.0, mip_abs_gap=1e-7)
    highs.passModel(program.to_highs(whole=True))
    found = run(highs, whole=True)
    bound = model.empty + found.bound * model.scale if np.isfinite(found.bound) else None
    if found.values is None:
        return None, bound
    return model.empty + found.objective * model.scale, bound


def by_cp_sat(arrays: Path, seconds: float, workers: int) -> tuple[float | None, float | None]:
    """Return objective and bound of CP-SAT; at least eight workers, without which it finds little.

    HiGHS is not loaded here: some versions of the two cannot share a process.
    """
    from ortools.sat.python import cp_model

    given = np.load(arrays)
    finer_row = np.isin(np.arange(len(given["upper"])), given["women"])
    finer_column = np.isin(np.arange(len(given["cost"])), given["short"])
    model = cp_model.CpModel()
    most = np.where(np.isfinite(given["most"]), given["most"], MOST).astype(int)
    column = [model.new_int_var(0, int(limit), "") for limit in most]
    rows, places, values = given["rows"], given["places"], given["values"]
    scaled = values * np.where(finer_row[rows] & ~finer_column[places], HUNDREDTHS, 1)
    order = np.argsort(rows, kind="stable")
    edges = np.searchsorted(rows[order], np.arange(len(given["upper"]) + 1))
    for row, limit in enumerate(given["upper"]):
        near = order[edges[row] : edges[row + 1]]
        terms = [column[j] for j in places[near]]
        weights = np.round(scaled[near]).astype(int).tolist()
        model.add(cp_model.LinearExpr.weighted_sum(terms, weights) <= round(float(limit)))
    cost = given["cost"] / np.where(finer_column, HUNDREDTHS, 1)
    whole = np.round(cost).astype(int).tolist()
    model.minimize(cp_model.LinearExpr.weighted_sum(column, whole))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = max(workers, 8)
    status = solver.solve(model)
    empty = float(given["empty"])
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return empty + solver.objective_value if found else None, empty + solver.best_objective_bound


def main() -> None:
    solver, case, seconds, workers, answer = sys.argv[1:]
    if solver == "highs":
        found = by_highs(Path(case), float(seconds), int(workers))
    elif solver == "build":
        build(Path(case), Path(answer))
        return
    else:
        import subprocess

        with tempfile.TemporaryDirectory() as folder:
            arrays = Path(folder) / "program.npz"
            command = [sys.executable, "-m", "benchmarks.forces.whole", "build", case, "0", "1"]
            subprocess.run([*command, str(arrays)], check=True)
            found = by_cp_sat(arrays, float(seconds), int(workers))
    text = json.dumps({"objective": found[0], "bound": found[1]})
    Path(answer).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
