"""Planning figures: every one that was collected is shipped, and the rates are what they say."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from sulh.facts.planning import CAUSES, FatalityRate, fatality_rates, figures, topics
from sulh.facts.table import read_table
from sulh.questions import contributions
from sulh.questions.view import View
from sulh.store.reading import Store

_CAUSES = {
    "malicious act": "malicious_act",
    "accident": "accident",
    "illness": "illness",
    "self-inflicted, unknown, to be determined": "other",
    "all causes": "all",
}
_REWORDED = {
    "same with MINUSMA mission factors applied": "major-equipment reimbursement, MINUSMA infantry "
    "battalion of 425, with mission factors",
    "same: sea part": "infantry battalion of 700, China UNMISS: sea part",
}
"""Items that named another row, and here stand alone."""


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


@pytest.fixture(scope="module")
def collected(shared_data: Path) -> list[dict[str, str]]:
    """Return the rows as they were collected."""
    path = shared_data.parent / "facts" / "planning.csv"
    if not path.is_file():
        pytest.skip("the collected facts (../shared/facts) are not beside the repository")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _in_authorised_strength(row: dict[str, str]) -> bool:
    """Return whether the table of ceilings has the number in a row of the operation and year."""
    operation = row["item"].split()[0]
    for held in read_table("authorised_strength"):
        if held["operation"] == operation and held["from"][:4] == row["valid_from"][:4]:
            numbers = re.findall(r"\d[\d,]*", " ".join(v for k, v in held.items() if k != "source"))
            if row["value"] in {number.replace(",", "") for number in numbers}:
                return True
    return False


def _in_gender_targets(row: dict[str, str]) -> bool:
    return any(
        held["year"] == "2028" and held["women_percent"] == row["value"]
        for held in read_table("gender_targets")
    )


def test_every_figure_collected_is_shipped_with_its_grade(
    collected: list[dict[str, str]],
) -> None:
    held = {(f.topic, f.item, f.since, _number(f.value)): f for f in figures()}
    elsewhere: Counter[str] = Counter()
    for row in collected:
        if row["topic"] == "fatality_rate":
            continue
        item = _REWORDED.get(row["item"], row["item"])
        found = held.get((row["topic"], item, row["valid_from"], _number(row["value"])))
        if found is None:
            elsewhere[row["topic"]] += 1
            where = {
                "authorised_strength": _in_authorised_strength,
                "gender_target": _in_gender_targets,
            }
            assert row["topic"] in where, row
            assert where[row["topic"]](row), row
            continue
        assert found.mark.grade == row["grade"], row
        assert found.unit == row["unit"], row
        assert found.mark.verified("value") == (row["grade"] != "R")
    assert elsewhere == {"authorised_strength": 17, "gender_target": 4}


def test_every_fatality_rate_collected_is_shipped(collected: list[dict[str, str]]) -> None:
    held = {(f.operation or "UN all", f.start, f.end, f.cause): f for f in fatality_rates()}
    rows = [row for row in collected if row["topic"] == "fatality_rate"]
    assert len(rows) == len(held) == 425
    for row in rows:
        read = re.fullmatch(r"(.+) (\d{4}-\d\d) to (\d{4}-\d\d), (.+)", row["item"])
        assert read is not None
        operation, start, end, cause = read.groups()
        found = held[operation, start, end, _CAUSES[cause]]
        assert row["note"].startswith(f"{found.deaths} deaths / {found.person_years} person-years")
        assert found.rate == pytest.approx(float(row["value"]), abs=0.00501), "printed to 0.01"


_TYPES = ("Military", "Military Observer", "Police")
_PUBLISHED = {
    "malicious_act": ["Malicious Act"],
    "accident": ["Accident"],
    "illness": ["Illness"],
    "other": ["Self-Inflicted", "Unknown", "To Be Determined"],
}


def test_the_deaths_of_the_rates_are_those_of_the_published_file(real_store: Store) -> None:
    deaths = real_store.table("fatalities").filter(pl.col("casualty_type").is_in(_TYPES))
    for rate in fatality_rates():
        causes = _PUBLISHED.get(
            rate.cause, [name for names in _PUBLISHED.values() for name in names]
        )
        counted = deaths.filter(
            pl.col("month").is_between(pl.lit(rate.start), pl.lit(rate.end)),
            pl.col("cause").is_in(causes),
            pl.lit(not rate.operation) | (pl.col("operation") == rate.operation),
        )
        assert counted["fatalities"].sum() == rate.deaths, rate


def _of_a_year(rate: FatalityRate) -> bool:
    return not rate.operation and rate.cause == "all" and rate.start[:4] == rate.end[:4]


def test_the_person_years_are_the_monthly_strengths_over_twelve(real_store: Store) -> None:
    world = contributions.series(real_store, "WORLD", View()).table
    year = pl.col("month").str.head(4).alias("year")
    by_year = world.group_by(year).agg(
        pl.col("persons").sum(), pl.col("persons").count().alias("n")
    )
    served = {year: persons / 12 for year, persons, n in by_year.iter_rows() if n == 12}
    compared = [rate for rate in fatality_rates() if _of_a_year(rate) and rate.start[:4] in served]
    assert len(compared) >= 24
    for rate in compared:
        assert rate.person_years == pytest.approx(served[rate.start[:4]], rel=0.001)


def test_what_was_not_found_has_no_value_and_is_unverified() -> None:
    empty = [one for one in figures() if not one.value]
    assert len(empty) > 30
    assert not any(one.mark.verified("value") for one in empty)
    assert {one.topic for one in figures()} | {"fatality_rate"} == set(topics())
    assert set(CAUSES) == set(_PUBLISHED)
