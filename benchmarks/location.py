"""Location: the p-median solver beside the plain program in HiGHS, on graphs like the OR-Library's.

Prints n, p, both optima (which agree where both are proven) and seconds. HiGHS gets a minute.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from sulh.methods.location import median
from sulh.methods.location.answer import Clock
from sulh.methods.location.orlib import shortest_paths
from sulh.methods.programs import Program, solve

PLAIN = ((100, 5), (100, 20), (200, 5), (200, 20))
LARGE = ((300, 100), (400, 5), (500, 50), (600, 60), (700, 10), (800, 10), (900, 10), (900, 90))


def graph(nodes: int, seed: int) -> NDArray[np.float64]:
    """Return shortest paths in a connected graph of n * n / 50 random edges of length 1 to 100."""
    random = np.random.default_rng(seed)
    count = nodes * nodes // 50
    chain = np.stack([np.arange(1, nodes), np.arange(2, nodes + 1)], 1)
    drawn = random.integers(1, nodes + 1, (count, 2))
    ends = np.concatenate([chain, drawn[drawn[:, 0] != drawn[:, 1]]])
    return shortest_paths(nodes, np.column_stack([ends, random.integers(1, 101, len(ends))]))


def plain(distances: NDArray[np.float64], to_open: int) -> tuple[float, bool]:
    """Solve sum d_ij x_ij with x_ij <= y_j by HiGHS alone."""
    size = len(distances)
    program = Program()
    x = program.add_variables("x", np.arange(size * size), distances.ravel(), (0.0, 1.0))
    y = program.add_variables("y", np.arange(size), 0.0, (0.0, 1.0), whole=True)
    served = program.add_rows("served", np.arange(size), -1.0)
    program.enter(np.repeat(served.rows, size), x.places, -1.0)
    linked = program.add_rows("linked", np.arange(size * size), 0.0)
    program.enter(linked.rows, x.places, 1.0)
    program.enter(linked.rows, np.tile(y.places, size), -1.0)
    opened = program.add_rows("opened", [0], float(to_open))
    program.enter(np.repeat(opened.rows, size), y.places, 1.0)
    answer = solve(program, time_limit=60.0)
    return answer.objective, answer.optimal


def main() -> None:
    """Print a line a problem."""
    median([[0.0, 1.0], [1.0, 0.0]], 1)  # compiles
    for nodes, to_open in (*PLAIN, *LARGE):
        distances = graph(nodes, nodes + to_open)
        found = median(distances, to_open, clock=Clock(120))
        line = f"n {nodes} p {to_open}: {found.objective:g} in {found.seconds:.2f} s"
        line += " proven" if found.proven else f", bound {found.bound:g}"
        if (nodes, to_open) in PLAIN:
            started = time.monotonic()
            objective, optimal = plain(distances, to_open)
            told = f"{objective:g}" if optimal else "no proof"
            line += f"; HiGHS alone {told} in {time.monotonic() - started:.2f} s"
        print(line, flush=True)


if __name__ == "__main__":
    main()
