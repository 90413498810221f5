"""The days of a case of supply, one replication, compiled.

Each day, in this order: what is due arrives; every place uses what its people need, as far as it
lasts; stocks at or below the reorder level order up to the fill level; convoys leave for the places
that wait, the shortest in days of supply first, if route, vehicles, escort and goods are there. A
trip may be attacked (part of the load is lost and the route is blocked) or break down (vehicles
come back late). Sources hold all that is asked of them.
"""

from __future__ import annotations

import numpy as np

from sulh.methods.simulation.compiling import allocating

LONGEST = 256
"""Days that a trip there and back, with repair, can take at most."""


@allocating
def run_days(model, levels, months, escorts, draws, out):  # type: ignore[no-untyped-def]
    """Fill the outputs of one replication.

    ``model`` is (places, routes, fleets) of arrays as `simulate.arrays` makes them; ``draws`` three
    generators: of demand, attack and breakdown; ``out`` arrays by day and place (used, short,
    days held) and by route (trips, tonnes, vehicle-km, attacks, lost).
    """
    need, supplied, source, variation, season = model[0]
    start, reorder, fill = levels
    places, kinds = need.shape
    held_out = out[0]
    stock, ordered = supplied * start, np.zeros((places, kinds))
    due = np.zeros((LONGEST, places, kinds))
    back = np.zeros((LONGEST, model[2][0].size), np.int64)
    escorts_back = np.zeros(LONGEST, np.int64)
    free, blocked = model[2][0].copy(), np.zeros(model[1][0].shape[0], np.int64)
    guards = np.array([escorts])
    for day in range(len(months)):
        slot = day % LONGEST
        stock += due[slot]
        ordered -= due[slot]
        due[slot] = 0.0
        free += back[slot]
        back[slot] = 0
        guards[0] += escorts_back[slot]
        escorts_back[slot] = 0
        for place in range(places):
            if source[place]:
                continue
            for kind in range(kinds):
                today = need[place, kind] * season[months[day], kind]
                if variation > 0 and today > 0:
                    today *= draws[0].gamma(1 / variation**2, variation**2)
                used = min(today, stock[place, kind])
                stock[place, kind] -= used
                held_out[0, day, place, kind] = used
                held_out[1, day, place, kind] = max(today - used, 0.0)
                rate = supplied[place, kind]
                held_out[2, day, place, kind] = stock[place, kind] / rate if rate > 0 else np.inf
        state = (stock, ordered, due, back, escorts_back, free, blocked, guards)
        _dispatch((day, months[day]), model, (reorder, fill), state, (draws, out[1]))


@allocating
def _dispatch(when, model, levels, state, chance):  # type: ignore[no-untyped-def]
    """Send what is wanted, the place that is shortest first."""
    stock, ordered = state[0], state[1]
    supplied, source = model[0][1], model[0][2]
    places, kinds = stock.shape
    wanted, urgency = np.zeros((places, kinds)), np.full(places, np.inf)
    for place in range(places):
        if source[place]:
            continue
        for kind in range(kinds):
            rate = supplied[place, kind]
            position = stock[place, kind] + ordered[place, kind]
            if rate > 0 and position <= levels[0][kind] * rate:
                wanted[place, kind] = levels[1][kind] * rate - position
                # Days held against the reorder level: kinds with deep stocks wait in their turn.
                share = stock[place, kind] / (levels[1][kind] * rate)
                urgency[place] = min(urgency[place], share)
    for place in np.argsort(urgency, kind="mergesort"):
        if urgency[place] == np.inf:
            break
        for k in range(model[1][4][place], model[1][4][place + 1]):
            route = model[1][3][k]
            if wanted[place].sum() > 0:
                _send(when, route, wanted, model, state, chance)


@allocating
def _send(when, route, wanted, model, state, chance):  # type: ignore[no-untyped-def]
    """Send one convoy along a route, as much as is wanted, there and can be carried."""
    stock, ordered, due, back, escorts_back, free, blocked, guards = state
    (day, month), (draws, told) = when, chance
    ends, figures, closed = model[1][0], model[1][1], model[1][2]
    origin, place, fleet, convoy, escort, there, away, blocked_days, repair = ends[route]
    km, urgent, attacks, lost, breakdowns = figures[route]
    source, supplied = model[0][2], model[0][1]
    payload = model[2][1][fleet]
    if closed[route, month] or blocked[route] > day or (escort and guards[0] < 1):
        return
    if urgent >= 0 and _days_held(stock[place], wanted[place], supplied[place]) > urgent:
        return
    vehicles = min(free[fleet], convoy)
    room = vehicles * payload
    sent = np.zeros(wanted.shape[1])
    for kind in np.argsort(stock[place] / np.maximum(supplied[place], 1e-9), kind="mergesort"):
        # A depot keeps a day's need of its own people.
        spare = max(0.0, stock[origin, kind] - model[0][0][origin, kind])
        there_is = np.inf if source[origin] else spare
        sent[kind] = max(0.0, min(wanted[place, kind], there_is, room))
        room -= sent[kind]
    load = sent.sum()
    if load < 1e-9:
        return
    used = int(np.ceil(load / payload - 1e-9))
    free[fleet] -= used
    attacked = attacks > 0 and draws[1].random() < 1 - np.exp(-attacks * km / 1000)
    broken = 0
    if breakdowns > 0:
        chance = 1 - np.exp(-2 * breakdowns * km / 1000)
        broken = draws[2].binomial(used, chance)
    kept = 1 - lost if attacked else 1.0
    if attacked:
        blocked[route] = day + 1 + blocked_days
    for kind in range(len(sent)):
        if not source[origin]:
            stock[origin, kind] -= sent[kind]
        wanted[place, kind] -= sent[kind]
        # What is lost is not on order: the next day asks for it again.
        ordered[place, kind] += kept * sent[kind]
        due[(day + there) % LONGEST, place, kind] += kept * sent[kind]
    back[(day + away) % LONGEST, fleet] += used - broken
    back[(day + away + repair) % LONGEST, fleet] += broken
    if escort:
        guards[0] -= 1
        escorts_back[(day + away) % LONGEST] += 1
    told[route, 0] += 1
    told[route, 1] += load
    told[route, 2] += 2 * km * used
    told[route, 3] += attacked
    told[route, 4] += (1 - kept) * load
    told[route, 5] += broken


@allocating
def _days_held(stock, wanted, supplied):  # type: ignore[no-untyped-def]
    """Return the days of supply of the shortest of the kinds that are wanted."""
    least = np.inf
    for kind in range(len(stock)):
        if wanted[kind] > 0 and supplied[kind] > 0:
            least = min(least, stock[kind] / supplied[kind])
    return least
