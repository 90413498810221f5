"""Networks as square matrices: density, centrality, communities, brokerage, permutation tests."""

from __future__ import annotations

import math
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Whole:
    """Measures of a whole network; ``modularity`` is of the communities found."""

    nodes: int
    ties: int
    density: float
    transitivity: float
    components: int
    communities: int
    modularity: float


@dataclass(frozen=True, slots=True)
class Association:
    """The correlation of two networks over their pairs, and how often chance gives as much.

    ``p`` is two-sided: the share of permutations, the data's own among them, whose correlation is
    at least as far from zero.
    """

    pairs: int
    correlation: float
    p: float
    permutations: int


def graph_of(matrix: Matrix, names: list[str]) -> nx.Graph:
    """Return the undirected graph of a matrix; a tie weighs the larger of its two directions."""
    weights = np.maximum(matrix, matrix.T)
    graph = nx.Graph()
    graph.add_nodes_from(names)
    for i, j in zip(*np.nonzero(np.triu(weights, 1) > 0), strict=True):
        graph.add_edge(names[i], names[j], weight=float(weights[i, j]))
    return graph


def communities_of(graph: nx.Graph) -> list[set[str]]:
    """Return communities by greedy modularity, the largest first; a node alone is one."""
    if graph.number_of_edges() == 0:
        return [{node} for node in sorted(graph)]
    found = nx.community.greedy_modularity_communities(graph, weight="weight")
    return sorted((set(part) for part in found), key=lambda part: (-len(part), min(part)))


def whole(graph: nx.Graph) -> Whole:
    """Return the measures of a network.

    >>> whole(graph_of(np.ones((4, 4)), list("abcd"))).density
    1.0
    """
    parts = communities_of(graph)
    ties = graph.number_of_edges()
    modularity = nx.community.modularity(graph, parts, weight="weight") if ties else math.nan
    return Whole(
        graph.number_of_nodes(),
        ties,
        float(nx.density(graph)),
        float(nx.transitivity(graph)),
        nx.number_connected_components(graph),
        len(parts),
        float(modularity),
    )


def eigenvector(matrix: Matrix) -> NDArray[np.float64]:
    """Return the centrality of each node, 1 for the most central.

    It is the eigenvector of the largest eigenvalue (Bonacich 1972), of absolute values; in a
    network without ties 0 throughout.

    >>> eigenvector(np.array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]])).round(3).tolist()
    [1.0, 0.707, 0.707]
    """
    weights = np.maximum(matrix, matrix.T)
    _, vectors = np.linalg.eigh(weights)
    leading = np.abs(vectors[:, -1])
    top = float(leading.max(initial=0.0))
    return leading / top if weights.any() and top > 0 else np.zeros(len(matrix))


def brokerage(graph: nx.Graph, groups: dict[str, int]) -> dict[str, int]:
    """Return for each node how many pairs of its partners it alone joins across communities.

    A pair counts if the two have no tie and stand in different communities (Gould & Fernandez
    1989, all roles but that of the coordinator).
    """
    found = {}
    for node in graph:
        partners = sorted(graph[node])
        found[node] = sum(
            not graph.has_edge(a, b) and groups[a] != groups[b]
            for place, a in enumerate(partners)
            for b in partners[place + 1 :]
        )
    return found


def qap(first: Matrix, second: Matrix, permutations: int = 2000, seed: int = 0) -> Association:
    """Return the correlation of two symmetric networks of the same nodes, tested by permutation.

    The quadratic assignment procedure (Krackhardt 1988) renames the nodes of the second network at
    random, which keeps each network as it is and breaks only the link between them. nan where one
    of the networks has the same value everywhere.
    """
    rows, columns = np.triu_indices(len(first), 1)
    own = first[rows, columns]
    observed = _correlation(own, second[rows, columns])
    if math.isnan(observed):
        return Association(len(rows), math.nan, math.nan, 0)
    random = np.random.default_rng(seed)
    as_far = 1
    for _ in range(permutations):
        order = random.permutation(len(second))
        other = second[np.ix_(order, order)][rows, columns]
        as_far += abs(_correlation(own, other)) >= abs(observed) - 1e-12
    return Association(len(rows), observed, as_far / (permutations + 1), permutations)


def _correlation(first: Matrix, second: Matrix) -> float:
    one, two = first - first.mean(), second - second.mean()
    size = math.sqrt(float(one @ one) * float(two @ two))
    return float(one @ two) / size if size > 0 else math.nan
