"""The p-median: open p sites so that the customers' costs to their nearest are least, proven.

    minimise  sum_i min over open j of c_ij,   p sites open

Lagrangean relaxation of the assignment (Narula, Ogbu & Samuelsson, Operations Research 25, 1977;
Beasley, EJOR 21, 1985) in a branch and bound over the sites. At prices l_i, a site is worth
rho_j = sum_i min(0, c_ij - l_i), and sum_i l_i plus the p least worths is a bound. Sites whose
worth closes the gap are fixed; what stays open is branched on, the best bound first. If that does
not end soon and few pairs of customer and site are left, HiGHS solves them (`reduced`).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sulh.methods.location.answer import Clock, Located
from sulh.methods.location.reduced import SECONDS, left_of, solved
from sulh.methods.location.swap import improve, start_greedy
from sulh.methods.simulation.compiling import allocating, kept, reordering

Floats = NDArray[np.float64]
Status = NDArray[np.int8]
ROOT, BRANCH = 2_000, 80
PATIENCE = 150
"""Nodes branched on before the rest is tried as a program."""
_NEAR = 1e-3
"""Sites within this of the best known are worth exchanging; others at a node are not."""
FREE, OPEN, SHUT = np.int8(0), np.int8(1), np.int8(-1)


@dataclass(frozen=True)
class _Costs:
    """Costs (sites x customers), and the step between two objectives: 1 for whole costs, else 0."""

    by_site: Floats
    step: float


def median(
    costs: ArrayLike, to_open: int, *, weights: ArrayLike | None = None, clock: Clock | None = None
) -> Located:
    """Return the best ``to_open`` sites for costs (customers x sites), each times its weight.

    The answer is proven optimal unless the clock ends first; then its bound says what is proven.
    Raises `ValueError` for costs that are not finite or below 0, or a number that cannot be opened.

    >>> found = median([[0, 4, 9], [3, 0, 6], [9, 6, 0], [8, 5, 1]], 2)
    >>> found.sites, found.objective, found.proven
    ((0, 2), 4.0, True)
    """
    clock = clock or Clock()
    table = np.asarray(costs, dtype=float)
    if weights is not None:
        table = table * np.asarray(weights, dtype=float)[:, None]
    if table.ndim != 2 or not 1 <= to_open <= table.shape[1]:
        raise ValueError(f"{to_open} sites of a table of shape {table.shape} cannot be opened")
    if not np.isfinite(table).all() or table.min(initial=0.0) < 0:
        raise ValueError("costs must be finite and 0 or more")
    whole = bool((table == np.round(table)).all())
    held = _Costs(np.ascontiguousarray(table.T), 1.0 if whole else 0.0)
    search = _Search(held, to_open, clock)
    bound = search.run()
    sites = tuple(int(j) for j in np.flatnonzero(search.best))
    return Located(sites, search.upper, min(bound, search.upper), clock.seconds)


def compiled() -> bool:
    """Return whether the search was compiled before, on this machine."""
    return kept(_dual)


class _Search:
    """Branch and bound over the sites, the best bound first."""

    def __init__(self, costs: _Costs, to_open: int, clock: Clock) -> None:
        self.costs, self.to_open, self.clock = costs, to_open, clock
        picked = start_greedy(costs.by_site, to_open)
        self.upper = float(improve(costs.by_site, picked))
        self.best: NDArray[np.bool_] = picked

    def closes(self, bound: float) -> bool:
        """Return whether nothing better than the best known can have this bound."""
        if self.costs.step:
            return bound > self.upper - self.costs.step + 1e-6
        return bound >= self.upper * (1 - 1e-10)

    def run(self) -> float:
        """Return the proven bound; the best sites are in ``best``, their cost in ``upper``."""
        sites = len(self.costs.by_site)
        near = min(max(2, 2 * sites // self.to_open), sites)
        # The cost of each customer's middle one of so many sites.
        middle = min(near // 2, sites - 1)
        prices = np.partition(self.costs.by_site, middle, axis=0)[middle]
        heap: list[tuple[float, int, Status, Floats, Floats]] = []
        number, done = count(), 0
        self._visit(heap, number, np.zeros(sites, np.int8), (prices, ROOT))
        root = heap[0] if heap else None
        while heap:
            bound, _, status, known, share = heapq.heappop(heap)
            if self.closes(bound):
                break
            if self.clock.over():
                return self._rounded(bound)
            site = _ambiguous(status, share)
            for choice in (OPEN, SHUT):
                child = status.copy()
                child[site] = choice
                self._visit(heap, number, child, (known, BRANCH))
            done += 1
            if done == PATIENCE and root and self._reduced(root[0], root[2], root[3]):
                break
        return self.upper

    def _reduced(self, bound: float, status: Status, prices: Floats) -> bool:
        """Return whether what the first bound leaves was small enough to be solved as a program."""
        margin = self.upper - self.costs.step + 1e-6 if self.costs.step else self.upper
        left = left_of(self.costs.by_site, status, prices, margin - bound)
        if left is None:
            return False
        seconds = min(max(self.clock.left, 0.1), SECONDS)
        chosen, _, proven = solved(left, self.to_open, self.upper, seconds)
        if chosen.size:
            picked = np.zeros(len(status), dtype=np.bool_)
            picked[chosen] = True
            # Fewer than asked for may do; more do no harm.
            spare = np.flatnonzero(~picked)[: self.to_open - chosen.size]
            picked[spare] = True
            self._offer(picked)
        return proven

    def _rounded(self, bound: float) -> float:
        return float(np.ceil(bound - 1e-6)) if self.costs.step else bound

    def _visit(
        self,
        heap: list[tuple[float, int, Status, Floats, Floats]],
        number: count[int],
        status: Status,
        start: tuple[Floats, int],
    ) -> None:
        """Bound a node, improve on the best known, and keep the node if it may hold better."""
        opened, free = int((status == OPEN).sum()), int((status == FREE).sum())
        if opened > self.to_open or opened + free < self.to_open:
            return
        prices, turns = start
        bound, known, worth, share, picked = _dual(
            self.costs.by_site,
            status,
            (self.to_open, turns, self.upper, self.costs.step),
            prices,
        )
        self._offer(picked, swap=turns == ROOT)
        if self.closes(bound):
            return
        margin = self.upper - self.costs.step + 1e-6 if self.costs.step else self.upper
        status = _fixed(status, worth, self.to_open, margin - bound)
        if (status == FREE).any() and (status == OPEN).sum() < self.to_open:
            heapq.heappush(heap, (bound, next(number), status, known, share))
            return
        last = status == OPEN
        if last.sum() < self.to_open:
            last |= status == FREE
        if last.sum() == self.to_open:
            self._offer(last, swap=False)

    def _offer(self, picked: NDArray[np.bool_], *, swap: bool = True) -> None:
        cost = _cost(self.costs.by_site, picked)
        if swap or cost < self.upper * (1 + _NEAR):
            cost = float(improve(self.costs.by_site, picked))
        if cost < self.upper:
            self.upper, self.best = cost, picked


def _cost(by_site: Floats, picked: NDArray[np.bool_]) -> float:
    return float(by_site[picked].min(axis=0).sum())


def _ambiguous(status: Status, share: Floats) -> int:
    """Return the free site that was chosen nearest to half of the times."""
    return int(np.argmin(np.where(status == FREE, np.abs(share - 0.5), np.inf)))


def _fixed(status: Status, worth: Floats, to_open: int, gap: float) -> Status:
    """Return the status with those sites fixed whose other choice would close the gap.

    ``gap`` is how far the bound may rise before nothing better is possible: to open a site that is
    not chosen costs its worth over the worst chosen; to shut one costs the best left out over it.
    """
    free = np.flatnonzero(status == FREE)
    still = to_open - int((status == OPEN).sum())
    order = free[np.argsort(worth[free], kind="stable")]
    chosen, left = order[:still], order[still:]
    fixed = status.copy()
    if still and left.size:
        fixed[left[worth[left] - worth[chosen[-1]] > gap]] = SHUT
        fixed[chosen[worth[left[0]] - worth[chosen] > gap]] = OPEN
    elif not still:
        fixed[left] = SHUT
    else:
        fixed[chosen] = OPEN
    return fixed


@allocating
def _dual(by_site, status, limits, prices):  # type: ignore[no-untyped-def]
    """Return the best bound found, its prices and worths, how often each site was chosen, and the
    sites chosen at it.
    """
    to_open, turns, upper, step = limits
    active = np.flatnonzero(status != -1)
    sites, customers = by_site.shape
    floor = _nearest(by_site, active)
    price, best_price, best = np.maximum(prices, floor), prices.copy(), -np.inf
    worth, best_worth = np.zeros(sites), np.zeros(sites)
    chosen, best_chosen = np.zeros(sites, np.bool_), np.zeros(sites, np.bool_)
    share, direction = np.zeros(sites), np.zeros(customers)
    slack = np.empty(customers)
    scale, since, patience = 1.0, 0, 30 if turns > 500 else 10
    for _ in range(turns):
        bound = _worths(by_site, active, (status, to_open), price, (worth, chosen))
        share *= 0.95
        share[chosen] += 0.05
        if bound > best:
            since = 0 if bound > best + 1e-4 * max(upper - best, 0.0) else since + 1
            best = bound
            best_price[:] = price
            best_worth[:] = worth
            best_chosen[:] = chosen
        else:
            since += 1
        if best > upper - step + 1e-6 or scale < 2e-3:
            break
        if since >= patience:
            scale, since = scale / 2, 0
            price[:] = best_price
            bound = _worths(by_site, active, (status, to_open), price, (worth, chosen))
        slack[:] = 1.0
        for j in active:
            if chosen[j]:
                for i in range(customers):
                    slack[i] -= by_site[j, i] < price[i]
        direction = 0.6 * slack + 0.4 * direction
        norm = (direction * direction).sum()
        if norm < 1e-12:
            break
        length = scale * max(1.005 * upper - bound, 1e-6 * abs(upper)) / norm
        price = np.maximum(price + length * direction, floor)
    return best, best_price, best_worth, share, best_chosen


@allocating
def _nearest(by_site, active):  # type: ignore[no-untyped-def]
    """Return the least cost of each customer: no price below it is any use."""
    found = np.full(by_site.shape[1], np.inf)
    for j in active:
        found = np.minimum(found, by_site[j])
    return found


@reordering
def _saving(costs, price):  # type: ignore[no-untyped-def]
    """Return what a site saves its customers at their prices, as a number of 0 or less."""
    total = 0.0
    for i in range(price.size):
        total += min(costs[i] - price[i], 0.0)
    return total


@allocating
def _worths(by_site, active, task, price, out):  # type: ignore[no-untyped-def]
    """Set the worth of each site that is not shut and which are chosen; return the bound."""
    status, to_open = task
    worth, chosen = out
    bound, still, count = price.sum(), to_open, 0
    free = np.empty(active.size)
    for j in active:
        worth[j] = _saving(by_site[j], price)
        chosen[j] = status[j] == 1
        if chosen[j]:
            bound += worth[j]
            still -= 1
        else:
            free[count] = worth[j]
            count += 1
    if still <= 0:
        return bound
    last = np.partition(free[:count], still - 1)[still - 1]
    for equal in (False, True):
        for j in active:
            below = worth[j] < last or (equal and worth[j] == last)
            if still > 0 and status[j] == 0 and not chosen[j] and below:
                chosen[j] = True
                bound += worth[j]
                still -= 1
    return bound
