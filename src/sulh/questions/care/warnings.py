"""What in a sound case a planner should know before believing an answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sulh.questions.care.case import Case
from sulh.questions.care.engine.layout import layout
from sulh.questions.places import remote


def warnings(case: Case) -> Iterator[str]:
    """Yield what is absent or unlikely; none of it keeps a case from being simulated."""
    if not case.people:
        yield "nobody lives at the sites: there will be no patients"
    elif not case.processes:
        yield "no cause of rates.csv strikes anybody at the sites: there will be no patients"
    elif not case.expected_evacuated:
        yield "no cause of rates.csv makes patients of priority 1 to 3: nobody will be evacuated"
    if not any(f.level >= 2 and f.theatres for f in case.facilities):
        yield "no facility of level 2 or above has a theatre: nobody will be operated on"
    if not any(f.kind == "helicopter" and f.number for f in case.fleets):
        yield "no helicopter: the wounded go by road, or by aeroplane between airfields"
    if not case.fleets or not any(f.number for f in case.fleets):
        yield "no vehicle or aircraft: nobody will be moved"
    for site in case.sites:
        if far := remote(site.key, site.latitude, site.longitude):
            yield far
    if case.facilities:
        laid = layout(case)
        for site, home in zip(case.sites, laid.homes, strict=True):
            if home < 0 and site.people:
                yield f"no level 1 to 3 within {case.settings.walk_km:g} km of {site.key}"
        cut_off = ~np.isfinite(laid.facilities["transfer"]) & (laid.facilities["level"] < 2)
        for number in np.flatnonzero(cut_off):
            yield f"nothing reaches surgery from {case.facilities[number].key} in its range"
