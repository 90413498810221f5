"""Force generation in Python: read a case, plan it, ask of the plan.

>>> import tempfile
>>> from pathlib import Path
>>> folder = Path(tempfile.mkdtemp(), "my-case")
>>> paths = example(folder)
>>> case = Case.read(folder)
>>> case.start, len(case.pledges)
('2027-01', 27)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path

from sulh.cases.problems import BadCase, Problem
from sulh.questions.forces import case as cases
from sulh.questions.forces.chances import Chance
from sulh.questions.forces.earlier import read_earlier
from sulh.questions.forces.engine.solve import Progress
from sulh.questions.forces.example import write_example as example
from sulh.questions.forces.outputs import Planned as _Planned
from sulh.questions.forces.plan import (
    Plan,
    Score,
    Tour,
    Violation,
    read_old_plan,
    read_plan,
    score,
    violations,
)
from sulh.questions.forces.planning import Limits, make_plan
from sulh.questions.forces.replan import Kept, Replanned
from sulh.questions.forces.risk import Trial
from sulh.questions.forces.worth import Effort
from sulh.result import Result

__all__ = [
    "BadCase",
    "Case",
    "Chance",
    "Effort",
    "Plan",
    "Planned",
    "Problem",
    "Progress",
    "Replanned",
    "Score",
    "Tour",
    "Trial",
    "Violation",
    "example",
    "read_old_plan",
    "read_plan",
    "score",
    "violations",
]


class Planned(_Planned):
    """A plan of a case, with its files, its tables and the questions that can be asked of it."""

    def value(self, effort: Effort | None = None, pool: Executor | None = None) -> Result:
        """Return what each thing more would be worth, the most worth first."""
        from sulh.questions.forces.worth import value

        return value(self, effort or Effort(), pool)

    def loss(self, effort: Effort | None = None, pool: Executor | None = None) -> Result:
        """Return what the withdrawal of each nation and each offer would cost."""
        from sulh.questions.forces.worth import loss

        return loss(self, effort or Effort(), pool)

    def risk(
        self,
        chances: Chance | Mapping[str, Chance],
        trial: Trial | None = None,
        pool: Executor | None = None,
    ) -> Result:
        """Return coverage with intervals when pledges are late or fail, plain and hedged."""
        from sulh.questions.forces.risk import risk

        known = (
            dict.fromkeys(self.case.pledge_of, chances) if isinstance(chances, Chance) else chances
        )
        return risk(self, known, trial or Trial(), pool)

    def trade(self, seconds: float = 10.0, pool: Executor | None = None) -> Result:
        """Return the front of cost against coverage against women's share."""
        from sulh.questions.forces.trade import front

        return front(self, seconds, pool=pool)

    def group(self, name: str, membership: str = "dated") -> Result:
        """Return what a group's pledges fill, and what keeps them from filling the rest."""
        from sulh.questions.forces.group import group

        return group(self, name, membership)

    def women(self) -> Result:
        """Return how many women the dated targets ask for, by category and month."""
        from sulh.questions.forces.women import women

        return women(self.case, self.plan)


class Case(cases.Case):
    """A case of force generation; see docs/forces.md for its six files."""

    def plan(
        self,
        *,
        seconds: float = 60.0,
        gap: float = 0.0,
        workers: int = 2,
        progress: Callable[[Progress], None] | None = None,
        start: _Planned | None = None,
    ) -> Planned:
        """Return the best plan found in ``seconds``, or sooner at the gap, with its bound.

        With a valid plan to ``start`` from, the answer is no worse than it.
        """
        made = make_plan(self, Limits(seconds, gap, workers), progress, start=start)
        return Planned(self, made.plan, made.bound, made.seconds)

    def planned(self, path: str | Path) -> Planned:
        """Return the plan in a CSV file, with the bound of `summary.json` beside it if that holds.

        Its ``notes`` say what does not agree, such as a file that was cut.
        """
        found = read_earlier(self, path)
        return Planned(self, found.plan, found.bound, 0.0, found.notes)

    def replan(self, keep: Plan, month: str, weight: float, seconds: float = 30.0) -> Replanned:
        """Return a new plan from ``month`` on; each tour of ``keep`` that is changed costs."""
        from sulh.questions.forces.replan import replan

        return replan(self, Kept(keep, self.index(month), weight), seconds)
