"""Better plans by taking out a few units or chains at a time and giving each its best anew.

Compiled; allocates nothing while it runs.
"""

from __future__ import annotations

import numpy as np

from sulh.methods.simulation.compiling import beside, called
from sulh.questions.forces.engine.chain import fill, unchain
from sulh.questions.forces.engine.roster import clear, draw, insert, undo


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
    return _drawn(s, d, units, (edges[row], edges[row + 1]), most)


@called
def _drawn(s, d, units, span, most):  # type: ignore[no-untyped-def]
    """Mark up to ``most`` of the units in a span of a list, those at home seldom."""
    low, many = span[0], span[1] - span[0]
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


@called
def _units_anew(g, s, a, d, most):  # type: ignore[no-untyped-def]
    """Give a few units their best rosters anew, in any order; return what that adds."""
    number = _neighbours(s, a, d, most)
    change = 0.0
    for i in range(number):
        change += clear(g, s, d, d.mark[i], a.pledge[d.mark[i]])
    for i in range(number):  # in any order: those drawn last are often idle
        j = i + int(draw(d.random) * (number - i))
        d.mark[i], d.mark[j] = d.mark[j], d.mark[i]
        change += insert(g, s, a, d, d.mark[i], a.pledge[d.mark[i]])
    return change


@called
def _drawn_months(s, d):  # type: ignore[no-untyped-def]
    """Return all months, or half a year to two years of them: the first and the one after."""
    months = s.cover.shape[1]
    if draw(d.random) < 0.5:
        return 0, months
    low = int(draw(d.random) * months)
    return low, min(months, low + 6 + int(draw(d.random) * 18))


@called
def _alike(g, a, d, r):  # type: ignore[no-untyped-def]
    """Return any requirement that a unit which could serve this one could serve too."""
    low, high = a.requirement_edges[r], a.requirement_edges[r + 1]
    p = a.pledge[a.by_requirement[low + int(draw(d.random) * (high - low))]]
    start = g.wanted_edges[p]
    return g.wanted[start + int(draw(d.random) * (g.wanted_edges[p + 1] - start))]


@called
def _rivals(g, s, a, d, r, most):  # type: ignore[no-untyped-def]
    """Mark units that stand in the way of one that could serve a requirement; return how many.

    They could serve it too, or are of its nation, or could have its support.
    """
    low, high = a.requirement_edges[r], a.requirement_edges[r + 1]
    p = a.pledge[a.by_requirement[low + int(draw(d.random) * (high - low))]]
    kind = draw(d.random)
    if kind < 0.3:
        return _drawn(s, d, a.by_requirement, (low, high), most)
    if kind < 0.6:
        n = g.nation[p]
        span = (a.nation_edges[n], a.nation_edges[n + 1])
        return _drawn(s, d, a.by_nation, span, most)
    of = g.asks[p, int(draw(d.random) * g.asks.shape[1]), int(draw(d.random) * g.asks.shape[2])]
    many = g.helps_edges[of + 1] - g.helps_edges[of] if of >= 0 else 0
    if many == 0:
        return 0
    offer = g.helps[g.helps_edges[of] + int(draw(d.random) * many)]
    span = (a.offer_edges[offer], a.offer_edges[offer + 1])
    return _drawn(s, d, a.by_offer, span, most)


@called
def _chains_anew(g, s, a, d, knobs):  # type: ignore[no-untyped-def]
    """Give requirements that the same units serve their best chains anew; return what that adds.

    Now and then units that could serve them are taken from wherever they are.
    """
    r = int(draw(d.random) * g.needed.size)
    units = (a.requirement_edges[r], a.requirement_edges[r + 1])
    if units[0] == units[1]:
        return 0.0
    number, months = 1 + int(draw(d.random) * knobs[4]), _drawn_months(s, d)
    change, taken = 0.0, 0
    if draw(d.random) < knobs[6]:
        taken = _rivals(g, s, a, d, r, int(knobs[7]))
        for i in range(taken):
            change += clear(g, s, d, d.mark[i], a.pledge[d.mark[i]])
    for i in range(number):
        d.rows[i] = _alike(g, a, d, r) if i else r
        change += unchain(g, s, a, d, d.rows[i], months)
    for i in range(number):
        j = i + int(draw(d.random) * (number - i))
        d.rows[i], d.rows[j] = d.rows[j], d.rows[i]
        change += fill(g, s, a, d, d.rows[i])
    for i in range(taken):
        if s.made[d.mark[i]] == 0:
            change += insert(g, s, a, d, d.mark[i], a.pledge[d.mark[i]])
    return change


@beside
def improve(g, s, a, d, knobs):  # type: ignore[no-untyped-def]
    """Take out and put in ``knobs[0]`` times; keep the best rosters in the desk.

    ``knobs``: steps, temperature at the start and at the end, most units and most chains at a
    time, the share of the steps that are of chains, that of these in which units are taken from
    elsewhere and how many at most, objective now, best objective. Returns the last two anew.
    """
    steps, warm, cold = int(knobs[0]), knobs[1], knobs[2]
    now, best = knobs[8], knobs[9]
    heat, cooling = warm, (cold / warm) ** (1.0 / max(steps, 1))
    for _ in range(steps):
        heat *= cooling
        d.counts[0] = 0
        if draw(d.random) < knobs[5]:
            change = _chains_anew(g, s, a, d, knobs)
        else:
            change = _units_anew(g, s, a, d, int(knobs[3]))
        if change > 1e-6 and change > -heat * np.log(max(draw(d.random), 1e-300)):
            undo(g, s, a, d)
            continue
        now += change
        if now < best - 1e-6:
            best = now
            for u in range(s.made.size):
                d.best_made[u] = s.made[u]
                for t in range(s.made[u]):
                    d.best_roster[u, t] = s.roster[u, t]
    return now, best
