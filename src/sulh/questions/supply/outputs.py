"""The files of a simulated or sized case of supply."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import polars as pl

from sulh.cases.writing import write_all
from sulh.questions.supply import statistics
from sulh.questions.supply.case import Case
from sulh.questions.supply.reading import COLUMNS
from sulh.questions.supply.report import render
from sulh.questions.supply.seasons import COLUMNS as SEASON_COLUMNS
from sulh.questions.supply.seasons import FILE as SEASONS
from sulh.questions.supply.simulate import Simulated
from sulh.questions.supply.size import Sized
from sulh.result.formats import to_csv, write_parquet


def write_simulated(found: Simulated, folder: str | Path) -> dict[str, Any]:
    """Write shortages, traffic, days held, the summary and the report; return the summary."""
    told = statistics.summary(found)
    contents = {
        "shortages.csv": to_csv(statistics.shortages(found)).encode(),
        "traffic.csv": to_csv(statistics.traffic(found)).encode(),
        "held.parquet": write_parquet(_held(found)),
        "summary.json": (json.dumps(_plain(told), indent=2) + "\n").encode(),
        "report.html": render(found, told).encode(),
    }
    write_all(Path(folder), contents)
    return told


def write_sized(sized: Sized, found: Simulated, folder: str | Path) -> dict[str, Any]:
    """Write the sized case, what it promises beside what simulation confirms, and the report."""
    told = statistics.summary(found)
    promised = {
        "usd_planned": sized.usd,
        "usd_bound": sized.bound,
        "vehicles": dict(sized.vehicles),
        "escorts": sized.case.settings.escorts,
        "depots": list(sized.depots),
        "amount_short_promised": 0.0,
        "amount_short_simulated": told["amount_short"],
        "simulated": told,
    }
    contents = {name: text.encode() for name, text in case_files(sized.case).items()}
    contents["summary.json"] = (json.dumps(_plain(promised), indent=2) + "\n").encode()
    contents["report.html"] = render(found, told, sized).encode()
    write_all(Path(folder), contents)
    return promised


def case_files(case: Case) -> dict[str, str]:
    """Return the files of a case as text, from which the same case is read."""
    settings = case.settings
    parts: dict[str, list[tuple[Any, ...]]] = {
        "places.csv": [
            (n.key, n.role, n.latitude, n.longitude, n.persons, n.water_made_here)
            for n in case.nodes.values()
        ],
        "commodities.csv": [
            tuple(getattr(kind, name) for name in ("key", *COLUMNS["commodities.csv"][1:]))
            for kind in case.commodities.values()
        ],
        "fleets.csv": [
            tuple(getattr(fleet, name) for name in ("key", *COLUMNS["fleets.csv"][1:]))
            for fleet in case.fleets.values()
        ],
        "routes.csv": [
            (
                *(r.key, r.origin, r.destination, r.fleet, r.km, r.handling_days),
                *(r.convoy_vehicles, "yes" if r.escort else "no"),
                "" if r.urgent_days is None else r.urgent_days,
                "|".join(str(month) for month in sorted(r.closed)),
                *(r.attacks_per_1000_km, r.load_lost, r.blocked_days),
                *(r.breakdowns_per_1000_km, r.repair_days),
            )
            for r in case.routes.values()
        ],
    }
    toml = (
        f"[case]\nname = {json.dumps(settings.name, ensure_ascii=False)}\n"
        f'first_month = "{settings.first_month}"\ndays = {settings.days}\n'
        f"escorts = {settings.escorts}\ndemand_variation = {settings.demand_variation}\n"
    )
    if case.seasons:
        parts[SEASONS] = [(*key, factor) for key, factor in sorted(case.seasons.items())]
    return {"case.toml": toml, **{name: _text(name, rows) for name, rows in parts.items()}}


def _text(name: str, rows: list[tuple[Any, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SEASON_COLUMNS if name == SEASONS else COLUMNS[name])
    writer.writerows(rows)
    return out.getvalue()


def _held(found: Simulated) -> pl.DataFrame:
    """Return days of supply held by day, place and commodity: median, 5 and 95 %."""
    places, kinds = list(found.case.nodes), list(found.case.commodities)
    days = found.case.settings.days
    low, middle, high = found.held
    parts = [
        pl.DataFrame(
            {
                "day": range(1, days + 1),
                "place": [place] * days,
                "commodity": [kind] * days,
                "low": low[:, i, k],
                "median": middle[:, i, k],
                "high": high[:, i, k],
            }
        )
        for i, place in enumerate(places)
        for k, kind in enumerate(kinds)
        if found.needed[:, i, k].any()
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema={"day": pl.Int64})


def _plain(value: Any) -> Any:
    """Return a value as JSON takes it: what is not a number is null."""
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_plain(held) for held in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
