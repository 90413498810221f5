"""What a set of tours takes of every limit, month by month, and what it scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sulh.methods.programs import Program, solve
from sulh.questions.forces.engine.model import Floats, Ints, Model


@dataclass(frozen=True)
class Months:
    """Tours spread over their months: ``tour`` (a place in the given list) and ``month``."""

    tour: Ints
    month: Ints

    @classmethod
    def of(cls, first: Ints, last: Ints) -> Months:
        """Return the months from ``first`` to ``last`` of each tour.

        >>> Months.of(np.array([0, 5]), np.array([1, 5]))
        Months(tour=array([0, 0, 1]), month=array([0, 1, 5]))
        """
        length = last - first + 1
        tour = np.repeat(np.arange(len(first)), length)
        before = np.repeat(np.cumsum(length) - length, length)
        return cls(tour, np.arange(len(tour)) - before + np.repeat(first, length))


@dataclass(frozen=True)
class Usage:
    """What tours take: arrays by the numbers named, then month.

    ``cover`` units by requirement; ``busy`` units deployed or at home resetting, by pledge;
    ``begun`` tours by pledge; ``support`` tours by class of support; ``persons`` by nation;
    ``share`` persons by nation and mission; ``women`` short of the target by mission.
    """

    cover: Floats
    busy: Floats
    begun: Floats
    support: Floats
    persons: Floats
    share: Floats
    women: Floats

    @classmethod
    def of(cls, model: Model, chosen: Ints, times: Floats) -> Usage:
        """Return the usage of the ``chosen`` tours, each made ``times`` times."""
        tours, horizon = model.tours, model.horizon
        pledge, requirement = tours.pledge[chosen], tours.requirement[chosen]
        nation, mission = model.nation[pledge], model.mission[requirement]
        away = Months.of(tours.first[chosen], tours.last[chosen])
        back = np.minimum(tours.last[chosen] + model.reset[pledge], horizon - 1)
        busy = Months.of(tours.first[chosen], back)
        nations, missions = len(model.nation_names), len(model.mission_names)
        persons = times * model.strength[pledge]
        short = times * model.women_gap[pledge, mission]

        def table(rows: Ints, months: Months, values: Floats, count: int) -> Floats:
            key = rows[months.tour] * horizon + months.month
            flat = np.bincount(key, values[months.tour], minlength=count * horizon)
            return flat.reshape(count, horizon).astype(float)

        share = table(nation * missions + mission, away, persons, nations * missions)
        return cls(
            table(requirement, away, times, len(model.requirements)),
            table(pledge, busy, times, len(model.pledges)),
            np.bincount(pledge, times, minlength=len(model.pledges)).astype(float),
            support_used(model, chosen, times),
            table(nation, away, persons, nations),
            share.reshape(nations, missions, horizon),
            table(mission, away, short, missions),
        )

    def keeps(self, model: Model) -> bool:
        """Return whether every limit is kept (offers and the tours of single units aside)."""
        served = (self.share > 0).sum(axis=1)
        slack = 1e-9
        return bool(
            (self.cover <= model.needed[:, None] + slack).all()
            and (self.busy <= model.units[:, None] + slack).all()
            and (self.begun <= model.tours_left + slack).all()
            and (self.persons <= model.max_personnel[:, None] + slack).all()
            and (self.share <= model.share[:, :, None] + slack).all()
            and (served <= model.max_missions[:, None]).all()
        )


def empty_usage(model: Model) -> Usage:
    """Return the usage of no tours."""
    return Usage.of(model, np.zeros(0, dtype=np.int64), np.zeros(0))


def support_used(model: Model, chosen: Ints, times: Floats) -> Floats:
    """Return how many tours of each class of support are among the chosen ones."""
    full = np.zeros(len(model.tours))
    full[chosen] = times
    weight = full[model.support.tour]
    found = np.bincount(model.support.of, weight, minlength=len(model.support.classes))
    return found.astype(float)


def support_plan(model: Model, demand: Floats) -> tuple[float, dict[tuple[int, int], int]] | None:
    """Return the least cost of supporting the tours of each class, and who supports how many.

    ``demand`` counts tours by class. The result maps (class, offer) to tours; None if the offers
    do not suffice. A transport problem, so its linear optimum is in whole numbers.
    """
    wanted = np.flatnonzero(demand > 0.5)
    if not len(wanted):
        return 0.0, {}
    program = Program()
    pairs = [(int(c), offer) for c in wanted for offer in model.support.classes[c]]
    offer = np.array([pair[1] for pair in pairs])
    place = {int(c): i for i, c in enumerate(wanted)}
    row = np.array([place[pair[0]] for pair in pairs])
    cost = model.offer_cost[offer]
    amount = program.add_variables(
        "supported", np.arange(len(pairs)), cost, (0, model.uses[offer]), whole=True
    )
    asked = program.add_rows("asked", wanted, -demand[wanted])
    program.enter(asked.start + row, amount.places, -1.0)
    used = program.add_rows("uses", np.arange(len(model.uses)), model.uses)
    program.enter(used.start + offer, amount.places, 1.0)
    answer = solve(program, mip_rel_gap=0.0, mip_abs_gap=0.0)
    if answer.values is None or not answer.optimal:
        return None
    counts = np.round(answer.values).astype(int)
    total = float((counts * cost).sum())
    return total, {pair: int(n) for pair, n in zip(pairs, counts, strict=True) if n}


def points(model: Model, chosen: Ints, times: Floats, usage: Usage | None = None) -> float | None:
    """Return the objective of a set of tours, or None if its support cannot be had."""
    usage = usage or Usage.of(model, chosen, times)
    supported = support_plan(model, usage.support)
    if supported is None:
        return None
    women = model.case.weights.women * float(np.maximum(usage.women, 0.0).sum())
    cost = float((model.tours.cost[chosen] * times).sum())
    return model.empty + cost + supported[0] + women
