"""Replications in blocks, on any executor; Ctrl-C keeps the blocks that are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Made = TypeVar("Made")
Block = tuple[int, int]


def blocks(count: int, size: int) -> list[Block]:
    """Return the ranges, first and one past the last, that ``count`` replications are cut into.

    >>> blocks(5, 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    return [(first, min(first + size, count)) for first in range(0, count, size)]


def in_blocks(
    task: Callable[[Block], Made], parts: list[Block], pool: Executor | None = None
) -> Iterator[Made]:
    """Yield what a task makes of each block, in order; end early, without an error, at Ctrl-C.

    The pool may be of processes here or of a cluster (``Client.get_executor()`` of Dask).
    """
    if pool is None:
        for part in parts:
            try:
                made = task(part)
            except KeyboardInterrupt:
                return
            yield made
        return
    futures = [pool.submit(task, part) for part in parts]
    yield from _results(futures)


def _results(futures: list[Future[Made]]) -> Iterator[Made]:
    place = 0
    try:
        for place, future in enumerate(futures):  # noqa: B007
            yield future.result()
    except KeyboardInterrupt:
        for future in futures:
            future.cancel()
        yield from (f.result() for f in futures[place:] if f.done() and not f.cancelled())
    finally:
        # Whoever stops asking, for whatever reason, does not wait for the rest.
        for future in futures:
            future.cancel()
