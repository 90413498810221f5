"""The families of constraints, one function each; the docstring of each is its inequality.

Written for a draft: some of the tours, free to choose, beside a fixed set of others. x_j is how
often tour j is made, J the free tours, and the usage of the fixed ones is taken off every limit.
Keys of rows and variables are flat places in the arrays of `Usage`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sulh.methods.programs import Program, Variables
from sulh.questions.forces.engine.model import Floats, Ints, Model
from sulh.questions.forces.engine.usage import Months, Usage


@dataclass
class Draft:
    """A program under way: the free tours ``free`` and what the fixed tours use."""

    model: Model
    free: Ints
    fixed: Usage
    program: Program = field(default_factory=Program)

    @cached_property
    def tour(self) -> Variables:
        """The variables x_j, whole numbers from 0 to ``most``, with the tours' own costs."""
        tours, scale = self.model.tours, self.model.scale
        cost, most = tours.cost[self.free] / scale, tours.most[self.free]
        return self.program.add_variables("tour", self.free, cost, (0, most), whole=True)

    @cached_property
    def pledge(self) -> Ints:
        """The pledge of each free tour."""
        return self.model.tours.pledge[self.free]

    @cached_property
    def requirement(self) -> Ints:
        """The requirement of each free tour."""
        return self.model.tours.requirement[self.free]

    @cached_property
    def nation(self) -> Ints:
        """The nation of each free tour."""
        return self.model.nation[self.pledge]

    @cached_property
    def mission(self) -> Ints:
        """The mission of each free tour."""
        return self.model.mission[self.requirement]

    @cached_property
    def away(self) -> Months:
        """The months of each free tour."""
        return Months.of(self.model.tours.first[self.free], self.model.tours.last[self.free])

    def monthly(self, name: str, rows: Ints, room: Floats, weight: Floats, pick: Floats) -> None:
        """Add sum of weight_j x_j over the tours of a row that run in month k <= room[row, k].

        ``rows`` and ``weight`` are by free tour, ``room`` by row and month; only tours that
        ``pick`` selects take part.
        """
        chosen = np.flatnonzero(pick[self.away.tour])
        tour = self.away.tour[chosen]
        key = rows[tour] * self.model.horizon + self.away.month[chosen]
        keys, row = np.unique(key, return_inverse=True)
        block = self.program.add_rows(name, keys, room.ravel()[keys])
        self.program.enter(block.start + row, self.tour.start + tour, weight[tour])


def coverage(draft: Draft) -> None:
    """Σ x_j over tours j for requirement r that run in month k <= units_r - fixed (rule 7)."""
    room = draft.model.needed[:, None] - draft.fixed.cover
    every = np.ones(len(draft.free), dtype=bool)
    draft.monthly("coverage", draft.requirement, room, every.astype(float), every)


def rotation(draft: Draft) -> None:
    """Σ x_j over tours j of pledge p with first_j <= k <= last_j + reset_p <= units_p - fixed.

    A unit is taken from the first month of a tour to the last month at home after it (rule 5).
    Units of a pledge are alike, and intervals can be given to as many units as overlap at most,
    so no unit needs a number of its own.
    """
    model, tours = draft.model, draft.model.tours
    last = np.minimum(tours.last[draft.free] + model.reset[draft.pledge], model.horizon - 1)
    busy = Months.of(tours.first[draft.free], last)
    room = (model.units[:, None] - draft.fixed.busy).ravel()
    keys, row = np.unique(draft.pledge[busy.tour] * model.horizon + busy.month, return_inverse=True)
    block = draft.program.add_rows("rotation", keys, room[keys])
    draft.program.enter(block.start + row, draft.tour.start + busy.tour, 1.0)


def tours_of_pledge(draft: Draft) -> None:
    """Σ x_j over tours j of pledge p <= units_p max_tours_p - fixed (rule 5, all units together).

    That single units keep to max_tours is seen to when tours are given to units.
    """
    room = draft.model.tours_left - draft.fixed.begun
    chosen = np.flatnonzero(np.isfinite(room[draft.pledge]))
    keys, row = np.unique(draft.pledge[chosen], return_inverse=True)
    block = draft.program.add_rows("tours", keys, room[keys])
    draft.program.enter(block.start + row, draft.tour.places[chosen], 1.0)


