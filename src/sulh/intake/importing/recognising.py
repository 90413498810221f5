"""Tell by its content which source a document comes from."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence

from sulh.core.errors import RefusedFile, SulhError
from sulh.intake.base import Document, Source
from sulh.intake.user.mapping import is_mapping
from sulh.intake.user.nearly import mapping_file, nearly

_MAGIC = (
    (b"%PDF", "a PDF, but none of the reports that sulh reads"),
    (b"\x1f\x8b", "a gzip archive: unpack it and import what is inside"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it and import what is inside"),
    (b"Rar!", "a RAR archive: unpack it and import what is inside"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.xls, .doc): save it as .xlsx or .csv"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"<stata_dta>", "a Stata file, but none of those that sulh reads"),
)
_TABLES = ("a table", "an Excel workbook")


def recognise(document: Document, sources: Sequence[Source]) -> Source:
    """Return the one source that claims the document.

    Raises
    ------
    RefusedFile
        if no source claims it, saying what it looks like, or if two do.
    """
    claims = [source for source in sources if _claims(source, document)]
    if len(claims) == 1:
        return claims[0]
    if claims:
        raise RefusedFile(
            f"{document.name} is claimed by {' and '.join(source.key for source in claims)}",
            "its rows would be read in two ways",
            "report the file: it shows a fault in how sources are told apart",
        )
    almost = nearly(document)
    if almost is not None:
        raise almost
    shape = looks_like(document)
    raise RefusedFile(
        f"{document.name} looks like {shape}",
        "it is not a file of any source that sulh knows",
        f"if it is your own table, {mapping_file(document.name)}"
        if shape.startswith(_TABLES)
        else "see the list of sources in the documentation; for your own data use the template",
    )


def _claims(source: Source, document: Document) -> bool:
    try:
        return source.recognises(document)
    except SulhError:
        return False


def looks_like(document: Document) -> str:
    """Return in a few words what the content looks like.

    >>> looks_like(Document("x", b"month,nation\\n2020-12,BGD\\n"))
    "a table whose header is 'month', 'nation'"
    """
    data = document.data
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] == b"<":
        return "a web page or XML: fetch the data file itself"
    if b"\x00" in start and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "a binary file"
    if is_mapping(document):
        return "a mapping file: it is read with the table beside it (x.sulh.toml with x.csv)"
    if start[:1] in (b"{", b"["):
        return "JSON of an unknown kind"
    return _text(data)


def _zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "a damaged ZIP archive or workbook"
    if "xl/workbook.xml" in names:
        return "an Excel workbook with unknown columns"
    return "a ZIP archive: unpack it and import what is inside"


def _text(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    first = data[:4096].decode(encoding, errors="replace").splitlines()
    if not first or not first[0].strip():
        return "text without a header"
    delimiter = max(",;\t|", key=first[0].count)
    if delimiter not in first[0]:
        return "text that is no table"
    header = next(csv.reader([first[0]], delimiter=delimiter), [])
    shown = ", ".join(repr(name[:30]) for name in header[:6])
    more = f" and {len(header) - 6} more" if len(header) > 6 else ""
    return f"a table whose header is {shown}{more}"
