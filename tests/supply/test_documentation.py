"""The commands on the page about supply run, in their order, in one folder, on real data."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sulh.cli.app import run
from sulh.store.reading import Store


@pytest.mark.slow
@pytest.mark.shared
def test_the_page_runs_from_top_to_bottom(
    root: Path, real_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SULH_STORE", str(real_store.path))
    text = (root / "docs" / "supply.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) == 4
    for command in commands:
        assert run(shlex.split(command)[1:]) == 0, command
    page = (tmp_path / "my-sized" / "report.html").read_text(encoding="utf-8")
    assert "13,893 persons at 12 places" in page
    assert "depots at Gao" in page
