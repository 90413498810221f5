"""Linear and mixed-integer programs in blocks of rows, solved by HiGHS.

A block is a family of rows with a name and one whole-number key a row, so that duals can be read
back by family and key, and a program can be printed row by row and read by eye.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Rows ``start .. start + len(keys) - 1``: sum of entries <= upper."""

    name: str
    start: int
    keys: Ints
    upper: Floats

    @property
    def rows(self) -> Ints:
        """Return the numbers of the rows."""
        return self.start + np.arange(len(self.keys))


@dataclass(frozen=True)
class Variables:
    """Variables ``start .. start + len(keys) - 1``, named and keyed as the rows of a block are."""

    name: str
    start: int
    keys: Ints

    @property
    def places(self) -> Ints:
        """Return the numbers of the variables."""
        return self.start + np.arange(len(self.keys))


@dataclass(frozen=True)
class Matrix:
    """A sparse matrix by column: entries ``start[j] .. start[j + 1] - 1`` belong to column j."""

    start: NDArray[np.int32]
    index: NDArray[np.int32]
    value: Floats


@dataclass
class Program:
    """Minimise cost x subject to blocks of rows ``A x <= upper`` and bounds on x."""

    blocks: list[Block] = field(default_factory=list)
    variables: list[Variables] = field(default_factory=list)
    rows: int = 0
    size: int = 0
    _cost: list[Floats] = field(default_factory=list)
    _lower: list[Floats] = field(default_factory=list)
    _upper: list[Floats] = field(default_factory=list)
    _whole: list[NDArray[np.bool_]] = field(default_factory=list)
    _entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)

    def add_variables(
        self,
        name: str,
        keys: ArrayLike,
        cost: ArrayLike,
        bounds: tuple[ArrayLike, ArrayLike],
        *,
        whole: bool = False,
    ) -> Variables:
        """Add one variable a key and return the set."""
        keys = np.asarray(keys, dtype=np.int64)
        found = Variables(name, self.size, keys)
        for store, values in ((self._cost, cost), (self._lower, bounds[0])):
            store.append(np.broadcast_to(np.asarray(values, dtype=float), keys.shape))
        self._upper.append(np.broadcast_to(np.asarray(bounds[1], dtype=float), keys.shape))
        self._whole.append(np.full(keys.shape, whole))
        self.variables.append(found)
        self.size += len(keys)
        return found

    def add_rows(self, name: str, keys: ArrayLike, upper: ArrayLike) -> Block:
        """Add one row a key, still empty, and return the block."""
        keys = np.asarray(keys, dtype=np.int64)
        limits = np.broadcast_to(np.asarray(upper, dtype=float), keys.shape)
        block = Block(name, self.rows, keys, limits)
        self.blocks.append(block)
        self.rows += len(keys)
        return block

    def enter(self, rows: ArrayLike, places: ArrayLike, values: ArrayLike) -> None:
        """Add entries to the matrix; those at one place add up."""
        rows = np.asarray(rows, dtype=np.int64)
        self._entries.append(
            (
                rows,
                np.broadcast_to(np.asarray(places, dtype=np.int64), rows.shape),
                np.broadcast_to(np.asarray(values, dtype=float), rows.shape),
            )
        )

    @property
    def cost(self) -> Floats:
        """Return the costs of all variables."""
        return _joined(self._cost)

    @property
    def lower(self) -> Floats:
        """Return the lower bounds of all variables."""
        return _joined(self._lower)

    @property
    def upper(self) -> Floats:
        """Return the upper bounds of all variables."""
        return _joined(self._upper)

    @property
    def row_upper(self) -> Floats:
        """Return the right-hand sides of all rows."""
        return _joined([block.upper for block in self.blocks])

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Return which variables take whole numbers only."""
        return np.concatenate(self._whole) if self._whole else np.zeros(0, dtype=bool)

    def entries(self) -> tuple[Ints, Ints, Floats]:
        """Return rows, columns and values of the matrix, as entered."""
        if not self._entries:
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty, np.zeros(0)
        rows, places, values = zip(*self._entries, strict=True)
        return np.concatenate(rows), np.concatenate(places), np.concatenate(values)

    def matrix(self) -> Matrix:
        """Return the matrix by column, entries at one place added up, zeros left out."""
        return by_column(self.entries(), self.rows, self.size)

    def to_highs(self, *, whole: bool) -> highspy.HighsLp:
        """Return the program as HiGHS takes it; ``whole`` False drops integrality."""
        limits = (np.full(self.rows, -np.inf), self.row_upper)
        lp = linear(self.matrix(), self.cost, (self.lower, self.upper), limits)
        if whole:
            lp.integrality_ = kinds(self.whole)
        return lp

    def text(self, names: Mapping[str, Callable[[int], str]]) -> str:
        """Return the program as text, one row a line, for golden files.

        ``names`` gives for the name of a block or of variables how a key of it is shown.
        """
        shown = [f"{v.name}[{names[v.name](int(k))}]" for v in self.variables for k in v.keys]
        costs = self.cost
        goal = [_term(costs[j], shown[j]) for j in range(self.size) if costs[j]]
        by_row: dict[int, dict[int, float]] = {row: {} for row in range(self.rows)}
        for row, place, value in zip(*self.entries(), strict=True):
            terms = by_row[int(row)]
            terms[int(place)] = terms.get(int(place), 0.0) + float(value)
        lines = ["minimise " + " ".join(goal)]
        for block in self.blocks:
            for row, key, upper in zip(block.rows, block.keys, block.upper, strict=True):
                sums = [_term(value, shown[j]) for j, value in sorted(by_row[int(row)].items())]
                head = f"{block.name}[{names[block.name](int(key))}]"
                limit = upper + 0.0  # which turns a limit of -0.0 into 0
                lines.append(f"{head}: {' '.join(sums)} <= {limit:g}")
        return "\n".join(lines) + "\n"


def by_column(entries: tuple[Ints, Ints, Floats], rows: int, size: int) -> Matrix:
    """Return entries (row, column, value) by column, those at one place added up, without zeros."""
    row, places, values = entries
    key = places * np.int64(max(rows, 1)) + row
    order = np.argsort(key, kind="stable")
    key, values = key[order], values[order]
    first = np.flatnonzero(np.diff(key, prepend=-1)) if len(key) else key
    values = np.add.reduceat(values, first) if len(key) else values
    key = key[first][values != 0]
    values = values[values != 0]
    places, row = np.divmod(key, max(rows, 1))
    start = np.searchsorted(places, np.arange(size + 1))
    return Matrix(start.astype(np.int32), row.astype(np.int32), values)


def linear(
    matrix: Matrix, cost: Floats, bounds: tuple[Floats, Floats], limits: tuple[Floats, Floats]
) -> highspy.HighsLp:
    """Return a linear program as HiGHS takes it; ``bounds`` of columns, ``limits`` of rows."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(limits[0])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, *bounds
    lp.row_lower_, lp.row_upper_ = limits
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.start
    lp.a_matrix_.index_ = matrix.index
    lp.a_matrix_.value_ = matrix.value
    return lp


