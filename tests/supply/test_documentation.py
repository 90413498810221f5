"""The commands on the page about supply run, in their order, in one folder, on real data."""

from __future__ import annotations

import json
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
    # The second way in: a source at Niamey and its road to Gao, put before the one from Bamako.
    case = tmp_path / "my-supply"
    with (case / "places.csv").open("a", encoding="utf-8") as places:
        places.write("Niamey,source,13.51,2.11,0,1\n")
    rows = (case / "routes.csv").read_text(encoding="utf-8").splitlines()
    old = next(row for row in rows if row.startswith("road Bamako (entry) - Gao,")).split(",")
    new = ["road Niamey - Gao", "Niamey", *old[2:4], "537.8", *old[5:]]
    text = "\n".join([rows[0], ",".join(new), *rows[1:]]) + "\n"
    (case / "routes.csv").write_text(text, encoding="utf-8")
    assert run(["supply", "size", "my-supply", "-o", "two-ways"]) == 0
    one, two = (
        json.loads((tmp_path / name / "summary.json").read_text(encoding="utf-8"))
        for name in ("my-sized", "two-ways")
    )
    assert (one["vehicles"]["trucks"], two["vehicles"]["trucks"]) == (369, 267)
    assert (round(one["usd_planned"] / 1e6), round(two["usd_planned"] / 1e6)) == (63, 45)
    assert two["amount_short_simulated"][2] < one["amount_short_simulated"][1]
    assert 0.002 < one["amount_short_simulated"][0] < 0.006
