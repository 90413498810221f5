"""Real files, replayed with a cut in the middle, arrive unaltered and are recognised."""

from __future__ import annotations

import pytest

from sulh.intake.base import Document
from sulh.intake.fetching import available
from sulh.intake.importing.recognising import recognise
from sulh.intake.registry import sources

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CASES = [
    ("un_hub_catalogue", "un_hub/metadata-all.json", "application/json", "un_hub_catalogue"),
    ("ipi_gender", "ipi/Gender.Full.csv", "text/plain; charset=utf-8", "ipi_gender"),
    ("geopko_places", "geopko/FrontMap_v.2.3.csv", "text/plain", "geopko"),
    ("geopko_troop_types", "geopko/TTMap_v.2.3.csv", "text/plain", "geopko"),
    ("geopko_contributors", "geopko/TCCMap_v.2.3.csv", "text/plain", "geopko"),
    ("pact", "pact/PACT2_mission-year.csv", "text/plain", "pact"),
    ("cow_nmc", "countries/cow_nmc.csv", "text/csv", "cow_nmc"),
    ("sipri_milex", "countries/SIPRI-Milex-data-1949-2022.xlsx", WORKBOOK, "sipri_milex"),
    (
        "un_monthly_pdf",
        "un_monthly_pdf/UN_country_contributions_2020_12.pdf",
        "application/pdf",
        "un_monthly_pdf",
    ),
]


@pytest.mark.shared
@pytest.mark.parametrize(("endpoint", "name", "kind", "key"), CASES, ids=str)
def test_real_file_through_a_cut(desk, site, reply, shared_data, endpoint, name, kind, key):
    data = (shared_data / name).read_bytes()
    half, end = len(data) // 2, len(data) - 1
    mark = {"ETag": '"a"'}
    span = {"Content-Range": f"bytes {half}-{end}/{len(data)}", **mark}
    site.pages["/file"] = [
        reply(data, kind=kind, headers=mark, cut=half),
        reply(data[half:], 206, kind=kind, headers=span),
    ]
    desk.point(endpoint, "/file")
    (file,) = desk.run(endpoint).files
    assert file.outcome == "fetched", file.message
    assert site.asked[1].headers["Range"] == f"bytes={half}-"
    assert file.path.read_bytes() == data
    assert recognise(Document("fetched", data), sources()).key.startswith(key)


@pytest.mark.shared
def test_real_file_that_is_cut_for_good_is_refused(desk, site, reply, shared_data):
    for endpoint, name, kind, _ in CASES:
        data = (shared_data / name).read_bytes()[:-300]
        if endpoint in ("un_hub_catalogue", "sipri_milex", "un_monthly_pdf"):
            site.pages["/file"] = [reply(data, kind=kind)]
            desk.point(endpoint, "/file")
            assert desk.run(endpoint).files[0].outcome == "failed"


def test_page_speaks_of_every_endpoint_and_setting(root):
    text = (root / "docs" / "fetching.md").read_text(encoding="utf-8")
    for end in available():
        how = "by hand" if end.kind == "by_hand" else end.certainty
        assert f"| `{end.key}` | {how} | {end.title} |" in text
    for setting in ("address", "addresses", "pattern", "hosts", "per_page", "max_mb", "from", "to"):
        assert f"`{setting}`" in text


def test_settings_on_the_page_are_accepted(root, desk):
    text = (root / "docs" / "fetching.md").read_text(encoding="utf-8")
    desk.write(text.split("```toml\n")[1].split("```")[0])
    # Two that are had by hand are chosen, so that the file is read and nothing is asked.
    report = desk.run("gdp", "population")
    assert [file.outcome for file in report.files] == ["by_hand", "by_hand"]
