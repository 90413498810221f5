"""A crew of processes that read files, one file each at a time, each with a deadline.

A file that makes its reader hang or die costs only itself: the process is ended and another takes
its place. (A pool of `concurrent.futures` would lose every waiting file with it.) The processes are
started as programs, so that a notebook or a script needs no ``if __name__ == "__main__"``.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from sulh.intake.importing.task import Outcome, Task

_COMMAND = (sys.executable, "-m", f"{__package__}.worker")


@dataclass
class _Reader:
    """A process and the task it works at."""

    process: subprocess.Popen[bytes]
    task: Task | None = None
    deadline: float = 0.0
    heard: bytearray = field(default_factory=bytearray)

    def give(self, task: Task, seconds: float) -> None:
        self.task, self.deadline = task, time.monotonic() + seconds
        self.heard.clear()
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # a dead process is noticed at the next turn
            self.process.stdin.write(json.dumps(asdict(task)).encode() + b"\n")
            self.process.stdin.flush()

    def end(self) -> int:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return self.process.wait()


def read_all(tasks: Sequence[Task], workers: int, seconds: float) -> Iterator[Outcome]:
    """Yield the outcome of every task, as they come; a task may take ``seconds``."""
    waiting = deque(tasks)
    with selectors.DefaultSelector() as selector:
        readers: list[_Reader] = []
        try:
            for _ in range(min(workers, len(tasks))):
                readers.append(_start(selector, workers))
                readers[-1].give(waiting.popleft(), seconds)
            while any(reader.task for reader in readers):
                yield from _turn(selector, readers, waiting, (workers, seconds))
        finally:
            for reader in readers:
                reader.end()


def _start(selector: selectors.BaseSelector, workers: int) -> _Reader:
    environment = dict(os.environ)
    if workers > 1:
        environment["POLARS_MAX_THREADS"] = "1"
    process = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    reader = _Reader(process)
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    selector.register(process.stdout, selectors.EVENT_READ, reader)
    return reader


def _turn(
    selector: selectors.BaseSelector,
    readers: list[_Reader],
    waiting: deque[Task],
    terms: tuple[int, float],
) -> Iterator[Outcome]:
    """Wait for replies or the next deadline; yield what came and hand out what waits."""
    workers, seconds = terms
    now = time.monotonic()
    next_deadline = min(reader.deadline for reader in readers if reader.task)
    ready = {key.data.process.pid for key, _ in selector.select(max(0.0, next_deadline - now))}
    for place, reader in enumerate(readers):
        if reader.task is None:
            continue
        outcome = _listen(reader) if reader.process.pid in ready else None
        if outcome is None and (ended := _ending(reader, seconds)) is not None:
            outcome = ended
            assert reader.process.stdout is not None
            selector.unregister(reader.process.stdout)
            reader.end()
            readers[place] = _start(selector, workers)
        if outcome is None:
            continue
        readers[place].task = None
        if waiting:
            readers[place].give(waiting.popleft(), seconds)
        yield outcome


def _listen(reader: _Reader) -> Outcome | None:
    assert reader.process.stdout is not None
    while piece := reader.process.stdout.read(65536):
        reader.heard += piece
    if not reader.heard.endswith(b"\n"):
        return None
    body = json.loads(bytes(reader.heard))
    if body["broken"] is not None:
        body["broken"] = tuple(body["broken"])
    return Outcome(**body)


def _ending(reader: _Reader, seconds: float) -> Outcome | None:
    """Return a refusal if the process is dead or late, else None."""
    assert reader.task is not None
    name = reader.task.shown
    status = reader.process.poll()
    if status is not None:
        return Outcome(
            reader.task.path,
            refused=f"{name} made its reader stop (status {status}): it is damaged or hostile. "
            "What to do: fetch the file again.",
        )
    if time.monotonic() >= reader.deadline:
        return Outcome(
            reader.task.path,
            refused=f"{name} was not read within {seconds:g} seconds: it is damaged or hostile. "
            "What to do: fetch the file again, or allow more time.",
        )
    return None
