"""Read Stata files (releases 117 to 119) without trusting what their header claims."""

from __future__ import annotations

import re
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sulh.intake.base import Document
from sulh.intake.text import refused

_HEADER = re.compile(
    rb"<stata_dta><header><release>(117|118|119)</release>"
    rb"<byteorder>(LSF|MSF)</byteorder><K>(.{2,4}?)</K><N>(.{4,8}?)</N>",
    re.DOTALL,
)
_WIDTHS = {65530: 1, 65529: 2, 65528: 4, 65527: 4, 65526: 8, 32768: 8}
_SECTIONS = (
    b"<stata_dta>",
    b"<map>",
    b"<variable_types>",
    b"<varnames>",
    b"<sortlist>",
    b"<formats>",
    b"<value_label_names>",
    b"<variable_labels>",
    b"<characteristics>",
    b"<data>",
    b"<strls>",
    b"<value_labels>",
    b"</stata_dta>",
)
_LONGEST_TEXT = 2045
_NAME_BYTES = {117: 33, 118: 129, 119: 129}
MOST_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Header:
    """What the head of the file claims: release, byte order (struct's sign), width, height."""

    release: int
    order: str
    variables: int
    records: int


def is_stata(data: bytes) -> bool:
    """Return whether the bytes open like a Stata file of release 117 or later; cheap."""
    return data[:200].startswith(b"<stata_dta><header><release>")


def variable_names(data: bytes) -> tuple[str, ...]:
    """Return the names of the variables, or () where the head is damaged; cheap.

    No other part of the file is looked at, so that a source can be recognised quickly.
    """
    header = _header(data)
    start = data.find(b"<varnames>", 0, 65_536)
    if header is None or start < 0:
        return ()
    width = _NAME_BYTES[header.release]
    body = data[start + 10 : start + 10 + width * header.variables]
    cells = [body[place : place + width] for place in range(0, len(body), width)]
    return tuple(cell.split(b"\0", 1)[0].decode("utf-8", "replace") for cell in cells)


def _header(data: bytes) -> _Header | None:
    found = _HEADER.match(data[:400])
    if not found:
        return None
    order = "<" if found[2] == b"LSF" else ">"
    sizes = {2: "H", 4: "I", 8: "Q"}
    if len(found[3]) not in sizes or len(found[4]) not in sizes:
        return None
    variables = struct.unpack(order + sizes[len(found[3])], found[3])[0]
    records = struct.unpack(order + sizes[len(found[4])], found[4])[0]
    return _Header(int(found[1]), order, variables, records)


def _problem(data: bytes) -> str | None:
    """Return what is wrong with the layout, or None where every part is where it should be."""
    header = _header(data)
    if header is None:
        return "the head is damaged, or its release is not 117, 118 or 119"
    if not 0 < header.variables <= 2000:
        return f"the head claims {header.variables:,} variables"
    start = data.find(b"<map>", 0, 1000)
    if start < 0 or len(data) < start + 5 + 14 * 8:
        return "the map of the file is missing"
    places = struct.unpack(header.order + "14Q", data[start + 5 : start + 5 + 14 * 8])
    if list(places) != sorted(places) or places[13] != len(data):
        return f"the map of the file speaks of {places[13]:,} bytes, there are {len(data):,}"
    for section, place in zip(_SECTIONS, places, strict=False):
        if not data.startswith(section, place):
            return f"{section.decode()} is not at byte {place:,} where the map puts it"
    return _data_problem(data, header, places)


def _data_problem(data: bytes, header: _Header, places: tuple[int, ...]) -> str | None:
    """Check that the records fill their part of the file exactly."""
    start = places[2] + len(b"<variable_types>")
    if places[3] - start < 2 * header.variables:
        return "the list of variable types is cut"
    types = struct.unpack(
        f"{header.order}{header.variables}H", data[start : start + 2 * header.variables]
    )
    widths = [_WIDTHS.get(kind, kind) for kind in types]
    if any(kind not in _WIDTHS and not 0 < kind <= _LONGEST_TEXT for kind in types):
        return "a variable has a type that Stata does not know"
    records = places[10] - places[9] - len(b"<data></data>")
    if sum(widths) * header.records != records:
        return (
            f"the head claims {header.records:,} records of {sum(widths):,} bytes, "
            f"the file holds {records:,} bytes of them"
        )
    return None


def read_stata(document: Document) -> pl.DataFrame:
    """Return the records of a Stata file, dates as Stata's own numbers, or raise `RefusedFile`.

    The layout is checked against the size of the file before the library sees it: a head that
    promises more than there is could otherwise ask for any amount of memory. A column ``line``
    holds the number of the record, from 1.
    """
    why = "the file is damaged, cut or not written by Stata 13 or later"
    if len(document.data) > MOST_BYTES:
        found = f"{len(document.data):,} bytes"
        raise refused(document, found, "no known data set is so large", "split the file")
    problem = _problem(document.data)
    if problem:
        raise refused(document, problem, why, "fetch the file again")
    try:
        frame = _through_the_library(document.data)
    except Exception as error:
        found = f"{type(error).__name__}: {error}"[:200]
        raise refused(document, found, why, "fetch the file again") from error
    return frame.with_row_index("line", offset=1).with_columns(pl.col("line").cast(pl.Int64))


def _through_the_library(data: bytes) -> pl.DataFrame:
    import pyreadstat

    with tempfile.TemporaryDirectory(prefix="sulh-") as folder:
        path = Path(folder) / "data.dta"
        path.write_bytes(data)
        frame, _ = pyreadstat.read_dta(
            path, output_format="polars", disable_datetime_conversion=True
        )
    found: pl.DataFrame = frame
    return found
