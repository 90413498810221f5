"""Compiled kernels: they run whatever the folders and the numba, and notice a change of text."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from sulh.methods.simulation import compiling

RUN = """
from sulh.methods.simulation import compiling
from sulh.methods.simulation.stations import Station, _run_station, run_station
from sulh.methods.simulation.streams import stream
print(compiling.base())
print(compiling.kept(_run_station))
model = Station(2.0, 3, True, 1.0)
print(run_station(stream(1, 0, "arrivals"), stream(1, 0, "services"), model, 1000, 0))
print(compiling.kept(_run_station))
"""


def _run(**variables: str) -> list[str]:
    environment = {**os.environ, **variables, "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", RUN], env=environment, capture_output=True, check=True, text=True
    )
    return done.stdout.splitlines()


@pytest.mark.slow
def test_kernels_are_kept_and_found_again(tmp_path: Path) -> None:
    first = _run(SULH_KERNELS=str(tmp_path))
    again = _run(SULH_KERNELS=str(tmp_path))
    assert first[0] == str(tmp_path)
    assert (first[1], first[3]) == ("False", "True")
    assert again[1] == "True"
    assert first[2] == again[2]


@pytest.mark.slow
def test_who_waits_for_the_compiler_is_told_so_once(tmp_path: Path) -> None:
    problem = tmp_path / "scp.txt"
    problem.write_text("2 3\n 5 6 7\n 2 1 2\n 1 3\n", encoding="utf-8")
    asked = [sys.executable, "-m", "sulh", "care", "validate", "setcover", str(problem)]
    environment = {**os.environ, "SULH_KERNELS": str(tmp_path / "kernels")}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    first, again = (
        subprocess.run(asked, env=environment, capture_output=True, check=True, text=True)
        for _ in range(2)
    )
    # Columns 1 and 3: 5 + 7.
    assert '"objective": 12' in first.stdout
    assert "compiling" in first.stderr
    assert "compiling" not in again.stderr


@pytest.mark.slow
def test_where_nothing_can_be_kept_for_long_they_run_all_the_same(tmp_path: Path) -> None:
    """The user's cache is a file, and so is the folder named for temporary ones."""
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    names = {name: str(file) for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "HOME")}
    told = _run(SULH_KERNELS=str(file / "none"), **names)
    assert told[2] == _run(SULH_KERNELS=str(tmp_path / "kernels"))[2]


def test_a_cache_that_cannot_be_written_gives_way_to_a_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv(compiling.SHARED, str(file / "none"))
    compiling.base.cache_clear()
    try:
        folder = compiling.base()
        assert folder is not None
        assert folder.name.startswith("sulh-kernels-")
        # The processes that are started from here share it.
        assert os.environ[compiling.SHARED] == str(folder)
    finally:
        compiling.base.cache_clear()


def test_kernels_stand_in_the_environment_or_else_in_the_user_s_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (compiling.SHARED, "NUMBA_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(compiling.platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "c")
    monkeypatch.setattr(compiling.sys, "prefix", str(tmp_path / "env"))
    compiling.base.cache_clear()
    try:
        assert compiling.base() == tmp_path / "env" / "share" / "sulh" / "kernels"
        compiling.base.cache_clear()
        (tmp_path / "file").write_text("", encoding="utf-8")
        monkeypatch.setattr(compiling.sys, "prefix", str(tmp_path / "file"))
        assert compiling.base() == tmp_path / "c" / "kernels"
        compiling.base.cache_clear()
        monkeypatch.setattr(compiling.sys, "prefix", compiling.sys.base_prefix)
        assert compiling.base() == tmp_path / "c" / "kernels"
    finally:
        compiling.base.cache_clear()


def test_a_module_that_compiles_comes_from_no_folder_that_happens_to_be_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "base", lambda: tmp_path)
    monkeypatch.setattr(compiling, "kept", lambda _: False)
    (tmp_path / "odd_module.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for paths, code in (["/"], 1), ([""], 0), ([str(tmp_path)], 0):
        monkeypatch.setattr(compiling.sys, "path", paths)
        ahead = compiling.Ahead.begin("odd_module", [None])
        assert ahead.process is not None
        assert ahead.process.wait() == code


def test_nothing_is_compiled_ahead_without_a_folder_or_where_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(compiling, "base", lambda: None)
    assert compiling.Ahead.begin("sulh.none", [None]).process is None
    monkeypatch.setattr(compiling, "base", lambda: tmp_path)
    monkeypatch.setattr(compiling, "kept", lambda _: True)
    assert compiling.Ahead.begin("sulh.none", [None]).process is None
    monkeypatch.setattr(compiling, "kept", lambda _: False)
    ahead = compiling.Ahead.begin("sulh.none", [None])
    ahead.wait(lambda: False)  # a process that fails is one that has ended
    assert ahead.process is not None
    assert ahead.process.poll() == 1
    # Runs one after another, each shorter than the compiling, must not each begin it anew.
    assert compiling.Ahead.begin("sulh.none", [None]).process is ahead.process


def _doubled(value: int) -> int:
    return 2 * value


def test_without_any_folder_each_process_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "base", lambda: None)
    function = compiling.kernel(_doubled)
    assert function(21) == 42
    assert not compiling.kept(function)


def test_a_numba_without_the_option_compiles_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba import njit

    def strict(function: object = None, **options: object) -> object:
        if "_nrt" in options:
            raise KeyError("_nrt")
        return njit(function, **options)

    monkeypatch.setattr(compiling, "njit", strict)
    compiling.without_runtime.cache_clear()
    try:
        assert compiling.without_runtime() == {}
    finally:
        compiling.without_runtime.cache_clear()


def test_a_change_in_what_is_called_changes_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """`stations` calls `heap` and `streams`: a change there must not leave it as it was."""
    import_module("sulh.methods.simulation.stations")
    before = b"".join(compiling.texts("sulh.methods.simulation.stations"))
    assert b"def drop_first" in before
    assert b"def uniform" in before
    compiling._digest.cache_clear()
    old = compiling._digest("sulh.methods.simulation.stations")
    changed = [before.replace(b"place = 0", b"place = 1")]
    monkeypatch.setattr(compiling, "texts", lambda module: iter(changed))
    compiling._digest.cache_clear()
    assert compiling._digest("sulh.methods.simulation.stations") != old
    compiling._digest.cache_clear()


def test_what_must_be_compiled_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "kept", lambda function: function == "kept")
    assert compiling.notice("kept", "the simulation") is None
    monkeypatch.setattr(compiling, "base", lambda: Path("somewhere"))
    assert "once for this machine" in str(compiling.notice("new", "the simulation"))
    monkeypatch.setattr(compiling, "base", lambda: None)
    assert "SULH_KERNELS" in str(compiling.notice("new", "the simulation"))
