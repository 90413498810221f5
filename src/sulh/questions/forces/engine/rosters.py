"""From how often tours are made to which unit makes which, with which offers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from sulh.questions.forces.engine.model import Floats, Model
from sulh.questions.forces.engine.usage import support_plan, support_used
from sulh.questions.forces.tours import Plan, Tour

MOST_STEPS = 20_000
"""Steps of search for one pledge; beyond them its tours count as not fitting its units."""

Span = tuple[int, int]


def share_out(spans: Sequence[Span], units: int, reset: int, most: int | None) -> list[int] | None:
    """Return a unit (from 0) for each span so that units keep to reset and most tours, or None.

    ``spans`` are in order of their first month. A unit with the fewest tours goes first, which
    nearly always fits at once; if not, other choices are tried in turn.

    >>> share_out([(0, 5), (0, 5), (6, 11)], units=2, reset=0, most=2)
    [0, 1, 0]
    >>> share_out([(0, 5), (5, 11)], units=1, reset=0, most=None) is None
    True
    """
    free_from, made = [0] * units, [0] * units
    given: list[int] = []
    tried: list[list[int]] = []
    steps = 0
    while len(given) < len(spans):
        first, last = spans[len(given)]
        if len(tried) == len(given):
            fit = [u for u in range(units) if free_from[u] <= first]
            fit = [u for u in fit if most is None or made[u] < most]
            alike = {(made[u], free_from[u]): u for u in reversed(fit)}
            tried.append([alike[key] for key in sorted(alike, reverse=True)])
        steps += 1
        if steps > MOST_STEPS:
            return None
        if tried[-1]:
            unit = tried[-1].pop()
            given.append(unit)
            made[unit] += 1
            free_from[unit] = last + 1 + reset
            continue
        tried.pop()
        if not given:
            return None
        unit = given.pop()
        made[unit] -= 1
        earlier = [spans[i][1] for i, u in enumerate(given) if u == unit]
        free_from[unit] = max(earlier) + 1 + reset if earlier else 0
    return given


def rosters(model: Model, times: Floats) -> list[tuple[int, int]] | None:
    """Return (tour, unit from 0) for every tour of a plan, or None if units cannot make them."""
    tours = model.tours
    by_pledge: dict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(times):
        by_pledge[int(tours.pledge[place])] += [int(place)] * round(float(times[place]))
    found: list[tuple[int, int]] = []
    for number, places in by_pledge.items():
        pledge = model.pledges[number]
        places.sort(key=lambda place: (tours.first[place], tours.last[place], place))
        spans = [(int(tours.first[place]), int(tours.last[place])) for place in places]
        given = share_out(spans, pledge.units, pledge.reset_months, pledge.max_tours)
        if given is None:
            return None
        found += zip(places, given, strict=True)
    return found


def to_plan(model: Model, times: Floats) -> Plan:
    """Return the plan: each tour with its unit and offers. ``times`` keeps every limit."""
    tours, case = model.tours, model.case
    given = rosters(model, times)
    chosen = np.flatnonzero(times)
    transport = support_plan(model, support_used(model, chosen, times[chosen]))
    assert given is not None
    assert transport is not None
    offers: dict[int, list[int]] = defaultdict(list)
    for (support_class, offer), count in sorted(transport[1].items()):
        offers[support_class] += [offer] * count
    needs: dict[int, list[int]] = defaultdict(list)
    near = np.flatnonzero(times[model.support.tour] > 0)
    for place, of in zip(model.support.tour[near], model.support.of[near], strict=True):
        needs[int(place)].append(int(of))
    rows = []
    for place, unit in sorted(given):
        used = sorted(case.offers[offers[of].pop()].key for of in needs[place])
        rows.append(
            Tour(
                model.pledges[tours.pledge[place]].key,
                unit + 1,
                model.requirements[tours.requirement[place]].key,
                int(tours.first[place]),
                int(tours.last[place]),
                tuple(used),
            )
        )
    return Plan(tuple(rows))
