"""A user's own table and the mapping file beside it, as one sequence of bytes.

Figures of such a table depend on both files, so that both are hashed and kept together.
"""

from __future__ import annotations

from pathlib import Path

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document

ENDING = ".sulh.toml"
_MAGIC = b"SULH table with mapping 1\n"
_LENGTH = 8


def mapping_of(path: Path) -> Path | None:
    """Return the mapping file that lies beside a table (``x.sulh.toml`` beside ``x.csv``)."""
    beside = path.with_name(path.stem + ENDING)
    return beside if path.name != beside.name and beside.is_file() else None


def tables_of(mapping: Path) -> list[Path]:
    """Return the files that a mapping file describes."""
    stem = mapping.name.removesuffix(ENDING)
    beside = sorted(mapping.parent.iterdir()) if mapping.parent.is_dir() else []
    return [path for path in beside if path.stem == stem and path.is_file() and path != mapping]


def pack(mapping: bytes, table: bytes) -> bytes:
    """Return both as one sequence of bytes.

    >>> unpack(Document("x.csv", pack(b"[source]", b"a,b")))[1].data
    b'a,b'
    """
    return _MAGIC + len(mapping).to_bytes(_LENGTH, "big") + mapping + table


def unpack(document: Document) -> tuple[Document, Document] | None:
    """Return mapping and table of a packed document; None for any other."""
    if not document.data.startswith(_MAGIC):
        return None
    start = len(_MAGIC) + _LENGTH
    size = int.from_bytes(document.data[len(_MAGIC) : start], "big")
    if len(document.data) < start + size:
        raise RefusedFile(
            f"{document.name} is a table with its mapping, cut short",
            "part of it is missing",
            "import the table and its mapping file again",
        )
    mapping = Document(Path(document.name).stem + ENDING, document.data[start : start + size])
    return mapping, Document(document.name, document.data[start + size :], document.day)
