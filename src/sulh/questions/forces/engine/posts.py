"""What the ceilings of a nation allow in one month, found exactly.

A post is a pledge in a mission. Where each post has a price, a nation mans those that are dearest
together under all its ceilings: its personnel, that in one mission, the number of missions. Whole
units allow less than parts of units would, so that a bound with these prices is higher than one
with prices of persons. Compiled; allocates nothing while it runs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sulh.methods.simulation.compiling import beside, called
from sulh.questions.forces.engine.model import Floats, Ints, Model

Mask = NDArray[np.bool_]

MOST_UNITS, FEW_UNITS = 20, 16
"""Nations with more units than the first of these, or than the second if their number of missions
binds, pay prices of persons: looking for their dearest posts would take too long."""
MOST_TRIALS, NEAR = 5_000, 0.001
"""Units tried in looking for the dearest posts of one month, and what share of their worth may be
missed; then what they can be worth at most is told."""


class Posts(NamedTuple):
    """The posts of those nations whose ceilings could bind, those of a pledge one after another.

    ``of`` has the post by pledge and mission, or -1; ``edges`` the first post of each pledge,
    ``pledges`` the first pledge of each nation. ``mission`` is by post.
    """

    mission: Ints
    of: Ints
    edges: Ints
    pledges: Ints

    @classmethod
    def of_model(cls, model: Model) -> Posts:
        """Return the posts of a model."""
        missions, pledges = len(model.mission_names), len(model.pledges)
        open_ = np.zeros((pledges, missions), dtype=bool)
        open_[model.tours.pledge, model.tour_mission] = True
        open_ &= _exact(model, open_)[model.nation][:, None]
        pledge, mission = np.nonzero(open_)
        of = np.full(open_.shape, -1)
        of[pledge, mission] = np.arange(len(pledge))
        return cls(
            # A view into pairs would be of one type to kernels, and no posts of another.
            np.ascontiguousarray(mission),
            of,
            np.searchsorted(pledge, np.arange(pledges + 1)),
            np.searchsorted(model.nation, np.arange(len(model.nation_names) + 1)),
        )

    def __len__(self) -> int:
        return len(self.mission)


def _exact(model: Model, open_: Mask) -> Mask:
    """Return whether a nation has few units, and all of them could exceed one of its ceilings."""
    count = len(model.nation_names)
    able = open_.any(axis=1)
    persons = model.units * model.strength
    reach = np.zeros((count, open_.shape[1]))
    np.add.at(reach, model.nation, persons[:, None] * open_)
    units = np.bincount(model.nation, model.units * able, minlength=count)
    in_all = np.bincount(model.nation, persons * able, minlength=count)
    found: Mask = (
        (in_all > model.max_personnel)
        | (reach > model.share).any(axis=1)
        | (model.binding_missions & (units > model.max_missions))
    )
    return found & (units <= np.where(model.binding_missions, FEW_UNITS, MOST_UNITS))


class Bench(NamedTuple):
    """Room to work in, for one nation in one month.

    ``ranked`` has the posts of a pledge that are worth anything, the dearest first, and ``number``
    how many. ``unit`` lists the units by pledge, those that are worth most a person first;
    ``worth`` is what. ``choice`` is the place of a unit's post among those ranked, or their number:
    at home. ``room`` is by mission, ``there`` the units in it. ``left``: persons, missions.
    """

    ranked: Ints
    number: Ints
    unit: Ints
    worth: Floats
    choice: Ints
    best: Ints
    room: Floats
    there: Ints
    left: Floats

    @classmethod
    def of(cls, model: Model, posts: Posts) -> Bench:
        """Return room enough for any nation of a model."""
        units = np.bincount(model.nation, model.units, minlength=1)
        most, missions = int(units.max()) + 1, len(model.mission_names)
        numbers = [len(posts), len(model.pledges), most]
        ranked, number, unit = (np.zeros(size, dtype=np.int64) for size in numbers)
        return cls(
            ranked,
            number,
            unit,
            np.zeros(most),
            unit.copy(),
            unit.copy(),
            np.zeros(missions),
            np.zeros(missions, dtype=np.int64),
            np.zeros(2),
        )


@called
def _rank(g, posts, prices, b, p):  # type: ignore[no-untyped-def]
    """Rank the posts of a pledge by price in one month; return the price of the dearest."""
    n, start, number = g.nation[p], posts.edges[p], 0
    for post in range(start, posts.edges[p + 1]):
        price = prices[post]
        room = min(g.share[n, posts.mission[post]], g.personnel[n])
        if price <= 0.0 or g.strength[p] > room:
            continue
        j = start + number
        while j > start and prices[b.ranked[j - 1]] < price:
            b.ranked[j] = b.ranked[j - 1]
            j -= 1
        b.ranked[j] = post
        number += 1
    b.number[p] = number
    return prices[b.ranked[start]] if number else 0.0


@called
def _line_up(g, posts, prices, b, n):  # type: ignore[no-untyped-def]
    """List the units of a nation, those worth most a person first; return how many."""
    count = 0
    for p in range(posts.pledges[n], posts.pledges[n + 1]):
        worth = _rank(g, posts, prices, b, p) / g.strength[p]
        if worth <= 0.0:
            continue
        for _ in range(g.units[p]):
            j = count
            while j > 0 and b.worth[j - 1] < worth:
                b.worth[j], b.unit[j] = b.worth[j - 1], b.unit[j - 1]
                j -= 1
            b.worth[j], b.unit[j] = worth, p
            count += 1
    return count


@called
def _by_persons(g, b, j, count):  # type: ignore[no-untyped-def]
    """Return what units from place ``j`` on are worth at most: if parts of a unit could go."""
    total, left = 0.0, b.left[0]
    for i in range(j, count):
        persons = min(g.strength[b.unit[i]], left)
        total += b.worth[i] * persons
        left -= persons
        if left <= 0.0:
            break
    return total


@called
def _by_missions(posts, prices, b, j, count):  # type: ignore[no-untyped-def]
    """Return what units from place ``j`` on are worth in the missions that are served already."""
    total, worth, before = 0.0, 0.0, -1
    for i in range(j, count):
        p = b.unit[i]
        if p != before:
            worth, before = 0.0, p
            for c in range(posts.edges[p], posts.edges[p] + b.number[p]):
                if b.there[posts.mission[b.ranked[c]]] > 0:
                    worth = prices[b.ranked[c]]
                    break
        total += worth
    return total


@called
def _at_most(g, posts, prices, b, j, count):  # type: ignore[no-untyped-def]
    """Return what units from place ``j`` on are worth at most."""
    total = _by_persons(g, b, j, count)
    if b.left[1] >= 1.0:
        return total
    return min(total, _by_missions(posts, prices, b, j, count))


@called
def _move(g, posts, b, j, sign):  # type: ignore[no-untyped-def]
    """Put a unit into the post chosen for it (sign 1) or take it out (-1); return the post."""
    p = b.unit[j]
    post = b.ranked[posts.edges[p] + b.choice[j]]
    m = posts.mission[post]
    b.left[0] -= sign * g.strength[p]
    b.room[m] -= sign * g.strength[p]
    if b.there[m] == (0 if sign > 0 else 1):
        b.left[1] -= sign
    b.there[m] += sign
    return post


@called
def _choose(g, posts, b, j, place):  # type: ignore[no-untyped-def]
    """Choose for a unit the first post from ``place`` on that has room, or home."""
    p = b.unit[j]
    while place < b.number[p]:
        m = posts.mission[b.ranked[posts.edges[p] + place]]
        fits = g.strength[p] <= min(b.left[0], b.room[m])
        if fits and (b.there[m] > 0 or b.left[1] >= 1.0):
            break
        place += 1
    b.choice[j] = place


@called
def _next(g, posts, b, j, count):  # type: ignore[no-untyped-def]
    """Return where to go on with a unit just taken out of a post; -1 if nothing else is as good.

    That is so where nothing stands in the way of the units after it.
    """
    p = b.unit[j]
    m = posts.mission[b.ranked[posts.edges[p] + b.choice[j]]]
    after = 0.0
    for i in range(j + 1, count):
        after += g.strength[b.unit[i]]
    left, room = b.left[0] - g.strength[p], b.room[m] - g.strength[p]
    free = b.there[m] > 0 or b.left[1] - 1.0 >= count - j - 1
    if not free or room < min(left, after):
        return b.choice[j] + 1
    return -1 if left >= after else b.number[p]


@called
def _dearest(g, posts, prices, b, n):  # type: ignore[no-untyped-def]
    """Find the posts of a nation that are dearest together; return units and worth at most."""
    count = _line_up(g, posts, prices, b, n)
    b.left[0], b.left[1] = g.personnel[n], g.missions[n]
    for m in range(b.room.size):
        b.room[m], b.there[m] = g.share[n, m], 0
    best, value, missed = -1.0, 0.0, 0.0
    near = NEAR * _at_most(g, posts, prices, b, 0, count)
    trials, j, place = 0, 0, 0
    while place >= 0:
        most = value + _at_most(g, posts, prices, b, j, count)
        if j < count and trials < MOST_TRIALS and most > best + near:
            trials += 1
            _choose(g, posts, b, j, place)
            if b.choice[j] < b.number[b.unit[j]]:
                value += prices[_move(g, posts, b, j, 1)]
            j += 1
            # Units of a pledge are alike: a later one need not have a dearer post.
            place = b.choice[j - 1] if j < count and b.unit[j] == b.unit[j - 1] else 0
            continue
        missed = max(missed, most)
        if value > best:
            best = value
            for i in range(count):
                b.best[i] = b.choice[i] if i < j else b.number[b.unit[i]]
        place = -1
        while j > 0 and place < 0:
            j -= 1
            if b.choice[j] < b.number[b.unit[j]]:
                value -= prices[_move(g, posts, b, j, -1)]
                place = _next(g, posts, b, j, count)
    return count, max(best, missed)


@beside
def man(g, posts, prices, b, manned, worth):  # type: ignore[no-untyped-def]
    """Add to ``manned`` the units in each post and month where nations man the dearest.

    ``prices`` are by post and month; ``worth`` has by nation what its posts are worth, at most.
    """
    for n in range(worth.size):
        worth[n] = 0.0
        if posts.edges[posts.pledges[n]] == posts.edges[posts.pledges[n + 1]]:
            continue
        for k in range(prices.shape[1]):
            count, most = _dearest(g, posts, prices[:, k], b, n)
            worth[n] += most
            for i in range(count):
                p = b.unit[i]
                if b.best[i] < b.number[p]:
                    manned[b.ranked[posts.edges[p] + b.best[i]], k] += 1.0
