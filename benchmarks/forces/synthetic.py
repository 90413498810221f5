"""Write a synthetic case of force generation from a seed.

    python -m benchmarks.forces.synthetic FOLDER --pledges 150 --requirements 50 --seed 7

Nations are drawn from the list below, so that a nation has several pledges as in real cases; unit
sizes, tours and costs are drawn around those of `docs/forces.md`. One seed gives one case.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

NATIONS = (
    "ARE",
    "ARG",
    "BDI",
    "BEN",
    "BFA",
    "BGD",
    "BRA",
    "CHN",
    "CIV",
    "CMR",
    "DEU",
    "EGY",
    "ESP",
    "ETH",
    "FJI",
    "FRA",
    "GAB",
    "GBR",
    "GHA",
    "GIN",
    "GMB",
    "IDN",
    "IND",
    "IRL",
    "ITA",
    "JOR",
    "JPN",
    "KAZ",
    "KEN",
    "KHM",
    "LKA",
    "MAR",
    "MNG",
    "MOZ",
    "MRT",
    "NER",
    "NGA",
    "NPL",
    "PAK",
    "POL",
    "PRT",
    "QAT",
    "RWA",
    "SEN",
    "SLE",
    "SRB",
    "TCD",
    "TGO",
    "TUN",
    "TUR",
    "TZA",
    "UGA",
    "URY",
    "UZB",
    "VNM",
    "ZAF",
    "ZMB",
)
MISSIONS = (
    "MINUSCA",
    "MONUSCO",
    "UNMISS",
    "UNISFA",
    "UNIFIL",
    "UNDOF",
    "MINURSO",
    "UNFICYP",
    "UNSOS",
)
# capability: persons, monthly cost of equipment in thousand US dollars, share of requirements
CAPABILITIES: Mapping[str, tuple[int, int, int]] = {
    "infantry_battalion": (850, 450, 20),
    "infantry_company": (180, 110, 10),
    "formed_police_unit": (160, 90, 14),
    "quick_reaction_force": (150, 110, 9),
    "engineer_company": (220, 300, 9),
    "transport_company": (190, 130, 7),
    "utility_helicopter_unit": (110, 820, 7),
    "level_2_hospital": (65, 130, 7),
    "signals_company": (100, 90, 5),
    "eod_company": (90, 100, 6),
    "isr_unit": (80, 250, 6),
}
KINDS = ("equipment", "airlift", "training")
COST_OF_KIND = {"equipment": 1_000_000, "airlift": 600_000, "training": 300_000}

TOML = """[case]
name = "{name}"
start = "2026-01"
months = {months}

[rates]
personnel_month_usd = 1428          # General Assembly resolution 72/285

[lead_months]
"1" = 9
"2" = 6
"3" = 3
"rdl" = 2

