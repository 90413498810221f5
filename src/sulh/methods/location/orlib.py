"""Read problems in the formats of the OR-Library (J. E. Beasley, JORS 41, 1990).

A p-median file (``pmed``): nodes, edges and p; then an edge a line: two nodes from 1 and a length.
Distances are shortest paths; of repeated edges the last counts. A set covering file: rows and
columns; then the columns' costs, then by row how many columns cover it and which (``scp``), or by
column its cost, how many rows it covers and which (``rail``). White space is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from sulh.core.errors import RefusedFile
from sulh.methods.location.setcover import Cover

MOST_BYTES = 512 * 1024 * 1024
MOST_NODES = 20_000
_FORMATS = (
    "a p-median file has nodes, edges and p, then two nodes and a length for each edge; a set "
    "covering file rows and columns, the costs, then for each row a count and its columns"
)


@dataclass(frozen=True)
class MedianProblem:
    """Distances between all nodes, each of which is customer and site, and how many to open."""

    distances: NDArray[np.float64]
    open: int


def read_median(path: str | Path) -> MedianProblem:
    """Return the p-median problem of a file; raise `RefusedFile` if it holds none."""
    found = read_problem(path)
    if isinstance(found, MedianProblem):
        return found
    raise _refused(
        path,
        f"it holds a set covering problem of {found.rows:,} rows and {len(found.costs):,} columns",
        "a p-median problem was asked for",
        "use `sulh care validate setcover`",
    )


def read_cover(path: str | Path) -> Cover:
    """Return the set covering problem of a file; raise `RefusedFile` if it holds none."""
    found = read_problem(path)
    if isinstance(found, Cover):
        return found
    raise _refused(
        path,
        f"it holds a p-median problem of {len(found.distances):,} nodes",
        "a set covering problem was asked for",
        "use `sulh care validate pmedian`",
    )


def read_problem(path: str | Path) -> MedianProblem | Cover:
    """Return the problem of a file, told by its content alone."""
    numbers = _numbers(Path(path))
    if len(numbers) >= 3 and len(numbers) == 3 + 3 * numbers[1]:
        graph = _looks_like_a_graph(numbers)
        cover = None if graph else _cover_of(numbers)
        if cover is None:
            return _median(path, numbers)
        return cover
    found = _cover_of(numbers) if len(numbers) >= 2 else None
    if found is None:
        head = " ".join(f"{number:g}" for number in numbers[:6])
        raise _refused(
            path,
            f"its {len(numbers):,} numbers, beginning {head}, fit no format of the OR-Library",
            _FORMATS,
            "give a file such as pmed1.txt or scp41.txt, whole",
        )
    _check_cover(path, found)
    return found


def _refused(path: str | Path, found: str, why: str, mend: str) -> RefusedFile:
    return RefusedFile(f"{path}: {found}", why, mend)


def _numbers(path: Path) -> NDArray[np.int64]:
    """Return all whole numbers of a file."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _refused(
                path, f"{size:,} bytes", f"at most {MOST_BYTES:,} are read", "give a smaller file"
            )
        text = path.read_bytes().decode("ascii")
    except UnicodeDecodeError as error:
        raise _refused(
            path, f"byte {error.start:,} is no ASCII", _FORMATS, "give a text file"
        ) from error
    except (OSError, ValueError) as error:
        raise _refused(
            path, f"it cannot be read: {error}", "there is no problem to solve", "name a file"
        ) from error
    words = text.split()
    try:
        numbers = np.array([int(word) for word in words], dtype=np.int64)
    except (ValueError, OverflowError) as error:
        bad = next((word for word in words if not _whole(word)), "")
        raise _refused(
            path, f"{bad[:40]!r} is no whole number", _FORMATS, "give the file as published"
        ) from error
    if len(numbers) and numbers.min() < 0:
        raise _refused(
            path, f"{numbers.min()} is below 0", "counts, nodes and costs are 0 or more", "mend it"
        )
    return numbers


def _whole(word: str) -> bool:
    try:
        return abs(int(word)) < 2**63
    except ValueError:
        return False


