"""A file that makes its reader hang or die costs only itself."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from sulh.intake.importing import crew
from sulh.intake.importing.task import Task

WORKER = """
import json, os, signal, sys, time
for line in sys.stdin:
    task = json.loads(line)
    name = os.path.basename(task["path"])
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("abort"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("leave"):
        sys.exit(3)
    reply = {"path": task["path"], "sha256": name, "refused": None, "broken": None}
    sys.stdout.write(json.dumps(reply) + "\\n")
    sys.stdout.flush()
"""


@pytest.fixture(autouse=True)
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    monkeypatch.setattr(crew, "_COMMAND", (sys.executable, str(script)))


def read(names: list[str], workers: int = 2, seconds: float = 30.0) -> dict[str, str | None]:
    tasks = [Task(name, "root", "reader") for name in names]
    return {o.path: o.refused for o in crew.read_all(tasks, workers, seconds)}


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_task_is_answered_once(workers: int) -> None:
    names = [f"file{number}" for number in range(7)]
    assert read(names, workers) == dict.fromkeys(names)


def test_a_reader_that_dies_costs_its_file_only() -> None:
    found = read(["a", "abort", "b", "leave", "c"])
    assert [found[name] for name in "abc"] == [None] * 3
    assert "stop (status -11)" in str(found["abort"])
    assert "stop (status 3)" in str(found["leave"])


def test_a_reader_that_hangs_is_ended() -> None:
    start = time.monotonic()
    found = read(["hang1", "a", "hang2", "b"], seconds=2.0)
    assert time.monotonic() - start < 30
    assert [found["a"], found["b"]] == [None, None]
    assert "not read within 2 seconds" in str(found["hang1"])
    assert "not read within 2 seconds" in str(found["hang2"])


def test_no_tasks_start_no_process() -> None:
    assert read([]) == {}


def test_leaving_early_ends_the_readers(tmp_path: Path) -> None:
    """Whoever stops asking (an interrupt) leaves no process behind."""
    outcomes = crew.read_all([Task(name, "", "") for name in ("a", "hang", "b")], 2, 60.0)
    next(outcomes)
    start = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]
    assert time.monotonic() - start < 10
