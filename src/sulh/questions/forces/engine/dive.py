"""A first plan: round the linear relaxation little by little, solving it anew each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import highspy
import numpy as np

from sulh.methods.programs import Program, solver
from sulh.questions.forces.engine.families import whole_program
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.usage import Months, Usage

SURE = 0.6
"""A tour whose amount is so much above a whole number is rounded up without regret."""
SHARE = 0.1
"""The share of fractional amounts rounded up at one time, at most."""
NEAR = 1e-5


@dataclass
class _Diving:
    """The relaxation under way: bounds of all variables, and the missions that tours serve."""

    highs: highspy.Highs
    lower: Floats
    upper: Floats
    serves: list[Ints]

    def try_up(self, places: Ints, values: Floats) -> bool:
        """Raise lower bounds of variables, and of the missions tours serve, if that can be."""
        also = [self.serves[place] for place in places if place < len(self.serves)]
        served = np.unique(np.concatenate([*also, np.zeros(0, dtype=np.int64)]))
        before = self.lower.copy()
        self.lower[places] = np.maximum(self.lower[places], values)
        self.lower[served] = np.minimum(1.0, self.upper[served])
        changed = np.union1d(places, served)
        if (self.lower[served] > 0.5).all() and self.solve(changed):
            return True
        self.lower = before
        return self.solve(changed) and False

    def solve(self, changed: Ints) -> bool:
        """Solve anew with the bounds that changed; return whether there is a solution."""
        places = changed.astype(np.int32)
        self.highs.changeColsBounds(len(places), places, self.lower[changed], self.upper[changed])
        self.highs.run()
        return bool(self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def values(self) -> Floats:
        """Return the values of all variables now."""
        return np.array(self.highs.getSolution().col_value)

    def round_some(self, values: Floats, among: Ints) -> bool:
        """Round some of the fractional variables ``among`` up, or one of them down.

        Return False if neither leaves a solution.
        """
        part = values - np.floor(values + NEAR)
        order = among[np.argsort(-part[among], kind="stable")]
        most = order[: max(1, int(SHARE * len(order)))]
        sure = np.union1d(most[part[most] > SURE], most[:1])
        for places in (sure, most[:1]):
            if self.try_up(places, np.ceil(values[places] - NEAR)):
                return True
        self.upper[most[0]] = np.floor(values[most[0]] + NEAR)
        return self.solve(most[:1])


def dive(model: Model, chosen: Ints, stop: Callable[[], bool]) -> Floats | None:
    """Return how often each tour of the model is made in a plan rounded from the relaxation.

    Only ``chosen`` tours take part. None if ``stop`` says so, or if rounding came to no plan.
    """
    none = Usage.of(model, np.zeros(0, dtype=np.int64), np.zeros(0))
    program = whole_program(model, chosen, none)
    highs = solver(stop, solver="simplex")
    highs.passModel(program.to_highs(whole=False))
    serves = next(part for part in program.variables if part.name == "serves").places
    served = _served(model, program)
    state = _Diving(highs, program.lower.copy(), program.upper.copy(), served)
    solved = state.solve(np.zeros(0, dtype=np.int64))
    while solved and not stop():
        values = state.values()
        open_ = np.flatnonzero(np.abs(values - np.round(values)) > NEAR)
        tours = open_[open_ < len(chosen)]
        among = tours if len(tours) else np.intersect1d(open_, serves)
        if not len(among):
            times = np.zeros(len(model.tours))
            times[chosen] = np.round(values[: len(chosen)])
            return times
        solved = state.round_some(values, among)
    return None


def _served(model: Model, program: Program) -> list[Ints]:
    """Return for each tour of a program the variables of the missions served that it implies."""
    part = next(part for part in program.variables if part.name == "serves")
    chosen = next(part for part in program.variables if part.name == "tour").keys
    missions = len(model.mission_names)
    pair = model.tour_nation[chosen] * missions + model.tour_mission[chosen]
    first, last = model.tours.first[chosen], model.tours.last[chosen]
    away = Months.of(first, last)
    key = pair[away.tour] * model.horizon + away.month
    place = np.searchsorted(part.keys, key)
    known = np.minimum(place, max(len(part.keys) - 1, 0))
    found = part.keys[known] == key if len(part.keys) else np.zeros(len(key), dtype=bool)
    found = np.asarray(found) & model.binding_missions[model.tour_nation[chosen]][away.tour]
    edges = np.searchsorted(away.tour[found], np.arange(len(chosen) + 1))
    places = part.start + known[found]
    return [places[a:b] for a, b in pairwise(edges)]
