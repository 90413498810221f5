"""The checks that `sulh care validate` prints: within their errors, or exact."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sulh.cli.app import run
from sulh.methods.location.callouts import Callouts, run_callouts
from sulh.methods.location.checks import built_in as exact
from sulh.methods.location.checks import of_files, optima
from sulh.methods.queues import erlang_b
from sulh.methods.simulation.seeding import names_of, streams_of
from sulh.methods.simulation.streams import stream


def test_location_methods_give_what_is_known() -> None:
    found = {check.model: check for check in exact()}
    assert all(check.z == 0.0 for check in found.values())
    assert found["MEXCLP, 6 places, 3 units"].value == pytest.approx(81.55)
    assert found["Hypercube, 3 units"].value == pytest.approx(0.134328, abs=1e-6)


def test_callouts_are_lost_as_erlang_says() -> None:
    """Three like units and a load of 1.5: whoever is asked first, 0.134328 of calls are lost."""
    model = Callouts(np.full(3, 0.5), np.array([[0, 1, 2], [1, 0, 2], [2, 1, 0]]))
    shares = [run_callouts(stream(3, n, "c"), model, 20_100.0, 100.0)[1] for n in range(20)]
    error = float(np.std(shares, ddof=1)) / 20**0.5
    assert error < 0.002
    assert abs(float(np.mean(shares)) - erlang_b(3, 1.5)) < 4.5 * error


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**63 - 1])
def test_compiled_streams_are_those_of_numpy(seed: int) -> None:
    names = ["arrivals", "Gao/illness", "Ménaka/hostile act/patients"]
    for replication in (0, 1, 999_999):
        made = streams_of(seed, replication, names_of(names))
        assert (made == np.stack([stream(seed, replication, name) for name in names])).all()


def test_files_are_held_against_published_optima(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("3 2 1\n1 2 5\n2 3 6\n", encoding="utf-8")
    (tmp_path / "scp41.txt").write_text("2 3\n 5 6 7\n 2 1 2\n 1 3\n", encoding="utf-8")
    mine, other = of_files(tmp_path, 5.0)
    # From the middle: 5 + 0 + 6. Nobody has published it.
    assert (mine.value, mine.known, mine.difference, mine.z) == (11.0, None, None, None)
    # Not the published problem of that name: columns 1 or 2, and 3, come to 12.
    assert (other.value, other.known) == (12.0, optima()["scp41"])
    assert other.z == float("inf")


def test_the_command_prints_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["care", "validate", "--customers", "20000", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    models = " ".join(row["model"] for row in rows)
    for part in ("M/M/3,", "M/M/3/3", "M/G/1", "Jackson", "Hypercube, 10", "MEXCLP", "p-median"):
        assert part in models, part
    # Of forty measures of which each is 4.5 errors off by chance at 9 degrees of freedom with
    # P = 0.0015, some with others: six errors, P = 0.0002 each.
    assert max(abs(row["z"]) for row in rows) < 6
