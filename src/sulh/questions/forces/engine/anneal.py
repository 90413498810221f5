"""Better plans by taking out a few units at a time and giving each its best roster anew.

A unit's best roster beside all others is found exactly, by going back from the last month: its
tours never meet one another in one month, so every limit can be looked up for each tour alone.
Compiled; allocates nothing while it runs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sulh.methods.simulation.compiling import beside, called
from sulh.questions.forces.engine.model import Floats, Ints

NEVER = 1e300


class State(NamedTuple):
    """A plan as its units' rosters, and what it takes of every limit, month by month.

    ``roster`` has by unit the places of its tours in the ground, ``given`` the offers of each,
    ``made`` how many there are. ``tours`` is their number by nation, mission and month; ``served``
    the missions that a nation serves.
    """

    cover: Floats
    persons: Floats
    share: Floats
    tours: Ints
    served: Floats
    short: Floats
    used: Floats
    roster: Ints
    given: Ints
    made: Ints


class Around(NamedTuple):
    """Units: the pledge of each, and by requirement, nation and offer those that it concerns."""

    pledge: Ints
    by_requirement: Ints
    requirement_edges: Ints
    by_nation: Ints
    nation_edges: Ints
    by_offer: Ints
    offer_edges: Ints


class Desk(NamedTuple):
    """Room to work in: for one unit's best roster, for what was taken out, for the best plan."""

    support: Floats
    run: Ints
    women: Floats
    open: Ints
    value: Floats
    take: Ints
    picked: Ints
    old_roster: Ints
    old_given: Ints
    old_made: Ints
    mark: Ints
    best_roster: Ints
    best_made: Ints
    random: NDArray[np.uint64]


@called
def draw(random):  # type: ignore[no-untyped-def]
    """Return a number in [0, 1): xorshift."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return (x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@called
def _cheapest(g, s, of):  # type: ignore[no-untyped-def]
    for i in range(g.helps_edges[of], g.helps_edges[of + 1]):
        if s.used[g.helps[i]] < g.uses[g.helps[i]]:
            return g.helps[i]
    return -1


@called
def _look(g, s, d, p):  # type: ignore[no-untyped-def]
    """Fill the desk with what one more unit of a pledge would meet in each month."""
    n, months = g.nation[p], s.cover.shape[1]
    strength = g.strength[p]
    for k in range(months):
        d.support[k] = 0.0
        for kind in range(g.asks.shape[1]):
            of = g.asks[p, kind, k]
            if of >= 0:
                offer = _cheapest(g, s, of)
                d.support[k] += g.offer_cost[offer] if offer >= 0 else NEVER
    for m in range(g.share.shape[1]):
        total, gap = 0.0, g.gap[p, m]
        for k in range(months):
            before = s.short[m, k]
            total += g.women * (max(before + gap, 0.0) - max(before, 0.0))
            d.women[m, k + 1] = total
            fits = s.persons[n, k] + strength <= g.personnel[n]
            fits = fits and s.share[n, m, k] + strength <= g.share[n, m]
            fits = fits and (s.tours[n, m, k] > 0 or s.served[n, k] < g.missions[n])
            d.open[m, k] = fits
    for i in range(g.wanted_edges[p + 1] - g.wanted_edges[p]):
        r = g.wanted[g.wanted_edges[p] + i]
        m, run = g.mission[r], 0
        for k in range(months - 1, -1, -1):
            run = run + 1 if d.open[m, k] and s.cover[r, k] < g.needed[r] else 0
            d.run[i, k] = run


@called
def _best_roster(g, s, d, p):  # type: ignore[no-untyped-def]
    """Find the best roster of one more unit; return its tours in ``d.picked`` and their number."""
    _look(g, s, d, p)
    months, reset = s.cover.shape[1], g.reset[p]
    layers = min(g.most_tours[p], d.value.shape[0] - 1)
    at, start = g.tour_edges[p], g.wanted_edges[p]
    end = g.tour_edges[p + 1]
    for c in range(layers + 1):
        for k in range(months, d.value.shape[1]):
            d.value[c, k] = 0.0
    for k in range(months - 1, -1, -1):
        for c in range(1, layers + 1):
            d.value[c, k] = d.value[c, k + 1]
            d.take[c, k] = -1
        d.value[0, k] = 0.0
        while at < end and g.first[at] == k:
            last, i = g.last[at], g.choice[at]
            if d.run[i, k] > last - k:
                m = g.mission[g.wanted[start + i]]
                gain = g.cost[at] + d.support[k] + d.women[m, last + 1] - d.women[m, k]
                after = min(last + 1 + reset, months)
                if gain < 0.0:
                    for c in range(1, layers + 1):
                        if gain + d.value[c - 1, after] < d.value[c, k]:
                            d.value[c, k] = gain + d.value[c - 1, after]
                            d.take[c, k] = at
            at += 1
    k, c, number = 0, layers, 0
    while k < months and c > 0:
        t = d.take[c, k]
        if t < 0:
            k += 1
            continue
        d.picked[number] = t
        number += 1
        k = g.last[t] + 1 + reset
        c -= 1
    return number


@called
def _enter(g, s, p, t, sign):  # type: ignore[no-untyped-def]
    """Put a tour in (sign 1) or take it out (-1); return what that adds to the objective."""
    n = g.nation[p]
    r = g.wanted[g.wanted_edges[p] + g.choice[t]]
    m = g.mission[r]
    women = 0.0
    for k in range(g.first[t], g.last[t] + 1):
        s.cover[r, k] += sign
        s.persons[n, k] += sign * g.strength[p]
        s.share[n, m, k] += sign * g.strength[p]
        if s.tours[n, m, k] == (0 if sign > 0 else 1):
            s.served[n, k] += sign
        s.tours[n, m, k] += sign
        before = s.short[m, k]
        after = before + sign * g.gap[p, m]
        s.short[m, k] = after
        women += max(after, 0.0) - max(before, 0.0)
    return sign * g.cost[t] + g.women * women


@beside
def insert(g, s, d, u, p):  # type: ignore[no-untyped-def]
    """Give an idle unit its best roster; return what that adds to the objective."""
    number = _best_roster(g, s, d, p)
    total = 0.0
    for i in range(number):
        t, fits = d.picked[i], True
        for kind in range(g.asks.shape[1]):
            of = g.asks[p, kind, g.first[t]]
            offer = _cheapest(g, s, of) if of >= 0 else -2
            s.given[u, s.made[u], kind] = offer
            fits = fits and offer != -1
        if not fits:
            continue
        for kind in range(g.asks.shape[1]):
            offer = s.given[u, s.made[u], kind]
            if offer >= 0:
                s.used[offer] += 1
                total += g.offer_cost[offer]
        s.roster[u, s.made[u]] = t
        s.made[u] += 1
        total += _enter(g, s, p, t, 1)
    return total


@beside
def clear(g, s, u, p):  # type: ignore[no-untyped-def]
    """Take out all tours of a unit; return what that adds to the objective."""
    total = 0.0
    for i in range(s.made[u]):
        for kind in range(g.asks.shape[1]):
            offer = s.given[u, i, kind]
            if offer >= 0:
                s.used[offer] -= 1
                total -= g.offer_cost[offer]
        total += _enter(g, s, p, s.roster[u, i], -1)
    s.made[u] = 0
    return total


@called
def _restore(g, s, d, u, p, i):  # type: ignore[no-untyped-def]
    clear(g, s, u, p)
    for j in range(d.old_made[i]):
        s.roster[u, j] = d.old_roster[i, j]
        for kind in range(g.asks.shape[1]):
            offer = d.old_given[i, j, kind]
            s.given[u, j, kind] = offer
            if offer >= 0:
                s.used[offer] += 1
        _enter(g, s, p, s.roster[u, j], 1)
    s.made[u] = d.old_made[i]


@called
def _neighbours(s, a, d, most):  # type: ignore[no-untyped-def]
    """Mark up to ``most`` units that get in one another's way in ``d.mark``; return how many."""
    kind = draw(d.random)
    if kind < 0.6:
        edges, units = a.requirement_edges, a.by_requirement
    elif kind < 0.85 or a.by_offer.size == 0:
        edges, units = a.nation_edges, a.by_nation
    else:
        edges, units = a.offer_edges, a.by_offer
    row = int(draw(d.random) * (edges.size - 1))
    low, many = edges[row], edges[row + 1] - edges[row]
    if many == 0:
        return 0
    number, size = 0, 1 + int(draw(d.random) * most)
    for trial in range(4 * size):
        if number == size:
            break
        u = units[low + int(draw(d.random) * many)]
        if trial < 3 * size and s.made[u] == 0 and draw(d.random) < 0.7:
            continue
        new = True
        for i in range(number):
            new = new and d.mark[i] != u
        if new:
            d.mark[number] = u
            number += 1
    return number


