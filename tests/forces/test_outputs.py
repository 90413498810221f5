"""The files of a plan agree with its score and each other; the page escapes and loads nothing."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from pytest import approx

import sulh
from sulh.questions.forces.case import Case
from sulh.questions.forces.complete import complete
from sulh.questions.forces.identity import digest
from sulh.questions.forces.outputs import FILES, Planned
from sulh.questions.forces.plan import Plan, Tour, score

Toy = Callable[..., Path]
TOUR = Tour("P1", 1, "R1", 2, 7, ("O1",))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_files_of_the_toy_by_hand(toy: Toy, tmp_path: Path) -> None:
    out = tmp_path / "out"
    paths = Planned(Case.read(toy()), Plan((TOUR,)), 10_000_000.0, 1.5).write(out)
    assert [path.name for path in paths] == list(FILES) == sorted_as(FILES, out)
    coverage = rows(out / "coverage.csv")
    assert [row["deployed"] for row in coverage] == ["0"] * 2 + ["1"] * 6 + ["0"] * 4
    assert {row["needed"] for row in coverage} == {"1"}
    # March to June in one fiscal year, July and August in the next: 4 and 2 months.
    assert rows(out / "costs.csv") == [
        cost("2025/26", "equipment", 4 * 20_000),
        cost("2025/26", "move", 50_000),
        cost("2025/26", "partner support", 30_000),
        cost("2025/26", "personnel", 4 * 100_000),
        cost("2026/27", "equipment", 2 * 20_000),
        cost("2026/27", "personnel", 2 * 100_000),
    ]
    summary = json.loads((out / "summary.json").read_text())
    assert summary == {
        "objective": approx(15_860_000),
        "bound": 10_000_000,
        "gap": approx(5_860_000 / 15_860_000),
        "seconds": 1.5,
        "tours": 1,
        "unmet_priority_months": 15,
        "cost_usd": 800_000,
        "women_short_months": approx(30),
        "version": sulh.__version__,
        "case_sha256": digest(Case.read(toy())),
    }
    page = (out / "report.html").read_text()
    assert "UNMISS lacks 1 infantry company from 2026-09 to 2026-12" in page
    assert "<li>Not ready in time, serving there in other months: P1 (KEN)</li>" in page


def sorted_as(names: tuple[str, ...], folder: Path) -> list[str]:
    return sorted((path.name for path in folder.iterdir()), key=names.index)


def cost(year: str, kind: str, usd: int) -> dict[str, str]:
    return {
        "fiscal_year": year,
        "nation": "KEN",
        "mission": "UNMISS",
        "kind": kind,
        "cost_usd": str(usd),
    }


class _Page(HTMLParser):
    """Notes every tag and every attribute that could load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [
            (tag, name, value)
            for name, value in attrs
            if name in ("src", "href", "action", "style") or name.startswith("on")
        ]


def test_the_page_escapes_and_loads_nothing(
    toy_changed: Callable[[str, str, str], Path], tmp_path: Path
) -> None:
    name = '</style><script>alert(1)</script>"&'
    case = Case.read(toy_changed("case.toml", '"toy"', f"'{name}'"))
    Planned(case, Plan((TOUR,)), None, 0).write(tmp_path)
    text = (tmp_path / "report.html").read_text()
    page = _Page()
    page.feed(text)
    assert "script" not in page.tags
    assert page.loads == []
    assert "&lt;/style&gt;&lt;script&gt;" in text
    assert "No bound was proven" in text
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy.group(1).startswith("default-src &#39;none&#39;; style-src &#39;sha256-")


@pytest.mark.parametrize("name", ["small", "medium"])
def test_the_tables_add_up_to_the_score(shared_forces: Path, name: str) -> None:
    case = Case.read(shared_forces / "cases" / name)
    planned = Planned(case, complete(case), None, 0)
    found = score(case, planned.plan)
    assert planned.costs()["cost_usd"].sum() == found.cost_usd
    covered = planned.coverage()
    priority = pl.DataFrame(
        {
            "requirement": [r.key for r in case.requirements],
            "p": [r.priority for r in case.requirements],
        }
    )
    open_ = covered.join(priority, on="requirement").with_columns(
        missing=pl.col("needed") - pl.col("deployed")
    )
    assert (open_["p"] * open_["missing"]).sum() == approx(found.unmet_priority_months)
    explained = planned.explain()
    gaps = open_.filter(pl.col("missing") > 0)
    assert explained.select("requirement", "month").unique().height == gaps.height
    assert "left out" not in explained["reason"].unique().to_list()


def test_a_case_without_any_tour_is_a_plan_with_named_gaps(toy: Toy, tmp_path: Path) -> None:
    header = "pledge,nation,capability,units,strength,women,readiness,available_from,"
    header += "available_to,tour_months,reset_months,max_tours,languages,excluded_missions,needs,"
    header += "monthly_cost_usd,move_cost_usd\n"
    case = Case.read(toy(pledges_csv=header))
    Planned(case, complete(case), None, 0).write(tmp_path)
    assert rows(tmp_path / "plan.csv") == []
    assert {row["reason"] for row in rows(tmp_path / "explain.csv")} == {"no pledge"}
    assert "No nation pledges this capability." in (tmp_path / "report.html").read_text()
