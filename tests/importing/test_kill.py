"""Kill an import at any moment: the store is the old one or the new one."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sulh.intake.importing import import_paths
from sulh.store.reading import Store

Write = Callable[[str, Sequence[tuple[str, str, str, int, int]]], Path]

KILLS = 50
AHEAD = 2
IMPORT = (
    "import sys; from sulh.intake.importing import import_paths\n"
    "from sulh.intake.registry import reader_version, sources\n"
    "import sulh.store.building; sources(); reader_version()\n"
    "print('ready', flush=True); sys.stdin.readline()\n"
    "import_paths(sys.argv[3:], sys.argv[2], workers=int(sys.argv[1]))"
)


def prepare(root: Path, paths: Sequence[Path], workers: int = 0) -> subprocess.Popen[str]:
    """Start a process that has loaded everything and waits for a line to begin the import."""
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(workers), str(root), *map(str, paths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None and process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()


def close(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    process.stdout.close()


@pytest.mark.slow
def test_fifty_kills(hub: Write, tmp_path: Path) -> None:
    old_files = [hub("old.csv", [("2020-01", "Nepal", "UNIFIL", 1, 2)])]
    new_files = [
        hub(f"new{number}.csv", [(f"2021-{number:02d}", "Ghana", "UNIFIL", 3, number)])
        for number in range(1, 7)
    ]
    old_store, new_store = tmp_path / "old", tmp_path / "new"
    old = import_paths(old_files, old_store, workers=0).version
    shutil.copytree(old_store, new_store)
    process = prepare(new_store, new_files)
    begin(process)
    begun = time.monotonic()
    process.wait()
    lasts = time.monotonic() - begun
    close(process)
    new = Store.open(new_store).version
    assert old != new

    chance = random.Random(2026)
    seen: list[str] = []
    root = tmp_path / "store"
    shutil.copytree(old_store, root)
    # Loading Python takes longer than the import: the next process loads while one is killed.
    waiting = deque(prepare(root, new_files) for _ in range(AHEAD))
    for number in range(KILLS):
        process = waiting.popleft()
        if number + AHEAD < KILLS:
            waiting.append(prepare(root, new_files))
        begin(process)
        time.sleep(chance.uniform(0, 1.1 * lasts))
        process.send_signal(signal.SIGKILL)
        process.wait()
        close(process)
        store = Store.open(root)
        store.verify()
        seen.append(store.version)
        if store.version == new:
            shutil.rmtree(root)
            shutil.copytree(old_store, root)
    assert set(seen) <= {str(old), new}
    assert str(old) in seen, "no kill came before the end: the test proves nothing"

    assert import_paths(new_files, root, workers=0).version == new
    leftovers = [
        path for path in root.rglob("*") if path.name.startswith((".part", ".building", ".CURRENT"))
    ]
    assert leftovers == []


def test_two_imports_at_once_lose_nothing(hub: Write, tmp_path: Path) -> None:
    files = [hub(f"{n}.csv", [(f"2020-0{n}", "Nepal", "UNIFIL", 1, n)]) for n in range(1, 5)]
    root = tmp_path / "store"
    processes = [prepare(root, [file], workers=1) for file in files]
    for process in processes:
        begin(process)
    assert [process.wait() for process in processes] == [0] * 4
    for process in processes:
        close(process)
    assert Store.open(root).months == tuple(f"2020-0{n}" for n in range(1, 5))
