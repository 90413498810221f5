"""Damaged copies of real reports: refused, doubted or the same figures; never anything else."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Parsed
from sulh.intake.un_monthly_pdf import SOURCE
from sulh.intake.un_monthly_pdf.guard import MOST_UNPACKED, find_damage

pytestmark = pytest.mark.shared

# Short files of five kinds: by country with totals, types in columns, two lists without totals,
# and names in merged cells.
FILES = ("2018_03", "2023_09", "2019_09", "2024_10", "2022_09")


@pytest.fixture(scope="module")
def originals(shared_data: Path) -> dict[str, tuple[bytes, Parsed]]:
    found = {}
    for name in FILES:
        path = shared_data / "un_monthly_pdf" / f"UN_country_contributions_{name}.pdf"
        data = path.read_bytes()
        found[name] = (data, SOURCE.parse(Document(name, data)))
    return found


def figures(parsed: Parsed) -> pl.DataFrame:
    return parsed.tables["contributions"].drop("page", "line")


def harmless(data: bytes, original: Parsed) -> bool:
    """Return whether a damaged file is refused, doubted anew, or gives the same figures."""
    try:
        parsed = SOURCE.parse(Document("damaged", data))
    except RefusedFile as error:
        return bool(error.found and error.why and error.mend)
    known = set(original.flags)
    if any(f.severity in ("doubt", "refused") and f not in known for f in parsed.flags):
        return True
    return figures(parsed).equals(figures(original))


@given(st.data())
def test_damage_of_many_kinds(
    originals: dict[str, tuple[bytes, Parsed]], data: st.DataObject
) -> None:
    content, original = originals[data.draw(st.sampled_from(FILES))]
    damaged = bytearray(content)
    place = st.integers(0, len(content) - 1)
    kind = data.draw(st.sampled_from(["bits", "zeros", "gap", "twice", "cut", "swap"]))
    at, length = data.draw(place), data.draw(st.integers(1, 4096))
    if kind == "bits":
        for where in data.draw(st.lists(place, min_size=1, max_size=40)):
            damaged[where] ^= 1 << data.draw(st.integers(0, 7))
    elif kind == "zeros":
        damaged[at : at + length] = bytes(len(damaged[at : at + length]))
    elif kind == "gap":
        del damaged[at : at + length]
    elif kind == "twice":
        damaged[at:at] = damaged[at : at + length]
    elif kind == "cut":
        del damaged[at:]
    else:
        other = data.draw(place)
        damaged[at : at + length], damaged[other : other + length] = (
            damaged[other : other + length],
            damaged[at : at + length],
        )
    assert harmless(bytes(damaged), original)


@pytest.mark.parametrize("name", FILES)
def test_a_download_that_broke_off(originals: dict[str, tuple[bytes, Parsed]], name: str) -> None:
    content, _ = originals[name]
    for share in (0.01, 0.3, 0.9, 0.99):
        with pytest.raises(RefusedFile, match="cut short"):
            SOURCE.parse(Document(name, content[: int(len(content) * share)]))


def test_a_stream_with_a_wrong_figure_fails_its_checksum(
    originals: dict[str, tuple[bytes, Parsed]],
) -> None:
    """The list of 2024_10 has no totals: only the checksum can tell that 0 became 8."""
    content, original = originals["2024_10"]
    changed = 0
    for match in re.finditer(rb"/FlateDecode[^\x00]{0,200}?stream\r?\n", content):
        end = content.index(b"endstream", match.end())
        packed = content[match.end() : end]
        inside = zlib.decompressobj().decompress(packed)
        if b"Tj" not in inside and b"TJ" not in inside:
            continue
        # The same stream stored as it is, one byte changed, its old checksum kept.
        stored = bytearray(zlib.compress(inside, 0))
        at = len(stored) // 2
        stored[at] ^= 1
        assert (
            find_damage(
                b"%PDF-1.4 1 0 obj <</Filter/FlateDecode>>stream\n" + stored + b"\nendstream", "x"
            ).broken
            == 1
        )
        changed += 1
        if changed == 3:
            break
    assert changed == 3
    assert find_damage(content, "x").broken == 0
    assert not [flag for flag in original.flags if flag.code == "damaged"]


def test_a_stream_that_unpacks_without_end_is_refused() -> None:
    bomb = zlib.compressobj(9)
    packed = b"".join(bomb.compress(bytes(1 << 20)) for _ in range((MOST_UNPACKED >> 20) + 1))
    packed += bomb.flush()
    assert len(packed) < 1_000_000
    data = b"%PDF-1.4\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + packed
    data += b"\nendstream\nendobj\n%%EOF\n"
    with pytest.raises(RefusedFile, match="unpacks to more"):
        SOURCE.parse(Document("bomb", data))


def test_a_stream_packed_twice_is_refused() -> None:
    data = b"%PDF-1.4\n1 0 obj\n<< /Filter [/FlateDecode /FlateDecode] >>\nstream\nx\nendstream"
    with pytest.raises(RefusedFile, match="twice over"):
        SOURCE.parse(Document("twice", data + b"\nendobj\n%%EOF\n"))


@given(st.binary(max_size=600), st.booleans())
def test_arbitrary_bytes_are_refused(content: bytes, dressed: bool) -> None:
    data = b"%PDF-1.7\n" + content + b"\n%%EOF" if dressed else content
    document = Document("anything", data)
    assert SOURCE.recognises(document) == dressed  # claimed, to say what is wrong with it
    with pytest.raises(RefusedFile):
        SOURCE.parse(document)