def kinds(whole: NDArray[np.bool_]) -> list[highspy.HighsVarType]:
    """Return the kinds of variables of which ``whole`` take whole numbers only."""
    known = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    return [known[int(is_whole)] for is_whole in whole]


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)


def _term(value: float, name: str) -> str:
    sign = "-" if value < 0 else "+"
    return f"{sign} {name}" if abs(value) == 1 else f"{sign} {abs(value):g} {name}"


@dataclass(frozen=True)
class Answer:
    """What HiGHS found: values (None if nothing), objective, a lower bound, the duals of rows."""

    values: Floats | None
    objective: float
    bound: float
    duals: Floats | None
    optimal: bool


def solver(stop: Callable[[], bool] | None = None, **options: Any) -> highspy.Highs:
    """Return a silent HiGHS with options set, on one thread unless told.

    A run is left off soon after ``stop`` begins to return True.
    """
    highs = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        highs.setOptionValue(name, value)
    if stop is not None:
        _left_off_by(highs, stop)
    return highs


def _left_off_by(highs: highspy.Highs, stop: Callable[[], bool]) -> None:
    kinds = highspy.cb.HighsCallbackType

    def ask(*told: Any) -> None:
        told[3].user_interrupt = stop()

    highs.setCallback(ask, None)
    for kind in (
        kinds.kCallbackMipInterrupt,
        kinds.kCallbackSimplexInterrupt,
        kinds.kCallbackIpmInterrupt,
    ):
        highs.startCallback(kind)


def run(highs: highspy.Highs, *, whole: bool) -> Answer:
    """Run HiGHS on the model it holds and return what it found.

    The bound of a mixed-integer run is HiGHS's own dual bound; of a linear run the objective, and
    only if optimal.
    """
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    optimal = status == highspy.HighsModelStatus.kOptimal
    solution = highs.getSolution()
    values = np.array(solution.col_value) if solution.value_valid else None
    bound = info.mip_dual_bound if whole else info.objective_function_value
    return Answer(
        values,
        info.objective_function_value,
        bound if whole or optimal else -np.inf,
        np.array(solution.row_dual) if solution.dual_valid else None,
        optimal,
    )


def solve(program: Program, stop: Callable[[], bool] | None = None, **options: Any) -> Answer:
    """Solve a program as a mixed-integer one."""
    highs = solver(stop, **options)
    highs.passModel(program.to_highs(whole=True))
    return run(highs, whole=True)
