"""Kill an import at any moment: the store is the old one or the new one."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sulh.intake.importing import import_paths
from sulh.store.reading import Store

Write = Callable[[str, Sequence[tuple[str, str, str, int, int]]], Path]

KILLS = 50
IMPORT = (
    "import sys; from sulh.intake.importing import import_paths\n"
    "print('ready', flush=True)\n"
    "import_paths(sys.argv[2:], sys.argv[1], workers=1)"
)


def start(root: Path, paths: Sequence[Path]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(root), *map(str, paths)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


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
    begun = time.monotonic()
    start(new_store, new_files).wait()
    lasts = time.monotonic() - begun
    new = Store.open(new_store).version
    assert old != new

    chance = random.Random(2026)
    seen: list[str] = []
    root = tmp_path / "store"
    shutil.copytree(old_store, root)
    for _ in range(KILLS):
        process = start(root, new_files)
        time.sleep(chance.uniform(0, 1.1 * lasts))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
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
    processes = [start(root, [file]) for file in files]
    assert [process.wait() for process in processes] == [0] * 4
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()
    assert Store.open(root).months == tuple(f"2020-0{n}" for n in range(1, 5))
