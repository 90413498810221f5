"""Put the page of a simulated case together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from sulh.cases.page import Band, bands, fill
from sulh.questions.supply import statistics
from sulh.questions.supply.simulate import Simulated
from sulh.questions.supply.size import Sized

_WORST = 6


def render(found: Simulated, told: Mapping[str, Any], sized: Sized | None = None) -> str:
    """Return the report as HTML."""
    rows = statistics.shortages(found).sort("amount_short", "lowest_days", descending=[True, False])
    routes = statistics.traffic(found).filter(pl.col("trips") > 0)
    return fill(
        "sulh.questions.supply.report",
        {
            "case": found.case,
            "told": told,
            "sized": sized,
            "rows": rows.to_dicts(),
            "routes": routes.sort("tonnes", descending=True).to_dicts(),
            "charts": [_chart(found, row) for row in rows.head(_WORST).to_dicts()],
            "days": found.case.settings.days,
        },
    )


def _chart(found: Simulated, row: Mapping[str, Any]) -> dict[str, Any]:
    place = list(found.case.nodes).index(row["place"])
    kind = list(found.case.commodities).index(row["commodity"])
    low, middle, high = np.nan_to_num(found.held[:, :, place, kind], posinf=0.0)
    order = found.case.commodities[row["commodity"]].reorder_days
    title = f"{row['place']}, {row['commodity']}"
    band = Band(low.tolist(), middle.tolist(), high.tolist(), order)
    return {"title": title, "drawing": bands(band, f"Days of supply held: {title}")}
