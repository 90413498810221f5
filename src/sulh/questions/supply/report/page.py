"""Put the page of a simulated case together."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from sulh.cases.page import Band, bands, fill
from sulh.questions.supply import statistics
from sulh.questions.supply.report.drawing import map_of
from sulh.questions.supply.simulate import Simulated
from sulh.questions.supply.size import Sized

_WORST = 6


def render(found: Simulated, told: Mapping[str, Any], sized: Sized | None = None) -> str:
    """Return the report as HTML."""
    rows = statistics.shortages(found).sort("amount_short", "lowest_days", descending=[True, False])
    routes = statistics.traffic(found).filter(pl.col("trips") > 0)
    package = "sulh.questions.supply.report"
    carried = dict(zip(routes["route"], routes["tonnes"], strict=True))
    style = files(package).joinpath("report.css").read_text(encoding="utf-8")
    return fill(
        package,
        {
            "map": map_of(found.case, carried, _short(rows)),
            "case": found.case,
            "told": told,
            "sized": sized,
            "rows": rows.to_dicts(),
            "routes": routes.sort("tonnes", descending=True).to_dicts(),
            "charts": [_chart(found, row) for row in rows.head(_WORST).to_dicts()],
            "days": found.case.settings.days,
        },
        style,
    )


def _short(rows: pl.DataFrame) -> dict[str, float]:
    """Return by place the share of the weight needed that is not met."""
    weight = pl.col("tonnes_per_day")
    by_place = rows.group_by("place").agg((pl.col("amount_short") * weight).sum() / weight.sum())
    return dict(by_place.iter_rows())


def _chart(found: Simulated, row: Mapping[str, Any]) -> dict[str, Any]:
    place = list(found.case.nodes).index(row["place"])
    kind = list(found.case.commodities).index(row["commodity"])
    low, middle, high = np.nan_to_num(found.held[:, :, place, kind], posinf=0.0)
    order = found.case.commodities[row["commodity"]].reorder_days
    title = f"{row['place']}, {row['commodity']}"
    band = Band(low.tolist(), middle.tolist(), high.tolist(), order)
    return {"title": title, "drawing": bands(band, f"Days of supply held: {title}")}