@beside
def improve(g, s, a, d, knobs):  # type: ignore[no-untyped-def]
    """Take out and put in ``knobs[0]`` times; keep the best rosters in the desk.

    ``knobs``: steps, temperature at the start and at the end, most units at a time, objective now,
    best objective. Returns the last two anew.
    """
    steps, warm, cold, most = int(knobs[0]), knobs[1], knobs[2], int(knobs[3])
    now, best = knobs[4], knobs[5]
    heat, cooling = warm, (cold / warm) ** (1.0 / max(steps, 1))
    for _ in range(steps):
        heat *= cooling
        number = _neighbours(s, a, d, most)
        change = 0.0
        for i in range(number):
            u = d.mark[i]
            d.old_made[i] = s.made[u]
            for j in range(s.made[u]):
                d.old_roster[i, j] = s.roster[u, j]
                for kind in range(g.asks.shape[1]):
                    d.old_given[i, j, kind] = s.given[u, j, kind]
            change += clear(g, s, u, a.pledge[u])
        for i in range(number):  # in any order: those drawn last are often idle
            j = i + int(draw(d.random) * (number - i))
            u = d.mark[j]
            if i != j:
                _swap(d, i, j)
            change += insert(g, s, d, u, a.pledge[u])
        if change > 1e-6 and change > -heat * np.log(max(draw(d.random), 1e-300)):
            for i in range(number):
                clear(g, s, d.mark[i], a.pledge[d.mark[i]])
            for i in range(number):
                _restore(g, s, d, d.mark[i], a.pledge[d.mark[i]], i)
            continue
        now += change
        if now < best - 1e-6:
            best = now
            for u in range(s.made.size):
                d.best_made[u] = s.made[u]
                for t in range(s.made[u]):
                    d.best_roster[u, t] = s.roster[u, t]
    return now, best


@called
def _swap(d, i, j):  # type: ignore[no-untyped-def]
    d.mark[i], d.mark[j] = d.mark[j], d.mark[i]
    d.old_made[i], d.old_made[j] = d.old_made[j], d.old_made[i]
    for t in range(d.old_roster.shape[1]):
        d.old_roster[i, t], d.old_roster[j, t] = d.old_roster[j, t], d.old_roster[i, t]
        for kind in range(d.old_given.shape[2]):
            a, b = d.old_given[i, t, kind], d.old_given[j, t, kind]
            d.old_given[i, t, kind], d.old_given[j, t, kind] = b, a
