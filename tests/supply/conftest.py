"""A case of supply of one site, small enough to reckon by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "case.toml": """[case]
name = "one site"
first_month = "2027-01"
days = 100
escorts = 2
demand_variation = 0
""",
    "places.csv": """place,role,latitude,longitude,persons,water_made_here
Port,source,0,0,0,0
Camp,site,0,2,1000,0
""",
    "commodities.csv": """commodity,kg_per_person_day,start_days,reorder_days,fill_days
rations,2,10,5,10
""",
    "fleets.csv": """fleet,mode,vehicles,payload_t,speed_kmh,hours_per_day,usd_per_km,usd_per_day,\
kg_co2_per_km,serviceable
trucks,road,5,16,30,9,2,100,1,1
""",
    "routes.csv": """route,origin,destination,fleet,km,handling_days,convoy_vehicles,escort,\
urgent_days,closed_months,attacks_per_1000_km,load_lost,blocked_days,breakdowns_per_1000_km,repair_days
road,Port,Camp,trucks,270,1,10,yes,,,0,0,0,0,0
""",
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes the case with some texts replaced, and returns its folder."""

    def make(*changes: tuple[str, str, str]) -> Path:
        files = dict(FILES)
        for name, old, new in changes:
            assert old in files[name], f"{old!r} is not in {name}"
            files[name] = files[name].replace(old, new)
        folder = tmp_path / "case"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return make