def support(draft: Draft) -> None:
    """Σ x_j over tours j of class c + fixed <= Σ z_oc over offers o of the class (rule 4);
    Σ z_oc over classes c <= uses_o (rule 6); z_oc >= 0 costs the offer's price.

    z_oc is how many tours of class c offer o supports: a transport problem, whole if x is.
    """
    model, program = draft.model, draft.program
    place = np.full(len(model.tours), -1)
    place[draft.free] = np.arange(len(draft.free))
    near = np.flatnonzero(place[model.support.tour] >= 0)
    of = model.support.of[near]
    keys = np.union1d(of, np.flatnonzero(draft.fixed.support > 0))
    asked = program.add_rows("support", keys, -draft.fixed.support[keys])
    places = draft.tour.start + place[model.support.tour[near]]
    program.enter(asked.start + np.searchsorted(keys, of), places, 1.0)
    pairs = [(i, offer) for i, c in enumerate(keys) for offer in model.support.classes[c]]
    row, offer = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    used = program.add_rows("uses", np.arange(len(model.uses)), model.uses)
    amount = program.add_variables(
        "supported",
        keys[row] * len(model.uses) + offer,
        model.offer_cost[offer] / model.scale,
        (0, model.uses[offer]),
    )
    program.enter(asked.start + row, amount.places, -1.0)
    program.enter(used.start + offer, amount.places, 1.0)


def women(draft: Draft) -> None:
    """Σ (target_m strength_p - women_p) x_j over tours j in mission m, month k + fixed <= w_mk;
    w_mk >= 0 costs the weight of women.
    """
    model = draft.model
    gap = model.women_gap[draft.pledge, draft.mission]
    before = draft.program.rows
    draft.monthly("women", draft.mission, -draft.fixed.women, gap, gap != 0)
    keys = draft.program.blocks[-1].keys
    cost = model.case.weights.women / model.scale
    short = draft.program.add_variables("women", keys, cost, (0, np.inf))
    draft.program.enter(before + np.arange(len(keys)), short.places, -1.0)


def nation_personnel(draft: Draft) -> None:
    """Σ strength_p x_j over tours j of nation n that run in month k <= max_personnel_n - fixed."""
    model = draft.model
    room = model.max_personnel[:, None] - draft.fixed.persons
    pick = np.isfinite(model.max_personnel[draft.nation])
    draft.monthly("personnel", draft.nation, room, model.strength[draft.pledge], pick)


def nation_share(draft: Draft) -> None:
    """Σ strength_p x_j over tours j of nation n in mission m, month k <= share_nm - fixed.

    share_nm is the less of the mission's max_personnel_per_nation and the nation's max_personnel.
    Where the nation's number of missions binds, `nation_missions` has the row instead.
    """
    model = draft.model
    pairs = draft.nation * len(model.mission_names) + draft.mission
    room = (model.share[:, :, None] - draft.fixed.share).reshape(-1, model.horizon)
    open_ = ~model.binding_missions[draft.nation]
    pick = open_ & np.isfinite(model.share.ravel()[pairs])
    draft.monthly("share", pairs, room, model.strength[draft.pledge], pick)


def nation_missions(draft: Draft) -> None:
    """Σ y_nmk over missions m <= max_missions_n, y_nmk in {0, 1} whether n serves m in month k;
    Σ strength_p x_j over tours j of n in m, month k <= share_nm y_nmk - fixed;
    Σ x_j over tours j of pledge p in m, month k <= y_nmk min(units_p, share_nm / strength_p).

    The last is implied for whole numbers where share_nm is finite, and tightens the linear
    relaxation.
    """
    model, program, horizon = draft.model, draft.program, draft.model.horizon
    missions = len(model.mission_names)
    chosen = np.flatnonzero(model.binding_missions[draft.nation][draft.away.tour])
    tour, month = draft.away.tour[chosen], draft.away.month[chosen]
    pair = (draft.nation[tour] * missions + draft.mission[tour]) * horizon + month
    fixed = draft.fixed.share.ravel()
    binding = np.repeat(model.binding_missions, missions * horizon)
    keys = np.union1d(pair, np.flatnonzero(binding & (fixed > 0)))
    bounds = ((fixed[keys] > 0).astype(float), 1.0)
    serves = program.add_variables("serves", keys, 0.0, bounds, whole=True)
    _serve_at_most(draft, serves)
    _serve_to_deploy(draft, serves, tour, pair)
    _serve_by_pledge(draft, serves, tour, month)


