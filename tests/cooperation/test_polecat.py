"""Counts of POLECAT events by hand, on a small file made with the columns as documented."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.cooperation.events import events
from sulh.questions.cooperation.events.families import families
from sulh.questions.cooperation.events.polecat import family_number

_COLUMNS = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
]

# name, day, type, mode, contexts, actors, recipients
_EVENTS = [
    ("a_CONSULT", "2021-03-01", "CONSULT", "visit", "diplomatic", "BGD", "TUR"),
    ("b_AID", "2021-03-02", "AID", "", "military; peacekeeping", "BGD", "SSD"),
    ("c_AID", "2021-03-03", "AID", "", "humanitarian", "TUR; QAT", "SOM"),
    ("d_CONSULT", "2021-03-04", "CONSULT", "", "military", "EGY; SDN; ETH", "None"),
    ("e_COOPERATE", "2021-04-05", "COOPERATE", "", "military", "Pakistan", "Türkiye"),
    ("f_SANCTION", "2021-04-06", "SANCTION", "SANCTION-expel", "", "MLI", "FRA"),
    ("g_RETREAT", "2021-04-07", "RETREAT", "access", "peacekeeping", "SDN", "IGO"),
    ("h_ASSAULT", "2021-04-08", "ASSAULT", "firearms", "", "USA", "USA"),
    ("i_COOPERATE", "2021-04-09", "COOPERATE", "", "military; historical", "USA", "JPN"),
    ("a_CONSULT", "2021-03-01", "CONSULT", "visit", "diplomatic", "BGD", "TUR"),
]
_PLACES = [
    _COLUMNS.index(name)
    for name in (
        "Event ID",
        "Event Date",
        "Event Type",
        "Event Mode",
        "Contexts",
        "Actor Country",
        "Recipient Country",
    )
]
_BY_HAND = {
    ("2021-03", "BGD", "TUR", "dialogue"): 1,
    ("2021-03", "BGD", "SSD", "peacekeeping_supply"): 1,
    ("2021-03", "TUR", "SOM", "aid"): 1,
    ("2021-03", "QAT", "SOM", "aid"): 1,
    # Three meet without a host: each pair of them once.
    ("2021-03", "EGY", "SDN", "dialogue"): 1,
    ("2021-03", "EGY", "ETH", "dialogue"): 1,
    ("2021-03", "SDN", "ETH", "dialogue"): 1,
    ("2021-04", "PAK", "TUR", "defence_cooperation"): 1,
    ("2021-04", "MLI", "FRA", "reversal"): 1,
}


def _line(event: tuple[str, ...], width: int = 40) -> str:
    cells = ["x"] * 40 + [""] * (width - 40)
    for place, cell in zip(_PLACES, event, strict=True):
        cells[place] = cell
    return "\t".join(cells)


def _file(path: Path, *, header: list[str] | None = None, width: int = 40) -> Path:
    lines = ["\t".join(header or _COLUMNS), *(_line(event, width) for event in _EVENTS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _counts(path: Path) -> dict[tuple[str, ...], int]:
    return {tuple(row[:4]): row[4] for row in events([path]).table.iter_rows()}


def test_counts_are_those_by_hand(tmp_path: Path) -> None:
    path = _file(tmp_path / "any.name")
    assert _counts(path) == _BY_HAND
    found = events([path])
    assert "10 lines of 1 files; 1 repeat" in found.assumed[0]
    assert found.origins[0].key == "polecat"
    assert any("no nation: IGO (1)" in text for text in found.missing)


def test_the_known_faults_of_published_files_change_nothing(tmp_path: Path) -> None:
    named = [*_COLUMNS[:7], "Headline", *_COLUMNS[7:]]
    assert _counts(_file(tmp_path / "name_too_many", header=named)) == _BY_HAND
    assert _counts(_file(tmp_path / "empty_cells", width=43)) == _BY_HAND
    assert _counts(_file(tmp_path / "both_wide", header=[*_COLUMNS, "", ""], width=42)) == _BY_HAND
    plain = _file(tmp_path / "plain")
    data = plain.read_bytes().replace("Türkiye".encode(), "Türkiye".encode("latin-1"))
    for name, written in (
        ("old", data),
        ("packed", gzip.compress(data)),
        ("mark", b"\xef\xbb\xbf" + data),
    ):
        (tmp_path / name).write_bytes(written)
        assert _counts(tmp_path / name) == _BY_HAND


def test_an_event_of_two_files_counts_once(tmp_path: Path) -> None:
    _file(tmp_path / "1")
    _file(tmp_path / "2")
    found = events([tmp_path])
    assert found.table.equals(events([tmp_path / "1"]).table)
    assert "20 lines of 2 files; 11 repeat" in found.assumed[0]


def test_an_event_of_several_nations_is_one_event_of_its_family(tmp_path: Path) -> None:
    table = events([_file(tmp_path / "x")], by="family").table
    assert dict(table.iter_rows()) == {
        "aid": 1,
        "defence_cooperation": 1,
        "dialogue": 2,
        "host_acceptance": 1,
        "peacekeeping_supply": 1,
        "reversal": 1,
    }


def test_damage_is_counted_and_placed(tmp_path: Path) -> None:
    path = _file(tmp_path / "x")
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("2021-03-01", "2021-03-41")
    lines[3] = lines[3].rpartition("\t")[0]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = next(text for text in events([path]).missing if text.startswith("Damaged"))
    assert "1 with other columns than named; 1 with no day" in said
    assert "line 2, 4" in said


def test_two_data_sets_are_not_summed(shared_data: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="POLECAT"):
        events([_file(tmp_path / "x"), shared_data / "gdelt/20191024143000.export.CSV"])
    header = "\t".join(name for name in _COLUMNS if name != "Contexts")
    (tmp_path / "cut").write_text(header + "\n", encoding="utf-8")
    with pytest.raises(NotAnswerable, match="without Contexts"):
        events([tmp_path / "cut"])


@pytest.mark.parametrize(
    ("event", "family"),
    [
        (("AGREE", "", "peacekeeping"), "peacekeeping_supply"),
        (("AGREE", "", "military"), "defence_cooperation"),
        (("AGREE", "", "economic"), None),
        (("SUPPORT", "", "diplomatic"), None),
        (("RETREAT", "withdraw", "diplomatic"), None),
        (("REJECT", "yield", "military"), "reversal"),
        (("COERCE", "restrict", "legal"), None),
        (("CONSULT", "CONSULT-third-party", "hypothetical"), None),
    ],
)
def test_families_follow_the_published_map(event: tuple[str, str, str], family: str | None) -> None:
    number = family_number(*event)
    assert (families()[number - 1] if number else None) == family
