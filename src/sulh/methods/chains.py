"""Programs whose rows repeat month after month, in a sparser form with the same optimum.

What runs for a year is in twelve rows of each kind. Each row less that of the month before, with
the slacks of both as variables, has it in two: where it begins and after it ends. With
a_k x + s_k = b_k and s >= 0,

    (a_k - a_(k-1)) x + s_k - s_(k-1) = b_k - b_(k-1).

Linear programs are solved two to four times faster so; the rows say less to the searcher of whole
numbers, which looks for bounds, cliques and knapsacks in single rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from sulh.methods.programs import Floats, Ints, Program, by_column, linear


@dataclass(frozen=True)
class Chained:
    """A linear program with rows chained; its first ``program.size`` variables are the program's.

    ``before`` is the row of the month before, by row, or -1.
    """

    program: Program
    before: Ints

    @classmethod
    def of(cls, program: Program) -> Chained:
        """Return the chained form of a program, integrality dropped."""
        parts = [block.before for block in program.blocks]
        return cls(program, np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64))

    def to_highs(self) -> highspy.HighsLp:
        """Return the program as HiGHS takes it."""
        program, later = self.program, np.flatnonzero(self.before >= 0)
        slack = np.union1d(later, self.before[later])
        place = np.full(program.rows, -1)
        place[slack] = program.size + np.arange(len(slack))
        after = np.full(program.rows, -1)
        after[self.before[later]] = later
        rows, places, values = program.entries()
        again = np.flatnonzero(after[rows] >= 0)
        entries = (
            np.concatenate([rows, after[rows[again]], slack, later]),
            np.concatenate([places, places[again], place[slack], place[self.before[later]]]),
            np.concatenate([values, -values[again], np.ones(len(slack)), -np.ones(len(later))]),
        )
        least, most = np.full(program.rows, -np.inf), program.row_upper.copy()
        most[later] -= program.row_upper[self.before[later]]
        least[slack] = most[slack]
        nought = np.zeros(len(slack))
        bounds = (
            np.concatenate([program.lower, nought]),
            np.concatenate([program.upper, nought + np.inf]),
        )
        size = program.size + len(slack)
        cost = np.concatenate([program.cost, nought])
        return linear(by_column(entries, program.rows, size), cost, bounds, (least, most))

    def duals(self, chained: Floats) -> Floats:
        """Return the duals of the program's rows from those of the chained rows.

        The row before enters each chained row with the sign turned: y_k = z_k - z_(k+1).
        """
        later = np.flatnonzero(self.before >= 0)
        duals = chained.copy()
        duals[self.before[later]] -= chained[later]
        return duals
