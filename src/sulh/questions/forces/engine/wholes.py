"""Possible tours as arrays, and those of them that are made together or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sulh.questions.forces.case import Case, Pledge, Requirement
from sulh.questions.forces.links import Place, wholes_of_chain, wholes_of_unit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tours:
    """Possible tours, one place each in every array; units of one pledge are not told apart.

    ``cost`` is in objective points: money for months and moves, less the unmet weight that the
    tour takes away; offers and women are counted apart. ``most`` is how often a tour can be used.
    """

    pledge: Ints
    requirement: Ints
    first: Ints
    last: Ints
    cost: Floats
    most: Floats

    def __len__(self) -> int:
        return len(self.pledge)


@dataclass(frozen=True)
class Wholes:
    """The wholes of chains and combined units: of each the tours that make it.

    ``parts`` holds the tours of each whole, ``chain`` the chain that it would honour (from 0) or
    -1; ``bound`` are all tours of pledges that serve only as parts, rising, and ``group``
    says by number what chain or combined unit each is a part of.
    """

    parts: tuple[tuple[int, ...], ...]
    chain: Ints
    bound: Ints
    group: Ints

    @classmethod
    def of(
        cls,
        case: Case,
        pledges: Sequence[Pledge],
        requirements: Sequence[Requirement],
        tours: Tours,
    ) -> Wholes:
        """Return the wholes of a case; none, at no cost, where it has neither file."""
        none = np.zeros(0, dtype=np.int64)
        if not case.bound_to:
            return cls((), none, none, none)
        own = np.array([p.key in case.bound_to for p in pledges])
        bound = np.flatnonzero(own[tours.pledge])
        names = sorted(set(case.bound_to.values()))
        number = [names.index(case.bound_to.get(p.key, names[0])) for p in pledges]
        group = np.array(number, dtype=np.int64)[tours.pledge[bound]]
        place: dict[Place, int] = {}
        for tour in bound.tolist():
            pledge, requirement = pledges[tours.pledge[tour]], requirements[tours.requirement[tour]]
            place[pledge.key, requirement.key, int(tours.first[tour])] = tour
        known = [
            (tuple(place[part] for part in whole), chain)
            for whole, chain in _wholes(case)
            if all(part in place for part in whole)
        ]
        chains = np.array([chain for _, chain in known], dtype=np.int64)
        return cls(tuple(parts for parts, _ in known), chains, bound, group)

    def least(self, price: Floats) -> float:
        """Return the least of - Σ price_j over tours j of the wholes made, the best wholes chosen.

        ``price`` is by bound tour. Each chain is honoured once at most, and no tour is held to its
        limits: what the wholes cost at least where each tour of them pays them its price.
        """
        total, best = 0.0, dict.fromkeys(self.chain.tolist(), 0.0)
        for parts, chain in zip(self.parts, self.chain.tolist(), strict=True):
            cost = -float(price[np.searchsorted(self.bound, parts)].sum())
            if chain < 0:
                total += min(cost, 0.0)
            else:
                best[chain] = min(best[chain], cost)
        return total + sum(best.values())

    def with_all(self, mask: Mask) -> Mask:
        """Return the mask with all tours of each chain and combined unit that it has a tour of."""
        touched = np.unique(self.group[mask[self.bound]])
        mask[self.bound[np.isin(self.group, touched)]] = True
        return mask

    def kept(self, times: Floats) -> bool:
        """Return whether the bound tours that are made are whole, each chain once at most."""
        left = {int(tour) for tour in self.bound if times[tour] > 0}
        honoured: set[int] = set()
        # Wholes of a chain come by month: one that holds all of a later one is met before it.
        for parts, chain in zip(self.parts, self.chain, strict=True):
            if left.issuperset(parts) and int(chain) not in honoured:
                left.difference_update(parts)
                honoured |= {int(chain)} - {-1}
        return not left


def _wholes(case: Case) -> Iterator[tuple[tuple[Place, ...], int]]:
    for number, chain in enumerate(case.chains):
        yield from ((whole, number) for whole in wholes_of_chain(case, chain))
    for unit in case.combined:
        yield from ((whole, -1) for whole in wholes_of_unit(case, unit))


def starts_in_wholes(case: Case) -> dict[tuple[str, str], Ints]:
    """Return the months in which parts may begin in their wholes, by pledge and requirement."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for whole, _ in _wholes(case):
        for pledge, requirement, first in whole:
            found[pledge, requirement].add(first)
    return {pair: np.array(sorted(months), dtype=np.int64) for pair, months in found.items()}


def uncounted_requirements(case: Case) -> tuple[Requirement, ...]:
    """Return requirements for tours that do not count to coverage: weightless, never full."""
    if not case.uncounted:
        return ()
    most = len(case.uncounted)
    return tuple(replace(r, priority=0.0, units=most) for r in case.requirements)
