"""A progress bar on standard error, shown only where a person is watching."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, what: str) -> None:
    """Take the report of progress and show nothing."""
    del done, total, what


@contextmanager
def bar(label: str, *, shown: bool = True) -> Iterator[Progress]:
    """Yield a function ``(done, total, what)`` that moves the bar.

    Without a terminal, or if ``shown`` is false, nothing is printed.
    """
    if not shown or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[what]}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None, what="")

        def move(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, what=what[-40:])

        yield move
