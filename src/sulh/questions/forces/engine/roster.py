"""One unit's best roster beside all others, and plans as compiled code changes them.

A unit's best roster is found exactly, by going back from the last month: its tours never meet one
another in one month, so every limit can be looked up for each tour alone. Compiled; allocates
nothing while it runs.
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
    the missions that a nation serves, ``room`` the months in which a requirement lacks units,
    ``free`` by unit and month how many months one more tour that begins then could last.
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
    room: Ints
    free: Ints


class Around(NamedTuple):
    """Units: the pledge of each, and by requirement, nation and offer those that it concerns.

    A pledge's units are neighbours; ``units`` has the first of each pledge. ``begins`` has the
    place in the ground of the tour with which a pledge begins to serve a wanted requirement in a
    month, or -1. ``serving`` has the places of the tours by requirement and month in which they
    begin, those of the smallest ``least`` first, which is what they add at least; ``ending`` has
    their last months.
    """

    pledge: Ints
    units: Ints
    by_requirement: Ints
    requirement_edges: Ints
    by_nation: Ints
    nation_edges: Ints
    by_offer: Ints
    offer_edges: Ints
    begins: Ints
    serving: Ints
    serving_edges: Ints
    ending: Ints
    least: Floats


class Desk(NamedTuple):
    """Room to work in: for one unit's best roster, for one chain, for what was changed.

    ``head``, ``following``, ``tour`` and ``gain`` list the tours that a unit may make by month of
    beginning. ``link`` is the chain by month, ``lacking`` and ``short`` the women lacking from a
    month on and the months in which no more may lack. ``log`` has unit, tour and sign of each
    change since a step began, ``log_given`` the offers of its tour, ``counts`` their number.
    """

    support: Floats
    women: Floats
    open: Ints
    seen: Ints
    head: Ints
    following: Ints
    tour: Ints
    gain: Floats
    value: Floats
    take: Ints
    picked: Ints
    chain: Floats
    lacking: Floats
    short: Floats
    link: Ints
    found: Ints
    offers: Ints
    log: Ints
    log_given: Ints
    counts: Ints
    mark: Ints
    rows: Ints
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
def cheapest(g, s, of):  # type: ignore[no-untyped-def]
    """Return the cheapest offer of a class that is not used up, or -1."""
    for i in range(g.helps_edges[of], g.helps_edges[of + 1]):
        if s.used[g.helps[i]] < g.uses[g.helps[i]]:
            return g.helps[i]
    return -1


@called
def _look(g, s, d, p, m):  # type: ignore[no-untyped-def]
    """Fill the desk with what one more unit of a pledge would meet in a mission, by month."""
    n, months = g.nation[p], s.cover.shape[1]
    strength, gap, total = g.strength[p], g.gap[p, m], 0.0
    for k in range(months):
        before = s.short[m, k]
        total += g.women * (max(before + gap, 0.0) - max(before, 0.0))
        d.women[m, k + 1] = total
        fits = s.persons[n, k] + strength <= g.personnel[n]
        fits = fits and s.share[n, m, k] + strength <= g.share[n, m]
        d.open[m, k] = fits and (s.tours[n, m, k] > 0 or s.served[n, k] < g.missions[n])
    d.seen[m] = 1


@called
def support_cost(g, s, p, k):  # type: ignore[no-untyped-def]
    """Return what the support of a tour that begins in a month costs, NEVER if there is none."""
    total = 0.0
    for kind in range(g.asks.shape[1]):
        of = g.asks[p, kind, k]
        if of >= 0:
            offer = cheapest(g, s, of)
            if offer < 0:
                return NEVER
            total += g.offer_cost[offer]
    return total


@called
def _collect(g, s, a, d, p):  # type: ignore[no-untyped-def]
    """List by month of beginning the tours that one more unit could make and that gain."""
    months = s.cover.shape[1]
    for k in range(months):
        d.head[k] = -1
        d.support[k] = -1.0
    for m in range(d.seen.size):
        d.seen[m] = 0
    number = 0
    for pair in range(g.wanted_edges[p], g.wanted_edges[p + 1]):
        r = g.wanted[pair]
        if s.room[r] == 0:
            continue
        m, run = g.mission[r], 0
        if d.seen[m] == 0:
            _look(g, s, d, p, m)
        for k in range(months - 1, -1, -1):
            run = run + 1 if d.open[m, k] and s.cover[r, k] < g.needed[r] else 0
            t = a.begins[pair, k]
            if run == 0 or t < 0 or run <= g.last[t] - k:
                continue
            if d.support[k] < 0.0:
                d.support[k] = support_cost(g, s, p, k)
            gain = g.cost[t] + d.support[k] + d.women[m, g.last[t] + 1] - d.women[m, k]
            if gain < 0.0:
                d.gain[number], d.tour[number] = gain, t
                d.following[number], d.head[k] = d.head[k], number
                number += 1


@called
def _best_roster(g, s, a, d, p):  # type: ignore[no-untyped-def]
    """Find the best roster of one more unit; return its tours in ``d.picked`` and their number."""
    _collect(g, s, a, d, p)
    months, reset = s.cover.shape[1], g.reset[p]
    less = 1 if g.most_tours[p] < d.value.shape[0] else 0
    layers = g.most_tours[p] if less else 1
    for c in range(layers + 1):
        d.value[c, months] = 0.0
    for k in range(months - 1, -1, -1):
        for c in range(1, layers + 1):
            d.value[c, k] = d.value[c, k + 1]
            d.take[c, k] = -1
        d.value[0, k] = 0.0
        place = d.head[k]
        while place >= 0:
            t, gain = d.tour[place], d.gain[place]
            after = min(g.last[t] + 1 + reset, months)
            for c in range(1, layers + 1):
                if gain + d.value[c - less, after] < d.value[c, k]:
                    d.value[c, k] = gain + d.value[c - less, after]
                    d.take[c, k] = t
            place = d.following[place]
    k, c, number = 0, layers, 0
    while k < months and c > 0:
        t = d.take[c, k]
        if t < 0:
            k += 1
            continue
        d.picked[number] = t
        number += 1
        k = g.last[t] + 1 + reset
        c -= less
    return number


@called
def _enter(g, s, p, t, sign):  # type: ignore[no-untyped-def]
    """Put a tour in (sign 1) or take it out (-1); return what that adds to the objective."""
    n = g.nation[p]
    r = g.wanted[g.wanted_edges[p] + g.choice[t]]
    m = g.mission[r]
    women = 0.0
    for k in range(g.first[t], g.last[t] + 1):
        s.room[r] -= 1 if sign > 0 and s.cover[r, k] + 1 >= g.needed[r] else 0
        s.room[r] += 1 if sign < 0 and s.cover[r, k] >= g.needed[r] else 0
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


@called
def _find_offers(g, s, d, p, t):  # type: ignore[no-untyped-def]
    """Look up the cheapest offers for a tour in ``d.offers``; return their cost, or NEVER."""
    total = 0.0
    for kind in range(g.asks.shape[1]):
        of = g.asks[p, kind, g.first[t]]
        offer = cheapest(g, s, of) if of >= 0 else -2
        d.offers[kind] = offer
        if offer == -1:
            return NEVER
        if offer >= 0:
            total += g.offer_cost[offer]
    return total


@called
def _note(d, u, t, sign):  # type: ignore[no-untyped-def]
    """Write a change down, with the offers that stand in ``d.offers``."""
    j = d.counts[0]
    d.log[j, 0], d.log[j, 1], d.log[j, 2] = u, t, sign
    for kind in range(d.offers.size):
        d.log_given[j, kind] = d.offers[kind]
    d.counts[0] = j + 1


@called
def _count_free(g, s, u, p):  # type: ignore[no-untyped-def]
    """Fill how long one more tour of a unit could last, by month of beginning."""
    months, reset = s.cover.shape[1], g.reset[p]
    more = s.made[u] < g.most_tours[p]
    for k in range(months):
        s.free[u, k] = months - k if more else 0
    if not more:
        return
    for i in range(s.made[u]):
        first, last = g.first[s.roster[u, i]], g.last[s.roster[u, i]]
        for k in range(min(first, months)):
            s.free[u, k] = min(s.free[u, k], max(first - reset - k, 0))
        for k in range(first, min(last + reset + 1, months)):
            s.free[u, k] = 0


@called
def _join(g, s, d, u, p, t):  # type: ignore[no-untyped-def]
    """Add a tour with the offers in ``d.offers`` to a unit; return what that adds."""
    i, total = s.made[u], 0.0
    for kind in range(d.offers.size):
        offer = d.offers[kind]
        s.given[u, i, kind] = offer
        if offer >= 0:
            s.used[offer] += 1
            total += g.offer_cost[offer]
    s.roster[u, i] = t
    s.made[u] = i + 1
    _count_free(g, s, u, p)
    return total + _enter(g, s, p, t, 1)


@called
def _leave(g, s, d, u, p, i):  # type: ignore[no-untyped-def]
    """Take the tour at a place of a unit's roster out, its offers into ``d.offers``."""
    t, last, total = s.roster[u, i], s.made[u] - 1, 0.0
    for kind in range(d.offers.size):
        offer = s.given[u, i, kind]
        d.offers[kind] = offer
        if offer >= 0:
            s.used[offer] -= 1
            total -= g.offer_cost[offer]
        s.given[u, i, kind] = s.given[u, last, kind]
    s.roster[u, i] = s.roster[u, last]
    s.made[u] = last
    _count_free(g, s, u, p)
    return total + _enter(g, s, p, t, -1)


