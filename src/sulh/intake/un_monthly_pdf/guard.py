"""What can be said of a file's bytes before the PDF library is let near them."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import NamedTuple

from sulh.core.errors import RefusedFile

MOST_BYTES = 16 * 1024 * 1024  # the largest report yet has 0.9 MB
MOST_UNPACKED = 256 * 1024 * 1024  # all compressed streams together; the most yet is 9 MB

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FLATE = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\s*[\]/>\r\n]")
_HOLE = bytes(16)
_ZLIB = b"x"  # how a compressed stream begins, whatever its dictionary says
_NESTED = re.compile(rb"/(?:LZW|RunLength)Decode|/FlateDecode\s*/FlateDecode")
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:[0-9]|<<)")


class Damage(NamedTuple):
    """What is damaged in a file: compressed streams against their checksum, holes of zeros."""

    streams: int
    broken: int
    holes: int


def check_bytes(data: bytes, name: str) -> None:
    """Raise `RefusedFile` for bytes that are no PDF, too many, or not all there."""
    if not data:
        raise RefusedFile(f"{name} is empty", "there is nothing to import", _AGAIN)
    if len(data) > MOST_BYTES:
        raise RefusedFile(
            f"{name} has {len(data):,} bytes",
            f"a report has at most a few million; over {MOST_BYTES:,} it is none",
            _RIGHT,
        )
    if not is_pdf(data):
        raise RefusedFile(
            f"{name} is not a PDF",
            "it does not begin with %PDF",
            "give the report as the publisher offers it",
        )
    if b"%%EOF" not in data[-2048:]:
        raise RefusedFile(
            f"{name} is cut short",
            "a PDF ends with %%EOF; pages of this one may be missing",
            _AGAIN,
        )
    if _JOINED.search(data):
        raise RefusedFile(
            f"{name} holds several PDFs, one after the other",
            "only the last of them would be read, and the others lost without a trace",
            "import each report as a file of its own, as the publisher gives it",
        )


_JOINED = re.compile(rb"%%EOF[\x00\s]*%PDF-[0-9]")
_RIGHT = "check that this is the right file"
_AGAIN = "download the report again from the publisher, and import that copy"


def is_pdf(data: bytes) -> bool:
    """Return whether bytes begin as a PDF does."""
    return b"%PDF-" in data[:1024]


@lru_cache(maxsize=1)  # asked for when the file is recognised, and again when it is read
def find_damage(data: bytes, name: str) -> Damage:
    """Return what is damaged in the bytes of a PDF.

    The PDF library takes what it can from a damaged file and says nothing. The checksum at the end
    of a compressed stream says whether a letter or a figure may have changed, and a run of zeros
    between streams that a part of the file was lost. Raises `RefusedFile` if the streams unpack to
    more than a report can hold.
    """
    if _ENCRYPTED.search(data):
        raise RefusedFile(f"{name} is encrypted", "its parts cannot be checked", _AGAIN)
    streams = broken = holes = unpacked = end = 0
    while match := _STREAM.search(data, end):
        head = data[end : match.start()]
        holes += _HOLE in head
        end = data.find(b"endstream", match.end())
        end = end if end >= 0 else len(data)
        first = max(head.rfind(b" obj"), 0)
        if _NESTED.search(head, first):
            raise RefusedFile(
                f"{name} packs its parts twice over", "no report does, and it may be a trap", _RIGHT
            )
        named = _FLATE.search(head, first) is not None
        if not named and data[match.end() : match.end() + 1] != _ZLIB:
            continue
        size, whole = _unpack(data[match.end() : end], MOST_UNPACKED - unpacked)
        streams += named
        broken += named and not whole
        unpacked += size
        if unpacked >= MOST_UNPACKED:
            raise RefusedFile(
                f"{name} unpacks to more than {MOST_UNPACKED:,} bytes",
                "it would exhaust the memory and is no report",
                _RIGHT,
            )
    return Damage(streams, broken, holes + (_HOLE in data[end:]))


def _unpack(chunk: bytes, most: int) -> tuple[int, bool]:
    """Return how much a stream unpacks to, and whether it is whole."""
    stream = zlib.decompressobj()
    size = 0
    try:
        while chunk and size < most and not stream.eof:
            part = stream.decompress(chunk, 1 << 20)
            size += len(part)
            chunk = stream.unconsumed_tail
            if not part and not chunk:
                break
    except zlib.error:
        return size, False
    return size, stream.eof
