"""The hub's data sets: CSV and JSON alike, blanks and umbrellas told, doubles counted once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Parsed, Source
from sulh.intake.ipi import SOURCES as IPI
from sulh.intake.un_hub import SOURCES

EPOCH_2013_12_31 = 1_388_448_000_000  # 16,070 days of 86,400,000 ms
HISTORICAL: list[dict[str, object]] = [
    {"contribution_id": 1, "contributing_country": "Bangladesh", "isocode3": "BGD",
     "m49_code": 50.0, "mission_acronym": "UNMISS", "personnel_type": "Troops",
     "female_personnel": 2, "male_personnel": 7, "last_reporting_date": EPOCH_2013_12_31},
    {"contribution_id": 2, "contributing_country": "Türkiye", "isocode3": None,
     "m49_code": None, "mission_acronym": "UNIFIL", "personnel_type": "formed_police_units",
     "female_personnel": 0, "male_personnel": 4, "last_reporting_date": EPOCH_2013_12_31},
    {"contribution_id": 3, "contributing_country": "Namibia", "isocode3": "NAM",
     "m49_code": 516.0, "mission_acronym": "UNMISS", "personnel_type": "Staff Officer",
     "female_personnel": 1, "male_personnel": 1, "last_reporting_date": EPOCH_2013_12_31},
]  # fmt: skip


def parse(document: Document) -> Parsed:
    (source,) = [source for source in SOURCES if source.recognises(document)]
    return source.parse(document)


def as_json(records: object) -> Document:
    return Document("any", json.dumps(records).encode())


def as_csv(records: list[dict[str, object]], date: str = "2013-12-31") -> Document:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**record, "last_reporting_date": date} for record in records)
    return Document("any", stream.getvalue().encode())


def changed(**cells: object) -> list[dict[str, object]]:
    return [{**HISTORICAL[0], **cells}, *HISTORICAL[1:]]


def codes(parsed: Parsed, *severities: str) -> set[str]:
    return {flag.code for flag in parsed.flags if flag.severity in severities}


@pytest.mark.parametrize(
    "document",
    [
        as_json(HISTORICAL),
        as_json({"data": HISTORICAL}),
        as_json({"metadata": {"page_num": 1, "per_page": 3}, "value": HISTORICAL}),
        as_csv(HISTORICAL),
        as_csv(HISTORICAL, "2013-12-31T00:00:00Z"),
    ],
    ids=["list", "data", "value", "csv", "csv with time"],
)
def test_contributions_in_every_wrapping(document: Document) -> None:
    parsed = parse(document)
    columns = ["month", "nation_name", "nation_code", "operation_name", "personnel_type",
               "women", "men", "persons"]  # fmt: skip
    assert parsed.source == "un_hub_contributions"
    assert parsed.tables["contributions"].select(columns).rows() == [
        ("2013-12", "Bangladesh", "BGD", "UNMISS", "troops", 2, 7, 9),
        ("2013-12", "Türkiye", None, "UNIFIL", "formed_police", 0, 4, 4),
        ("2013-12", "Namibia", "NAM", "UNMISS", "staff_officers", 1, 1, 2),
    ]
    assert codes(parsed, "note", "repaired", "doubt", "refused") == {"blank_nation_code"}


def test_codes_are_told_by_their_values() -> None:
    records = [
        {**record, "isocode3": record["m49_code"], "m49_code": record["isocode3"]}
        for record in HISTORICAL
    ]
    parsed = parse(as_json(records))
    assert parsed.tables["contributions"]["nation_code"].to_list() == ["BGD", None, "NAM"]
    assert "codes_exchanged" in codes(parsed, "repaired")


def test_latest_gives_nations_only() -> None:
    record = {"id": 1, "contributing_country": "Nepal", "isocode3": "NPL", "m49_code": 524,
              "female_personnel": 2, "male_personnel": 3, "total_uniformed_personnel": 6,
              "personnel_contribution_rank": 1,
              "last_reporting_date": EPOCH_2013_12_31}  # fmt: skip
    parsed = parse(as_json([record]))
    row = parsed.tables["contributions"].row(0, named=True)
    assert (row["operation_name"], row["personnel_type"], row["persons"]) == (None, "uniformed", 6)
    assert codes(parsed, "doubt") == {"women_and_men_do_not_add_up"}


def test_older_file_by_its_documented_columns() -> None:
    text = (
        "Date,Contributor,Contributor_ISO-3,Mission,Troops,Police,Observers,Total\n"
        "2005-12-31,Ghana,GHA,UNMIL,852,40,NA,892\n"
        "2005-12-31,Togo,TGO,ONUB,1,NA,NA,2\n"
    )
    parsed = parse(Document("any", text.encode()))
    columns = ["nation_code", "personnel_type", "persons"]
    assert parsed.tables["contributions"].select(columns).rows() == [
        ("GHA", "troops", 852), ("TGO", "troops", 1), ("GHA", "police", 40),
    ]  # fmt: skip
    assert [flag.line for flag in parsed.flags if flag.code == "types_do_not_add_up"] == [3]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"personnel_type": "Musicians"}, "unknown_personnel_type"),
        ({"female_personnel": None}, "no_persons"),
        ({"female_personnel": -1}, "not_a_count"),
        ({"male_personnel": 1e300}, "not_a_count"),
        ({"male_personnel": 1.5}, "not_a_count"),
        ({"last_reporting_date": None}, "no_date"),
        ({"last_reporting_date": 9e15}, "not_a_date"),
        ({"contributing_country": "=cmd()"}, "not_a_name"),
        ({"contributing_country": None}, "not_a_name"),
    ],
)
def test_what_is_kept_apart(cells: dict[str, object], code: str) -> None:
    parsed = parse(as_json([*HISTORICAL * 1, *_many(20), {**HISTORICAL[0], **cells}]))
    assert code in codes(parsed, "refused")
    assert parsed.tables["contributions"].height == 23


def _many(number: int) -> list[dict[str, object]]:
    return [{**HISTORICAL[0], "mission_acronym": f"OP{place}"} for place in range(number)]


def test_duplicates_are_dropped_and_contradictions_told() -> None:
    parsed = parse(as_json([*HISTORICAL, HISTORICAL[0], {**HISTORICAL[2], "male_personnel": 5}]))
    assert parsed.tables["contributions"]["persons"].to_list() == [9, 4, 2]
    assert {"duplicates"} <= codes(parsed, "repaired")
    assert {"contradictory_duplicate"} <= codes(parsed, "doubt")


def test_exchanged_sexes_are_in_doubt() -> None:
    records = changed(female_personnel=700, male_personnel=2)
    assert "women_outnumber_men" in codes(parse(as_json(records)), "doubt")


def test_mostly_unreadable_file_is_refused() -> None:
    records = [{**record, "male_personnel": "many"} for record in HISTORICAL]
    with pytest.raises(RefusedFile, match="3 of 3 rows"):
        parse(as_json(records))


@pytest.fixture(scope="module")
def hub(shared_data: Path) -> Path:
    return shared_data / "un_hub"


def read(path: Path) -> Parsed:
    return parse(Document(path.name, path.read_bytes()))


@pytest.mark.shared
def test_fatalities_in_csv_and_json_are_the_same(hub: Path) -> None:
    one = read(hub / "dppadposs-fatalities.csv").tables["fatalities"]
    other = read(hub / "dppadposs-fatalities-json.json").tables["fatalities"]
    assert one.drop("line").equals(other.drop("line"))
    assert one["date"].min().isoformat() == "1948-07-06"  # type: ignore[union-attr]


@pytest.mark.shared
def test_faults_of_the_fatalities(hub: Path) -> None:
    """4,429 rows less 6 deaths that stand twice, for Montenegro before it existed."""
    parsed = read(hub / "DPPADPOSS-FATALITIES.csv")
    rows = parsed.tables["fatalities"]
    assert rows.height == 4429 - 6
    assert rows["casualty"].is_unique().all()
    assert "Montenegro" not in rows["nation_name"].to_list()
    assert rows.filter(pl.col("nation_code") == "SCG").height == 6
    assert rows.filter(pl.col("nation_code") == "NAM").height == 16
    assert rows.filter(pl.col("personnel_type") == "Local").height == 557 - 6
    assert rows.filter(pl.col("nation_name") == "Türkiye")["nation_code"].null_count() == 6
    assert rows["nation_name"].null_count() == 15
    assert {"casualty_twice", "stray_spaces"} == codes(parsed, "repaired")
    assert {"blank_nation_code", "nationality_unknown", "sex_unknown"} == codes(parsed, "note")


@pytest.mark.shared
def test_faults_of_the_operations(hub: Path) -> None:
    parsed = read(hub / "DPPADPOSS-PKO.csv")
    rows = {row["operation_name"]: row for row in
            parsed.tables["operations"].iter_rows(named=True)}  # fmt: skip
    assert len(rows) == 81
    for name, point in {
        "UNPROFOR": (45.8167, 15.9833), "UNOSOM II": (2.0333, 45.35), "UNOSOM": (2.0333, 45.35),
        "UNAVEM I": (-8.8383, 13.2344), "UNAVEM": (-8.8383, 13.2344), "UNEF": (31.5, 34.4667),
        "UNEF II": (31.5, 34.4667), "MINUSMA": (12.65, -8.0), "UNSCOB": (37.9669, 23.7668),
    }.items():  # fmt: skip
        assert (rows[name]["latitude"], rows[name]["longitude"]) == point
    assert rows["MINUSTAH"]["active"] is False  # written NO
    assert (rows["UNTSO"]["active"], rows["UNTSO"]["end"]) == (True, None)
    assert rows["UNFOR"]["end"] is None
    assert "end_unknown" in codes(parsed, "note")
    assert not rows["DOMREP"]["name"].startswith('"')
    umbrellas = {flag.message.split()[0] for flag in parsed.flags
                 if flag.code == "umbrella_operation"}  # fmt: skip
    assert umbrellas == {"UNEF", "UNOSOM", "UNAVEM"}


@pytest.mark.shared
def test_list_of_the_united_nations(hub: Path) -> None:
    rows = read(hub / "PKO_start_end.csv").tables["operations"]
    assert rows.height == 71
    first = rows.row(0, named=True)
    assert (first["start"].isoformat(), first["end"], first["active"]) == ("1948-05-01", None, True)


@pytest.mark.shared
def test_catalogue_is_known_and_gives_nothing(hub: Path) -> None:
    parsed = read(hub / "metadata-all.json")
    assert (parsed.rows, parsed.tables) == (0, {})
    assert "53 data sets" in parsed.flags[0].message


ALL: tuple[Source, ...] = (*SOURCES, *IPI)


@pytest.fixture(scope="module")
def samples(shared_data: Path) -> list[bytes]:
    """Return the heads of real files, whole in themselves."""
    paths = [*sorted((shared_data / "ipi").glob("*.csv")),
             *sorted((shared_data / "un_hub").glob("*.csv"))]  # fmt: skip
    heads = [b"".join(path.read_bytes().splitlines(keepends=True)[:40]) for path in paths]
    text = (shared_data / "un_hub" / "dppadposs-fatalities-json.json").read_bytes()
    return [*heads, text[: text.rindex(b"}", 0, 6000) + 1] + b"]"]


@pytest.mark.shared
@given(data=st.data())
def test_mutations_are_refused_or_read_within_bounds(
    samples: list[bytes], data: st.DataObject
) -> None:
    body = bytearray(data.draw(st.sampled_from(samples)))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(body) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                body[place] ^= 1 << data.draw(st.integers(0, 7))
            case 1:
                pieces = [b"=1+1", b"-5", b"1e300", b"NaN", b'"', b",", b"\n", b"\x00", b"\xff"]
                body[place:place] = data.draw(st.sampled_from(pieces))
            case 2:
                del body[place : place + data.draw(st.integers(1, 80))]
            case _:
                body = body[: place + 1]
        body = body or bytearray(b" ")
    document = Document("Chad.csv", bytes(body))
    for source in ALL:
        if source.recognises(document):
            _bounded(source, document)


def _bounded(source: Source, document: Document) -> None:
    try:
        parsed = source.parse(document)
    except RefusedFile as error:
        assert error.mend
        return
    for frame in parsed.tables.values():
        if "persons" in frame.columns:
            assert frame["persons"].null_count() == 0
            assert frame["persons"].is_between(0, 1_000_000).all()
        if "latitude" in frame.columns:
            assert frame["latitude"].drop_nulls().is_between(-90, 90).all()


@pytest.mark.parametrize("source", ALL, ids=lambda source: f"{source.key}")
@given(body=st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(source: Source, body: bytes) -> None:
    document = Document("Chad.csv", body)
    assert source.recognises(document) in (True, False)
    _bounded(source, document)


@pytest.mark.shared
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_other_encodings_give_the_same_rows(hub: Path, encoding: str) -> None:
    path = hub / "DPPADPOSS-PKO.csv"
    text = path.read_text(encoding="utf-8")
    again = parse(Document("other", text.encode(encoding)))
    assert again.tables["operations"].equals(read(path).tables["operations"])


def deaths(hub: Path, change: Callable[[list[dict[str, Any]]], None]) -> Document:
    """Return the fatalities in JSON, changed."""
    records = json.loads((hub / "dppadposs-fatalities-json.json").read_text(encoding="utf-8"))
    change(records)
    return Document("any.json", json.dumps(records).encode())


@pytest.mark.shared
def test_dates_in_seconds_are_refused(hub: Path) -> None:
    """1,700,000,000 is in November 2023 as seconds and in January 1970 as milliseconds."""

    def to_seconds(records: list[dict[str, Any]]) -> None:
        for record in records:
            record["incident_date"] //= 1000

    with pytest.raises(RefusedFile, match="does not fit the year in the casualty's number"):
        parse(deaths(hub, to_seconds))


@pytest.mark.shared
@pytest.mark.parametrize("year", ["1848", "1975", "2048"])
def test_a_date_out_of_its_time_is_kept_apart(hub: Path, year: str) -> None:
    text = (hub / "dppadposs-fatalities.csv").read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    place = next(i for i, line in enumerate(lines) if "UNIFIL-2023-11-00003" in line)
    lines[place] = (
        lines[place].replace("2023-11-", f"{year}-11-").replace(f"UNIFIL-{year}", "UNIFIL-2023")
    )
    assert lines[place] not in text
    parsed = parse(Document("any.csv", "\n".join([*lines, ""]).encode()))
    before = read(hub / "dppadposs-fatalities.csv").tables["fatalities"]
    assert parsed.tables["fatalities"].height == before.height - 1
    assert codes(parsed, "refused") & {"not_a_date", "date_contradicts_number"}


@pytest.mark.shared
def test_exchanged_headers_of_nationality_and_type_are_refused(hub: Path) -> None:
    def exchange(records: list[dict[str, Any]]) -> None:
        one, other = "casualty_nationality", "casualty_personnel_type"
        for record in records:
            record[one], record[other] = record[other], record[one]

    with pytest.raises(RefusedFile, match="4350 of 4350 rows cannot be read"):
        parse(deaths(hub, exchange))


def test_half_a_character_is_refused() -> None:
    body = json.dumps(HISTORICAL).replace("Bangladesh", "Bangladesh\\ud800")
    with pytest.raises(RefusedFile, match="lone surrogate"):
        parse(Document("any.json", body.encode()))
    whole = json.dumps(HISTORICAL).replace("Bangladesh", "Bangladesh\\ud83d\\ude00")
    assert parse(Document("any.json", whole.encode())).rows > 0
