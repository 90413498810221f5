"""What can be said of a file's bytes before the PDF library is let near them."""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

from sulh.core.errors import RefusedFile

MOST_BYTES = 64 * 1024 * 1024  # the largest report yet has 0.9 MB
MOST_UNPACKED = 256 * 1024 * 1024  # all compressed streams together; the most yet is 9 MB

_STREAM = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\b[^\x00]{0,400}?stream\r?\n", re.DOTALL)
_ENCRYPTED = re.compile(rb"/Encrypt\s+[0-9]")


class Streams(NamedTuple):
    """Compressed streams of a file: how many, and how many fail their own checksum."""

    seen: int
    broken: int


def check_bytes(data: bytes, name: str) -> None:
    """Raise `RefusedFile` for bytes that are no PDF, too many, or not all there."""
    if not data:
        raise RefusedFile(f"{name} is empty", "there is nothing to import", _AGAIN)
    if len(data) > MOST_BYTES:
        raise RefusedFile(
            f"{name} has {len(data):,} bytes",
            f"a report has at most a few million; over {MOST_BYTES:,} it is none",
            "check that this is the right file",
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


_AGAIN = "download the report again from the publisher, and import that copy"


def is_pdf(data: bytes) -> bool:
    """Return whether bytes begin as a PDF does."""
    return b"%PDF-" in data[:1024]


def check_streams(data: bytes, name: str) -> Streams:
    """Return how many compressed streams there are and how many are damaged.

    The PDF library takes what it can from a damaged stream and says nothing; the checksum at a
    stream's end says whether a letter or a figure may have changed. Raises `RefusedFile` if the
    streams unpack to more than a report can hold.
    """
    count = broken = unpacked = 0
    if _ENCRYPTED.search(data):
        return Streams(0, 0)  # readable without a password perhaps, but not by its bytes
    for match in _STREAM.finditer(data):
        count += 1
        end = data.find(b"endstream", match.end())
        chunk = data[match.end() : end if end >= 0 else None]
        size, whole = _unpack(chunk, MOST_UNPACKED - unpacked)
        unpacked += size
        broken += not whole
        if unpacked >= MOST_UNPACKED:
            raise RefusedFile(
                f"{name} unpacks to more than {MOST_UNPACKED:,} bytes",
                "it would exhaust the memory and is no report",
                "check that this is the right file",
            )
    return Streams(count, broken)


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
