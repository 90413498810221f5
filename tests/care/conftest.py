"""A toy case whose times a reader can add up, written to files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

# Spreads of no width: every time is its median. Nobody recovers within a run, so nobody leaves.
TOML = """\
[case]
name = "toy"
month = "2020-06"
days = 100

[clocks]
first_aid = 10
enhanced_care = 60
surgery = 120

[rules]
sunrise = 6
sunset = 18
bad_weather = 0
road_factor = 2
divert_hours = 0
walk_km = 5

[minutes]
first_aid_camp = [4, 4]
first_aid_field = [4, 4]
request = [10, 10]
permission = [30, 30]
stabilise = [20, 20]
consultation = [15, 15]
operation = [60, 60]
loading = 10

[treatment]
recovery_days = [1, 1, 1]
recovery_tenth = [1, 1, 1]
onward_after_hours = 24

[limits]
patients = 100000
steps = 100000000
"""

# A degree of latitude is 111.195 km; 1.8 degrees are 200.151 km, an hour at that speed.
TOY: dict[str, str] = {
    "case.toml": TOML,
    "sites.csv": "site,latitude,longitude,people,radius_km\ncamp,0,0,1000,0\n",
    "facilities.csv": (
        "facility,latitude,longitude,level,doctors,theatres,operations_per_day,beds,holding_days,"
        "airfield\nhospital,1.8,0,2,9,9,9,99,30,no\n"
    ),
    "evacuation.csv": (
        "fleet,kind,base,number,speed_kmh,seats,range_km,readiness_minutes,night,weather,"
        "permission,medic,available\n"
        "heli,helicopter,hospital,1,200.151,4,600,15,yes,yes,yes,yes,1\n"
    ),
    "rates.csv": (
        "cause,site,per_1000_person_years,casualties_per_event,in_field,priority_1,priority_2,"
        "priority_3,surgery_1,surgery_2,surgery_3\nattack,,100,1,0,1,0,0,1,1,1\n"
    ),
}


@pytest.fixture
def toy(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of the toy case; files are changed by pairs of text to find and put."""

    def write(name: str = "toy", **changes: tuple[str, str]) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for file, text in TOY.items():
            before, after = changes.get(file.partition(".")[0], ("", ""))
            assert before in text
            content = text.replace(before, after) if before else text
            (folder / file).write_text(content, encoding="utf-8")
        return folder

    return write
