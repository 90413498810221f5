"""The commands on the page about force generation run, in their order, in one folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sulh.cli.app import run


@pytest.mark.slow
def test_the_page_runs_from_top_to_bottom(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (root / "docs" / "forces.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) == 12
    for command in commands:
        assert run(shlex.split(command)[1:]) == 0, command
    assert (tmp_path / "new-plan" / "changes.csv").is_file()
