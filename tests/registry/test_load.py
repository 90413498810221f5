"""A server killed under its writers loses nothing that it confirmed; `benchmarks` runs longer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sulh.registry import Edit, Refused, Register, verify


def test_a_server_killed_under_its_writers_loses_nothing(
    postgresql: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import tempfile

    from benchmarks.registry.load import Load, run
    from benchmarks.registry.server import Server

    with tempfile.TemporaryDirectory(prefix="sulh-pg-", dir="/tmp") as folder:
        own = Server(Path(folder) / "server")
        try:
            report = run(own, own.address, Load(agreements=300, writers=8, seconds=6.0))
        finally:
            own.stop()
    assert report.faults == ()
    assert report.confirmed > 50
    assert report.doubtful > 0, "the server was killed while nobody wrote"


def test_a_program_killed_while_it_writes_leaves_all_or_nothing(tmp_path: Path) -> None:
    import subprocess
    import sys
    import textwrap

    place = tmp_path / "desk.sqlite"
    Register.open(place).close()
    program = textwrap.dedent("""
        import os, sys
        from benchmarks.registry.load import agreements
        from sqlalchemy import event
        from sulh.registry import Register
        desk = Register.open(sys.argv[1], "killed")
        seen = 0
        @event.listens_for(desk.engine, "after_cursor_execute")
        def _cut(connection, cursor, statement, *rest):
            if statement.startswith(sys.argv[2]):
                os.kill(os.getpid(), 9)
        desk.apply(agreements(500))
    """)
    for statement in ("INSERT INTO agreement", "INSERT INTO change"):
        ended = subprocess.run(
            [sys.executable, "-c", program, str(place), statement],
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])},
            cwd=Path(__file__).resolve().parents[2],
        )
        assert ended.returncode == -9
        desk = Register.open(place)
        assert (verify(desk).records, verify(desk).changes) == (0, 0)
        desk.close()


def test_the_checker_finds_a_lost_update(tmp_path: Path) -> None:
    # A checker that cannot fail would prove nothing.
    from benchmarks.registry.load import Done, _check

    place = str(tmp_path / "desk.sqlite")
    desk = Register.open(place, "writer")
    own = {"title": "t", "parties": "PAK|SAU", "kind": "treaty", "source": "s"}
    desk.apply([Edit("agreement", "A", {"id": "A", "notes": "0", **own})])
    desk.apply([Edit("agreement", "A", {"notes": "1"}, 1)], "0-1")
    desk.apply([Edit("agreement", "A", {"notes": "1"} | {"office": "x"}, 2)], "0-2")
    desk.apply([Edit("agreement", "B", {"id": "B", **own})], "0-3")
    told = Done(confirmed={"0-1", "0-4"}, doubtful={"0-3"})
    faults = _check(place, [told], 0.0, 0.0).faults
    assert set(faults) == {
        "0-4 was confirmed and is lost",
        "0-2 was refused and is there",
        "0-3 is there by half: 1 changes",
        "A counts 1 after 2 changes: an update was lost",
    }
    with pytest.raises(Refused):
        desk.apply([Edit("agreement", "A", {"notes": "2"}, 1)])
    desk.close()