@called
def add(g, s, d, u, p, t):  # type: ignore[no-untyped-def]
    """Give a unit one more tour if it finds its offers; return what that adds, or NEVER."""
    if _find_offers(g, s, d, p, t) == NEVER or d.counts[0] >= d.log.shape[0]:
        return NEVER
    _note(d, u, t, 1)
    return _join(g, s, d, u, p, t)


@called
def remove(g, s, d, u, p, i):  # type: ignore[no-untyped-def]
    """Take out one tour of a unit; return what that adds to the objective."""
    t = s.roster[u, i]
    total = _leave(g, s, d, u, p, i)
    _note(d, u, t, -1)
    return total


@called
def undo(g, s, a, d):  # type: ignore[no-untyped-def]
    """Take back all changes that are written down, the last first."""
    for j in range(d.counts[0] - 1, -1, -1):
        u, t = d.log[j, 0], d.log[j, 1]
        if d.log[j, 2] > 0:
            i = 0
            while s.roster[u, i] != t:
                i += 1
            _leave(g, s, d, u, a.pledge[u], i)
        else:
            for kind in range(d.offers.size):
                d.offers[kind] = d.log_given[j, kind]
            _join(g, s, d, u, a.pledge[u], t)
    d.counts[0] = 0


@beside
def insert(g, s, a, d, u, p):  # type: ignore[no-untyped-def]
    """Give an idle unit its best roster; return what that adds to the objective."""
    number = _best_roster(g, s, a, d, p)
    total = 0.0
    for i in range(number):
        change = add(g, s, d, u, p, d.picked[i])
        if change != NEVER:
            total += change
    return total


@beside
def clear(g, s, d, u, p):  # type: ignore[no-untyped-def]
    """Take out all tours of a unit; return what that adds to the objective."""
    total = 0.0
    while s.made[u] > 0:
        total += remove(g, s, d, u, p, s.made[u] - 1)
    return total