[weights]
unmet = 1_000_000
cost_usd = 1
women = 2_000
"""


@dataclass(frozen=True)
class Size:
    """How large a case is to be."""

    pledges: int
    requirements: int
    months: int = 36
    seed: int = 1


def write_case(folder: Path, size: Size) -> Path:
    """Write the six files of the case of a size and seed; return the folder."""
    draw = random.Random(size.seed)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"synthetic-{size.pledges}x{size.requirements}x{size.months}-seed{size.seed}"
    toml = TOML.format(name=name, months=size.months)
    (folder / "case.toml").write_text(toml, encoding="utf-8")
    _write(folder / "missions.csv", (_mission(draw, key) for key in MISSIONS))
    _write(folder / "nations.csv", (_nation(draw, key) for key in NATIONS))
    _write(
        folder / "requirements.csv",
        (_requirement(draw, i, size.months) for i in range(size.requirements)),
    )
    _write(folder / "pledges.csv", (_pledge(draw, i) for i in range(size.pledges)))
    offers = max(size.pledges // 8, 2)
    _write(folder / "partners.csv", (_offer(draw, i, size.months) for i in range(offers)))
    return folder


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    listed = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, listed[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def _month(index: int) -> str:
    return f"{2026 + index // 12}-{index % 12 + 1:02d}"


def _some(draw: random.Random, values: Sequence[str], most: int) -> str:
    return "|".join(sorted(draw.sample(values, draw.randint(1, most))))


def _mission(draw: random.Random, key: str) -> dict[str, object]:
    ceiling, target = draw.choice(["", 1200, 1800, 2500]), draw.choice([0.08, 0.1, 0.15])
    return {"mission": key, "max_personnel_per_nation": ceiling, "women_target": target}


def _nation(draw: random.Random, key: str) -> dict[str, object]:
    most = draw.choice([600, 900, 1500, 2500, 4000, 6000])
    return {"nation": key, "max_personnel": most, "max_missions": draw.choice(["", 2, 3, 4])}


def _requirement(draw: random.Random, i: int, months: int) -> dict[str, object]:
    weights = [part[2] for part in CAPABILITIES.values()]
    first = draw.randint(1, max(months // 4, 1))
    last = draw.randint(max(months * 2 // 3, first), months - 1)
    capability = draw.choices(list(CAPABILITIES), weights)[0]
    value = CAPABILITIES[capability][0] * 0.002 + CAPABILITIES[capability][1] * 0.002 + 1
    return {
        "requirement": f"R{i + 1:04d}",
        "mission": draw.choice(MISSIONS),
        "capability": capability,
        "units": draw.choice([1, 1, 2, 2, 3]),
        "first_month": _month(first),
        "last_month": _month(last),
        "priority": round(value * draw.uniform(1, 6), 2),
        "languages": draw.choice(["", "", "en", "fr", "fr|en", "en|ar"]),
    }


def _pledge(draw: random.Random, i: int) -> dict[str, object]:
    capability = draw.choice(list(CAPABILITIES))
    persons, cost, _ = CAPABILITIES[capability]
    strength = round(persons * draw.uniform(0.8, 1.2))
    ends = _month(draw.randint(20, 35)) if draw.random() < 0.25 else ""
    needs = sorted(draw.sample(KINDS, draw.choices([0, 1, 2, 3], [50, 30, 15, 5])[0]))
    excluded = _some(draw, MISSIONS, 3) if draw.random() < 0.4 else ""
    return {
        "pledge": f"P{i + 1:04d}",
        "nation": draw.choice(NATIONS),
        "capability": capability,
        "units": draw.choice([1, 1, 1, 2, 3]),
        "strength": strength,
        "women": round(strength * draw.uniform(0, 0.18)),
        "readiness": draw.choice(["1", "2", "3", "rdl"]),
        "available_from": _month(draw.choice([0, 0, 3, 6, 12])),
        "available_to": ends,
        "tour_months": draw.choice([6, 12, 12]),
        "reset_months": draw.choice([0, 4, 6, 12]),
        "max_tours": draw.choice(["", "", 2, 3]),
        "languages": draw.choice(["en", "en", "fr", "fr|ar", "en|ar", "en|fr"]),
        "excluded_missions": excluded,
        "needs": "|".join(needs),
        "monthly_cost_usd": round(cost * draw.uniform(0.8, 1.2)) * 1000,
        "move_cost_usd": round(strength * draw.uniform(2, 6)) * 1000,
    }


def _offer(draw: random.Random, i: int, months: int) -> dict[str, object]:
    kind, first = draw.choice(KINDS), draw.randint(0, months // 3)
    recipients = "" if draw.random() < 0.4 else _some(draw, NATIONS, 12)
    return {
        "offer": f"O{i + 1:03d}",
        "provider": draw.choice(NATIONS),
        "kind": kind,
        "capability": "" if draw.random() < 0.7 else draw.choice(list(CAPABILITIES)),
        "recipients": recipients,
        "uses": draw.randint(3, 9),
        "first_month": _month(first),
        "last_month": _month(draw.randint(first, months - 1)),
        "cost_usd": round(COST_OF_KIND[kind] * draw.uniform(0.8, 1.2) / 10_000) * 10_000,
    }


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    for name, value in (("pledges", 150), ("requirements", 50), ("months", 36), ("seed", 1)):
        reader.add_argument(f"--{name}", type=int, default=value)
    asked = reader.parse_args()
    size = Size(asked.pledges, asked.requirements, asked.months, asked.seed)
    print(write_case(asked.folder, size))


if __name__ == "__main__":
    main()
