"""Good sites fast: greedy adding, then exchanges of one open site for one shut until none helps.

Costs are sites x customers, so that those of a site lie side by side.
"""

from __future__ import annotations

import numpy as np

from sulh.methods.simulation.compiling import allocating


@allocating
def start_greedy(by_site, to_open):  # type: ignore[no-untyped-def]
    """Return ``to_open`` sites, each the one that saves the most when it is added."""
    sites, customers = by_site.shape
    picked = np.zeros(sites, np.bool_)
    now = np.full(customers, np.inf)
    for _ in range(to_open):
        best, pick = np.inf, -1
        for j in range(sites):
            if picked[j]:
                continue
            cost = 0.0
            for i in range(customers):
                cost += min(now[i], by_site[j, i])
            if cost < best:
                best, pick = cost, j
        picked[pick] = True
        for i in range(customers):
            now[i] = min(now[i], by_site[pick, i])
    return picked


@allocating
def improve(by_site, picked):  # type: ignore[no-untyped-def]
    """Exchange sites in place while that helps, the best exchange first; return the cost.

    Costs of all exchanges in one pass over customers and shut sites, after Whitaker (INFOR 21,
    1983): what a new site saves, and what shutting an old one costs beside it.
    """
    sites, customers = by_site.shape
    first, second = np.empty(customers), np.empty(customers)
    owner = np.empty(customers, np.int64)
    while True:
        total = 0.0
        loss = np.zeros(sites)
        for i in range(customers):
            first[i], second[i], owner[i] = np.inf, np.inf, -1
            for j in range(sites):
                if picked[j]:
                    value = by_site[j, i]
                    if value < first[i]:
                        second[i], first[i], owner[i] = first[i], value, j
                    elif value < second[i]:
                        second[i] = value
            total += first[i]
            if second[i] < np.inf:
                loss[owner[i]] += second[i] - first[i]
        best, add, drop = -1e-7, -1, -1
        relief = np.zeros(sites)
        for j in range(sites):
            if picked[j]:
                continue
            relief[:] = 0.0
            saved = 0.0
            for i in range(customers):
                value = by_site[j, i]
                if value < first[i]:
                    saved += first[i] - value
                    if second[i] < np.inf:
                        relief[owner[i]] += second[i] - first[i]
                elif value < second[i] and second[i] < np.inf:
                    relief[owner[i]] += second[i] - value
            for k in range(sites):
                if picked[k]:
                    change = loss[k] - relief[k] - saved
                    if second[0] == np.inf:
                        change = _alone(by_site, j) - total
                    if change < best:
                        best, add, drop = change, j, k
        if add < 0:
            return total
        picked[add], picked[drop] = True, False


@allocating
def _alone(by_site, site):  # type: ignore[no-untyped-def]
    cost = 0.0
    for i in range(by_site.shape[1]):
        cost += by_site[site, i]
    return cost
