"""The store is the old version or the new one: locks, full disks, readers beside a writer."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import StoreBusy, StoreError
from sulh.store import publishing
from sulh.store.layout import Layout
from sulh.store.publishing import Edition, prune, publish, writing
from sulh.store.reading import Store


def edition(persons: int) -> Edition:
    rows = pl.DataFrame(
        {
            "month": ["2020-12"] * 2,
            "nation": ["BGD", "NPL"],
            "personnel_type": ["troops"] * 2,
            "persons": [persons, -persons],
            "origin": ["un_monthly_pdf"] * 2,
        }
    )
    return Edition({"contributions": rows})


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from sulh.store.publishing import writing\n"
        "with writing(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    told: list[str] = []
    try:
        with (
            pytest.raises(StoreBusy, match="another process writes"),
            writing(tmp_path, patience=0.2, busy=lambda: told.append("waiting")),
        ):
            pass
        assert told == ["waiting"]
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    with writing(tmp_path, patience=5.0):  # the lock of a dead process is free
        pass


def test_a_waiting_writer_goes_on_when_the_first_has_done(tmp_path: Path) -> None:
    order: list[str] = []

    def first() -> None:
        with writing(tmp_path):
            held.set()
            time.sleep(0.3)
            order.append("first")

    held = threading.Event()
    thread = threading.Thread(target=first)
    thread.start()
    held.wait()
    with writing(tmp_path, patience=10.0):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_readers_never_see_half_a_version(tmp_path: Path) -> None:
    """Each version's persons add up to zero; readers open and read while versions change."""
    publish(tmp_path, edition(1))
    done = threading.Event()
    seen: list[tuple[int, int]] = []
    failures: list[Exception] = []

    def read() -> None:
        while not done.is_set():
            try:
                persons = Store.open(tmp_path).table("contributions")["persons"]
                seen.append((persons.sum(), persons.max()))  # type: ignore[arg-type]
            except Exception as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2, 40):
        version = publish(tmp_path, edition(number))
        prune(tmp_path, keep=(version,))
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert {total for total, _ in seen} == {0}
    assert len({highest for _, highest in seen}) > 1


def test_old_versions_go_but_two_stay(tmp_path: Path) -> None:
    versions = []
    for number in range(4):
        versions.append(publish(tmp_path, edition(number)))
        os.utime(Layout(tmp_path).version(versions[-1]), (number, number))
    (Layout(tmp_path).versions / ".building-dead").mkdir()
    prune(tmp_path, keep=(versions[-1],))
    assert {path.name for path in Layout(tmp_path).versions.iterdir()} == set(versions[-2:])


def test_versions_of_the_last_day_stay(tmp_path: Path) -> None:
    versions = {publish(tmp_path, edition(number)) for number in range(4)}
    prune(tmp_path, keep=())
    assert {path.name for path in Layout(tmp_path).versions.iterdir()} == versions


def test_a_full_disk_leaves_the_old_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = publish(tmp_path, edition(1))

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, "flush", full)
    with pytest.raises(StoreError, match=r"No space left on device.*left as it was"):
        publish(tmp_path, edition(2))
    monkeypatch.undo()
    assert Store.open(tmp_path).version == old
    assert [path.name for path in Layout(tmp_path).versions.iterdir()] == [old]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with (
        pytest.raises(StoreError, match=r"cannot write to .*choose a folder"),
        writing(tmp_path / "file"),
    ):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot write"), writing(tmp_path):
        pass
