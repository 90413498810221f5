"""Packed event files, whole and damaged, read with either library that unpacks them."""

from __future__ import annotations

import gzip
import random
import zipfile
import zlib
from pathlib import Path
from types import ModuleType

import pytest

from sulh.core.errors import RefusedFile
from sulh.questions.cooperation.events import blocks as module
from sulh.questions.cooperation.events.blocks import blocks

_LINES = [f"{number}\t{'x' * (number % 97)}\t{number**3}\n".encode() for number in range(30_000)]
_DATA = b"".join(_LINES)


@pytest.fixture(params=["zlib", "isal_zlib"])
def inflater(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    isal = pytest.importorskip("isal.isal_zlib") if request.param == "isal_zlib" else zlib
    monkeypatch.setattr(module, "inflater", isal)
    return isal


def _zipped(path: Path, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.mkdir("folder")
        archive.writestr("folder/b.csv", b"".join(_LINES[20_000:]))
        member = zipfile.ZipInfo("folder/a.csv")
        member.extra = b"\x99\x99\x04\x00abcd"  # a field of its own in the header of the member
        member.compress_type = method
        archive.writestr(member, b"".join(_LINES[:20_000]))
        archive.comment = comment
    return path


@pytest.mark.parametrize("size", [1, 100, 70_000, 10**7])
def test_blocks_are_whole_lines_of_all_that_was_packed(
    inflater: ModuleType, tmp_path: Path, size: int
) -> None:
    (tmp_path / "plain").write_bytes(_DATA if size > 1 else _DATA[:20_000])
    packed = [gzip.compress(_DATA[:50_001]), gzip.compress(_DATA[50_001:]), b"\0" * 700]
    (tmp_path / "gzip").write_bytes(b"".join(packed))
    _zipped(tmp_path / "zip", comment=b"PK" * 300)
    _zipped(tmp_path / "stored", zipfile.ZIP_STORED)
    _zipped(tmp_path / "bzip2", zipfile.ZIP_BZIP2)
    for path in sorted(tmp_path.iterdir()):
        parts = list(blocks(path, size))
        expected = _DATA[:20_000] if path.name == "plain" and size == 1 else _DATA
        whole = b"".join(parts)
        assert whole.removesuffix(b"\n") == expected.removesuffix(b"\n"), path.name
        assert all(part.endswith(b"\n") for part in parts)


def test_files_cut_short_or_changed_are_refused(inflater: ModuleType, tmp_path: Path) -> None:
    """Whatever is changed or lost in the packed data: refused, and never read as other data."""
    chance = random.Random(3)
    path = tmp_path / "x"
    zipped, gzipped = _zipped(tmp_path / "zip").read_bytes(), gzip.compress(_DATA)
    refused = 0
    for whole in (zipped, gzipped):
        for _ in range(40):
            data = bytearray(whole)
            place = chance.randrange(60, len(data) // 2)
            if chance.random() < 0.5:
                data[place] ^= 1 << chance.randrange(8)
            else:
                del data[place : place + 500]
            path.write_bytes(data)
            try:
                assert b"".join(blocks(path)) == _DATA
            except RefusedFile:
                refused += 1
    assert refused > 70  # some bytes of a header say nothing about the data


def test_what_no_reader_opens_is_refused(inflater: ModuleType, tmp_path: Path) -> None:
    path = _zipped(tmp_path / "zip")
    data = bytearray(path.read_bytes())
    flags = data.index(b"PK\x01\x02") + 8
    while flags > 7:  # say of each member that it is encrypted
        data[flags] |= 1
        flags = data.find(b"PK\x01\x02", flags) + 8
    path.write_bytes(data)
    with pytest.raises(RefusedFile, match="encrypted"):
        list(blocks(path))
    (tmp_path / "cut.gz").write_bytes(gzip.compress(_DATA)[:-9])
    with pytest.raises(RefusedFile):
        list(blocks(tmp_path / "cut.gz"))
    (tmp_path / "long").write_bytes(b"x" * 3_000_000)
    with pytest.raises(RefusedFile, match="a line of more"):
        list(blocks(tmp_path / "long"))
