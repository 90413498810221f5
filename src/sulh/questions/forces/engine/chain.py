"""A requirement's best chain of tours beside all others: who follows whom without a gap.

What a roster is for a unit, a chain is for one of the units that a requirement needs: tours that
never meet in one month, so that the best chain is found by going back over the months too.
Compiled; allocates nothing while it runs.
"""

from __future__ import annotations

from sulh.methods.simulation.compiling import beside, called
from sulh.questions.forces.engine.roster import NEVER, add, draw, remove, support_cost

AGAIN = 6
"""How often a chain is looked for anew when a unit or an offer in it turns out to be taken."""


@called
def _free_unit(s, a, p, first, last):  # type: ignore[no-untyped-def]
    """Return a unit of a pledge that could make one more tour in these months, or -1."""
    for u in range(a.units[p], a.units[p + 1]):
        if s.free[u, first] > last - first:
            return u
    return -1


@called
def _adds(g, s, p, t, m):  # type: ignore[no-untyped-def]
    """Return what a tour would add to the objective in a mission; NEVER if a limit forbids it."""
    n = g.nation[p]
    strength, gap, women = g.strength[p], g.gap[p, m], 0.0
    for k in range(g.first[t], g.last[t] + 1):
        if s.persons[n, k] + strength > g.personnel[n]:
            return NEVER
        if s.share[n, m, k] + strength > g.share[n, m]:
            return NEVER
        if s.tours[n, m, k] == 0 and s.served[n, k] >= g.missions[n]:
            return NEVER
        before = s.short[m, k]
        women += max(before + gap, 0.0) - max(before, 0.0)
    return g.cost[t] + g.women * women + support_cost(g, s, p, g.first[t])


@called
def _best_chain(g, s, a, d, r, start):  # type: ignore[no-untyped-def]
    """Find the best chain from a month on; ``d.link`` has the tour that begins in each month."""
    months, m = s.cover.shape[1], g.mission[r]
    d.chain[months] = 0.0
    d.lacking[months], d.short[months] = 0.0, 0.0
    room = 0
    for k in range(months - 1, start - 1, -1):
        d.chain[k] = d.chain[k + 1]
        d.link[k] = -1
        d.lacking[k] = d.lacking[k + 1] + max(s.short[m, k], 0.0)
        d.short[k] = d.short[k + 1] + (1.0 if s.short[m, k] >= 0.0 else 0.0)
        if s.cover[r, k] >= g.needed[r]:
            room = 0
            continue
        room += 1
        for j in range(a.serving_edges[r * months + k], a.serving_edges[r * months + k + 1]):
            if a.least[j] + d.chain[k + 1] >= d.chain[k]:
                break  # no later tour adds less, and no chain after it is worth more
            last = a.ending[j]
            if room <= last - k or a.least[j] + d.chain[last + 1] >= d.chain[k]:
                continue
            t = a.serving[j]
            p = g.pledge[t]
            gap = g.gap[p, m]
            if gap > 0.0:
                least = gap * (d.short[k] - d.short[last + 1])
            else:
                relief = d.lacking[k] - d.lacking[last + 1]
                least = -gap * (last - k + 1) - min(-gap * (last - k + 1), relief)
            if a.least[j] + g.women * least + d.chain[last + 1] >= d.chain[k]:
                continue
            if _free_unit(s, a, p, k, last) < 0:
                continue
            value = _adds(g, s, p, t, m) + d.chain[last + 1]
            if value < d.chain[k]:
                d.chain[k] = value
                d.link[k] = t


@beside
def fill(g, s, a, d, r):  # type: ignore[no-untyped-def]
    """Give a requirement the best chain of tours beside all others; return what that adds."""
    months, total, start = s.cover.shape[1], 0.0, 0
    for _ in range(AGAIN):
        _best_chain(g, s, a, d, r, start)
        k, clash = start, False
        while k < months and not clash:
            t = d.link[k]
            if t < 0:
                k += 1
                continue
            p = g.pledge[t]
            u = _free_unit(s, a, p, k, g.last[t])
            change = add(g, s, d, u, p, t) if u >= 0 else NEVER
            if change == NEVER:
                clash = True
            else:
                total += change
                k = g.last[t] + 1
        if not clash:
            break
        start = k
    return total


@called
def _serving_now(g, s, a, d, r, span):  # type: ignore[no-untyped-def]
    """List units and tours that serve a requirement and begin in a span; return how many."""
    number = 0
    for j in range(a.requirement_edges[r], a.requirement_edges[r + 1]):
        u = a.by_requirement[j]
        for i in range(s.made[u]):
            t = s.roster[u, i]
            if g.first[t] < span[0] or g.first[t] >= span[1] or number == d.found.shape[0]:
                continue
            if g.wanted[g.wanted_edges[g.pledge[t]] + g.choice[t]] == r:
                d.found[number, 0], d.found[number, 1], d.found[number, 2] = u, t, g.first[t]
                number += 1
    return number


@called
def unchain(g, s, a, d, r, span):  # type: ignore[no-untyped-def]
    """Take out tours of a requirement, begun in a span, that do not meet; return what that adds."""
    number = _serving_now(g, s, a, d, r, span)
    total, k = 0.0, span[0]
    while True:
        # The next to begin; of those that begin together any one.
        first, place, ties = span[1], -1, 0
        for j in range(number):
            begins = d.found[j, 2]
            if begins < k or begins > first:
                continue
            ties = 1 if begins < first else ties + 1
            first = begins
            if draw(d.random) * ties < 1.0:
                place = j
        if place < 0:
            return total
        u, t = d.found[place, 0], d.found[place, 1]
        k = g.last[t] + 1
        i = 0
        while s.roster[u, i] != t:
            i += 1
        total += remove(g, s, d, u, a.pledge[u], i)