def _serve_at_most(draft: Draft, serves: Variables) -> None:
    horizon, missions = draft.model.horizon, len(draft.model.mission_names)
    nation, month = serves.keys // (missions * horizon), serves.keys % horizon
    keys, row = np.unique(nation * horizon + month, return_inverse=True)
    block = draft.program.add_rows("missions", keys, draft.model.max_missions[keys // horizon])
    draft.program.enter(block.start + row, serves.places, 1.0)


def _serve_to_deploy(draft: Draft, serves: Variables, tour: Ints, pair: Ints) -> None:
    model, program = draft.model, draft.program
    share = np.repeat(model.share.ravel(), model.horizon)
    pick = np.isfinite(share[pair])
    keys, row = np.unique(pair[pick], return_inverse=True)
    block = program.add_rows("deploys", keys, -draft.fixed.share.ravel()[keys])
    strength = model.strength[draft.pledge[tour[pick]]]
    program.enter(block.start + row, draft.tour.start + tour[pick], strength)
    places = serves.start + np.searchsorted(serves.keys, keys)
    program.enter(block.rows, places, -share[keys])


def _serve_by_pledge(draft: Draft, serves: Variables, tour: Ints, month: Ints) -> None:
    model, program, horizon = draft.model, draft.program, draft.model.horizon
    missions = len(model.mission_names)
    key = (draft.pledge[tour] * missions + draft.mission[tour]) * horizon + month
    keys, row = np.unique(key, return_inverse=True)
    block = program.add_rows("pledge_serves", keys, 0.0)
    program.enter(block.start + row, draft.tour.start + tour, 1.0)
    pledge, mission = np.divmod(keys // horizon, missions)
    pair = model.nation[pledge] * missions + mission
    fit = np.floor(model.share.ravel()[pair] / model.strength[pledge])
    places = serves.start + np.searchsorted(serves.keys, pair * horizon + keys % horizon)
    program.enter(block.rows, places, -np.minimum(model.units[pledge], fit))


def wholes(draft: Draft) -> None:
    """x_j = Σ y_w over wholes w that hold j, for tours j of parts of wholes (rules 9 and 10);
    Σ y_w over wholes w of chain c <= 1; y_w in {0, 1} whether whole w is made.

    A whole is the tours of a chain that begins in one month, or one tour of each part of a unit.
    Nothing is added to the program of a case that has neither.
    """
    model, program = draft.model, draft.program
    bound = np.intersect1d(draft.free, model.wholes.bound)
    if not len(bound):
        return
    known = [w for w, parts in enumerate(model.wholes.parts) if np.isin(parts, bound).all()]
    keys = np.array(known, dtype=np.int64)
    made = program.add_variables("wholes", keys, 0.0, (0, 1), whole=True)
    places = draft.tour.start + np.searchsorted(draft.free, bound)
    held = [(i, part) for i, w in enumerate(known) for part in model.wholes.parts[w]]
    whole, part = np.array(held, dtype=np.int64).reshape(-1, 2).T
    for name, sign in (("parts_made", 1.0), ("wholes_made", -1.0)):
        block = program.add_rows(name, bound, 0.0)
        program.enter(block.rows, places, sign)
        program.enter(block.start + np.searchsorted(bound, part), made.start + whole, -sign)
    chain = model.wholes.chain[keys]
    once = np.flatnonzero(chain >= 0)
    chains, row = np.unique(chain[once], return_inverse=True)
    block = program.add_rows("chains", chains, 1.0)
    program.enter(block.start + row, made.start + once, 1.0)


WITHIN_NATION = (rotation, tours_of_pledge, nation_personnel, nation_share, nation_missions)
BETWEEN_NATIONS = (coverage, support, women)


def whole_program(model: Model, free: Ints, fixed: Usage) -> Program:
    """Return the program that chooses among free tours best, beside fixed ones."""
    draft = Draft(model, free, fixed)
    assert draft.tour.start == 0
    for family in (*BETWEEN_NATIONS, *WITHIN_NATION, wholes):
        family(draft)
    return draft.program
