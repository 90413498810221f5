"""Ctrl-C ends a run with the best plan so far, written and valid."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
def test_ctrl_c_keeps_the_best_plan(
    shared_forces: Path, witness: Callable[[Path, Path], dict[str, Any]], tmp_path: Path
) -> None:
    folder, out = shared_forces / "cases" / "medium", tmp_path / "out"
    program = "from sulh.cli import main; main()"
    words = ["forces", "plan", str(folder), "-o", str(out), "--seconds", "600"]
    running = subprocess.Popen(
        [sys.executable, "-c", program, *words], stdout=subprocess.PIPE, text=True
    )
    time.sleep(12)
    running.send_signal(signal.SIGINT)
    began = time.monotonic()
    told, _ = running.communicate(timeout=120)
    assert running.returncode == 0
    assert "wrote" in told
    assert time.monotonic() - began < 100
    verdict = witness(folder, out / "plan.csv")
    assert verdict["valid"]
    assert verdict["tours"] > 50
