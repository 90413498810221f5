"""Every unit's best roster at prices, compiled.

At prices of all limits but its own rotation each unit is alone, and its best roster is found
exactly by going back from the last month.
"""

from __future__ import annotations

from sulh.methods.simulation.compiling import beside, called


@called
def _add_up(g, of, monthly, sums, p):  # type: ignore[no-untyped-def]
    """Fill the prices of a pledge's months, added up from the first, by wanted requirement."""
    cover, women, posts, persons, share = monthly
    n, strength, start = g.nation[p], g.strength[p], g.wanted_edges[p]
    for i in range(g.wanted_edges[p + 1] - start):
        r = g.wanted[start + i]
        m = g.mission[r]
        so_far = 0.0
        for k in range(cover.shape[1]):
            so_far += cover[r, k] + g.gap[p, m] * women[m, k]
            if of[p, m] >= 0:
                so_far += posts[of[p, m], k]
            else:
                so_far += strength * (persons[n, k] + share[n, m, k])
            sums[i, k + 1] = so_far


@called
def _helped(g, support, p, k):  # type: ignore[no-untyped-def]
    """Return the price of the support that a tour which begins in month ``k`` asks for."""
    price = 0.0
    for kind in range(g.asks.shape[1]):
        if g.asks[p, kind, k] >= 0:
            price += support[g.asks[p, kind, k]]
    return price


@called
def _go_back(g, support, desk, p, layers, less):  # type: ignore[no-untyped-def]
    """Fill for each month the value of the best roster from it on, and the tour it begins with.

    Layer c has the rosters of at most c tours; if ``less`` is 0 the number does not matter.
    """
    sums, value, take = desk
    months, reset = value.shape[1] - 1, g.reset[p]
    at, end = g.tour_edges[p], g.tour_edges[p + 1]
    for c in range(layers + 1):
        value[c, months] = 0.0
    for k in range(months - 1, -1, -1):
        value[0, k] = 0.0
        for c in range(1, layers + 1):
            value[c, k] = value[c, k + 1]
            take[c, k] = -1
        helped = _helped(g, support, p, k)
        while at < end and g.first[at] == k:
            last, i = g.last[at], g.choice[at]
            cost = g.cost[at] + helped + sums[i, last + 1] - sums[i, k]
            after = min(last + 1 + reset, months)
            if cost < 0.0:
                for c in range(1, layers + 1):
                    if cost + value[c - less, after] < value[c, k]:
                        value[c, k] = cost + value[c - less, after]
                        take[c, k] = at
            at += 1


@called
def _use(g, of, use, p, t):  # type: ignore[no-untyped-def]
    """Add what a tour of each unit of a pledge uses."""
    cover, women, posts, persons, share, support, made = use
    n, units = g.nation[p], g.units[p]
    made[t] += units
    r = g.wanted[g.wanted_edges[p] + g.choice[t]]
    m = g.mission[r]
    for k in range(g.first[t], g.last[t] + 1):
        cover[r, k] += units
        women[m, k] += units * g.gap[p, m]
        if of[p, m] >= 0:
            posts[of[p, m], k] += units
        else:
            persons[n, k] += units * g.strength[p]
            share[n, m, k] += units * g.strength[p]
    for kind in range(g.asks.shape[1]):
        if g.asks[p, kind, g.first[t]] >= 0:
            support[g.asks[p, kind, g.first[t]]] += units


@beside
def respond(g, of, prices, desk, use, values):  # type: ignore[no-untyped-def]
    """Fill what the best rosters of each pledge's units cost, and what they use in all.

    ``of`` has the post by pledge and mission. ``prices`` and ``use`` are coverage, women, posts,
    personnel, share and support as in `Prices`; then ``use`` has how often each tour is made.
    ``desk``: sums by wanted requirement and month, value and tour by number of tours and month.
    """
    sums, value, take = desk
    months = value.shape[1] - 1
    for p in range(g.units.size):
        values[p] = 0.0
        if g.tour_edges[p] == g.tour_edges[p + 1]:
            continue
        _add_up(g, of, prices[:5], sums, p)
        less = 1 if g.most_tours[p] < value.shape[0] else 0
        layers = g.most_tours[p] if less else 1
        _go_back(g, prices[5], desk, p, layers, less)
        values[p] = value[layers, 0] * g.units[p]
        k, c = 0, layers
        while k < months and c > 0:
            t = take[c, k]
            if t < 0:
                k += 1
                continue
            _use(g, of, use, p, t)
            k = g.last[t] + 1 + g.reset[p]
            c -= less


@beside
def slacks(g, of, prices, desk, slack):  # type: ignore[no-untyped-def]
    """Fill by how much the best roster with each tour of the ground costs more than the best.

    ``desk``: sums by wanted requirement and month, the best value before and from a month on.
    The most tours of a unit are left aside.
    """
    sums, before, after = desk
    months = after.size - 1
    for p in range(g.units.size):
        begin, end = g.tour_edges[p], g.tour_edges[p + 1]
        _add_up(g, of, prices[:5], sums, p)
        for at in range(begin, end):
            k, i = g.first[at], g.choice[at]
            slack[at] = g.cost[at] + _helped(g, prices[5], p, k)
            slack[at] += sums[i, g.last[at] + 1] - sums[i, k]
        at = begin
        after[months] = 0.0
        for k in range(months - 1, -1, -1):
            after[k] = after[k + 1]
            while at < end and g.first[at] == k:
                back = min(g.last[at] + 1 + g.reset[p], months)
                after[k] = min(after[k], slack[at] + after[back])
                at += 1
        for k in range(months + 1):
            before[k] = 0.0
        at = end - 1
        for k in range(months):
            before[k + 1] = min(before[k + 1], before[k])
            while at >= begin and g.first[at] == k:
                back = min(g.last[at] + 1 + g.reset[p], months)
                before[back] = min(before[back], before[k] + slack[at])
                at -= 1
        for at in range(begin, end):
            back = min(g.last[at] + 1 + g.reset[p], months)
            slack[at] += before[g.first[at]] + after[back] - after[0]
