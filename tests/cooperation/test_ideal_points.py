"""Ideal points as their files have them: by session with numbers, or by year with ISO codes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document
from sulh.intake.cooperation.ideal_points import SOURCE
from sulh.intake.importing import import_paths
from sulh.questions.cooperation.panel import panel
from sulh.store.reading import Store

_SESSIONS = (
    '"ccode","session","IdealPointAll","Q5%All","NVotesAll","Countryname"\n'
    "2,66,2.61,2.4,66,United States\n"
    "771,66,-0.72,-0.9,64,Bangladesh\n"
    "651,66,NA,NA,0,Egypt\n"
    "2,1,1.5,1.1,40,United States\n"
)
_YEARS = "iso3c\tyear\tidealpointall\nUSA\t2011\t2.61\nBGD\t2011\t-0.72\n"


def _read(text: str) -> pl.DataFrame:
    document = Document("any.name", text.encode())
    assert SOURCE.recognises(document)
    return SOURCE.parse(document).tables["nation_years"]


def test_a_session_is_of_the_year_in_which_it_began() -> None:
    table = _read(_SESSIONS)
    assert table.select("year", "nation_code", "code_system", "value").rows() == [
        (2011, "2", "cow", 2.61),
        (2011, "771", "cow", -0.72),
        (2011, "651", "cow", None),
        (1946, "2", "cow", 1.5),
    ]


def test_years_and_codes_of_letters_are_read_alike() -> None:
    table = _read(_YEARS)
    assert table.select("year", "nation_code", "code_system", "value").rows() == [
        (2011, "USA", "iso3", 2.61),
        (2011, "BGD", "iso3", -0.72),
    ]


def test_they_are_a_variable_of_panels(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(_SESSIONS)
    import_paths([tmp_path / "points.csv"], tmp_path / "store")
    store = Store.open(tmp_path / "store")
    found = panel(store, "nation-year", "ideal_point", "2011", "2011")
    of = dict(found.table.select("nation", "ideal_point").iter_rows())
    assert (of["USA"], of["BGD"], of["EGY"]) == (2.61, -0.72, None)
    assert [origin.key for origin in found.origins] == ["ideal_points"]


@pytest.mark.parametrize("cell", ["much", "250", "inf"])
def test_what_is_no_point_is_refused(cell: str) -> None:
    text = _YEARS.replace("2.61", cell).replace("-0.72", cell)
    with pytest.raises(RefusedFile):
        SOURCE.parse(Document("x", text.encode()))
    other = Document("x", b"iso3c,year,point\nUSA,2011,1\n")
    assert not SOURCE.recognises(other)
