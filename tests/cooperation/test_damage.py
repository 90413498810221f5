"""Files of cooperation with damaged bytes are read or refused, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document
from sulh.intake.cooperation import SOURCES

_DCAD = b"ccode1,abbrev1,ccode2,abbrev2,year,dcaGeneralV1,dcaGeneralV2,dcaSectorV1,dcaSectorV2\n"
_DIPLOMATS = b"ccode1,ccode2,year,DR_at_1,DR_at_2,DE,version\n"


def _parsed(name: str, data: bytes) -> dict[str, int]:
    document = Document(name, data)
    source = next(s for s in SOURCES if s.recognises(document))
    tables = source.parse(document).tables
    return {name: table.height for name, table in tables.items()}


def test_agreements_and_missions_by_their_documented_columns() -> None:
    # One general agreement, certain and probable, each way: 4 ties.
    assert _parsed("x", _DCAD + b"640,TUR,770,PAK,2005,1,1,0,0\n") == {"ties": 4}
    # An ambassador sent by the second to the first, a minister the other way.
    assert _parsed("x", _DIPLOMATS + b"640,770,2005,3,2,1,2006\n") == {"ties": 2}


@pytest.mark.parametrize(
    "name",
    [
        "atop/atop_dyads.csv",
        "atop/atop5_1m.csv",
        "unvotes/un_roll_calls.csv",
        "countries/sipri_arms_dyad_year.csv",
        "fmtrpt/2005_2006_All_Regions_fmtrpt.tsv",
    ],
)
@settings(max_examples=12)
@given(data=st.data())
def test_damaged_bytes_never_crash(shared_data: Path, name: str, data: st.DataObject) -> None:
    damaged = bytearray((shared_data / name).read_bytes()[:30_000])
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    document = Document("x", bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    for source in SOURCES:
        if source.recognises(document):
            try:
                source.parse(document)
            except RefusedFile:
                continue