def _looks_like_a_graph(numbers: NDArray[np.int64]) -> bool:
    """Return whether the numbers can be nodes, edges, p and edges between the nodes."""
    nodes, _, to_open = numbers[:3]
    ends = numbers[3:].reshape(-1, 3)[:, :2]
    return bool(0 < to_open <= nodes and (ends.size == 0 or 1 <= ends.min() <= ends.max() <= nodes))


def _median(path: str | Path, numbers: NDArray[np.int64]) -> MedianProblem:
    nodes, _, to_open = (int(number) for number in numbers[:3])
    if not 0 < to_open <= nodes:
        raise _refused(
            path, f"p is {to_open} of {nodes} nodes", "p sites are opened", "give p from 1 to n"
        )
    if nodes > MOST_NODES:
        raise _refused(
            path, f"{nodes:,} nodes", f"a table of at most {MOST_NODES:,} is held", "give fewer"
        )
    edges = numbers[3:].reshape(-1, 3)
    if edges.size and not 1 <= edges[:, :2].min() <= edges[:, :2].max() <= nodes:
        bad = int(np.flatnonzero((edges[:, :2] < 1).any(1) | (edges[:, :2] > nodes).any(1))[0])
        raise _refused(
            path,
            f"edge {bad + 1} joins {edges[bad, 0]} and {edges[bad, 1]}",
            f"nodes run from 1 to {nodes}",
            "give the file as published",
        )
    distances = shortest_paths(nodes, edges)
    if not np.isfinite(distances).all():
        raise _refused(
            path, "its graph falls into parts", "some distances are infinite", "join the parts"
        )
    return MedianProblem(distances, to_open)


def shortest_paths(nodes: int, edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return all shortest paths; edges join nodes from 1 both ways, of repeated ones the last."""
    first, last = edges[:, :2].min(1) - 1, edges[:, :2].max(1) - 1
    key = first * nodes + last
    _, back = np.unique(key[::-1], return_index=True)
    kept = len(key) - 1 - back
    # Edges of length 0 would vanish from a sparse matrix: they get a length that rounds away.
    length = np.maximum(edges[kept, 2].astype(float), 1e-9)
    graph = coo_matrix((length, (first[kept], last[kept])), shape=(nodes, nodes)).tocsr()
    return np.asarray(np.round(dijkstra(graph, directed=False), 3))


def _cover_of(numbers: NDArray[np.int64]) -> Cover | None:
    """Return the covering problem if the numbers are one, by rows (scp) or by columns (rail)."""
    rows, columns = int(numbers[0]), int(numbers[1])
    if len(numbers) >= 2 + columns:
        members = _lists(numbers, 2 + columns, rows, 0)
        if members is not None:
            costs = numbers[2 : 2 + columns].astype(float)
            if members[1].size == 0 or members[1].max() <= columns:
                return Cover.of_pairs(costs, rows, members[0], members[1] - 1)
    listed = _lists(numbers, 2, columns, 1)
    if listed is None or (listed[1].size and listed[1].max() > rows):
        return None
    return Cover.of_pairs(listed[2].astype(float), rows, listed[1] - 1, listed[0])


def _lists(
    numbers: NDArray[np.int64], start: int, lists: int, before: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] | None:
    """Return list number and member of each entry, and what stands before each list's count.

    None unless exactly ``lists`` lists fill the numbers from ``start`` on.
    """
    place, counts, heads, parts = start, [], [], []
    for _ in range(lists):
        if place + before >= len(numbers):
            return None
        count = int(numbers[place + before])
        heads.append(int(numbers[place]) if before else 0)
        place += before + 1
        parts.append(numbers[place : place + count])
        counts.append(count)
        place += count
        if place > len(numbers):
            return None
    if place != len(numbers):
        return None
    members = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    if members.size and members.min() < 1:
        return None
    return np.repeat(np.arange(lists), counts), members, np.array(heads)


def _check_cover(path: str | Path, found: Cover) -> None:
    uncovered = np.flatnonzero(np.bincount(found.row, minlength=found.rows) == 0)
    if uncovered.size:
        raise _refused(
            path,
            f"row {uncovered[0] + 1} has no column",
            "it cannot be covered, whatever is chosen",
            "give each row a column",
        )
