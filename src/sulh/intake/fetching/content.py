"""Whether what arrived is what was asked for."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path

import httpx

from sulh.core.errors import FetchFailed
from sulh.intake.fetching.addresses import shown
from sulh.intake.fetching.endpoints import Content

_ANY = {"", "application/octet-stream", "binary/octet-stream"}
_TYPES: dict[Content, set[str]] = {
    "json": _ANY | {"application/json", "text/json", "text/plain"},
    "csv": _ANY
    | {"text/csv", "application/csv", "text/plain", "text/x-csv", "application/vnd.ms-excel"},
    "pdf": _ANY | {"application/pdf", "application/x-pdf"},
    "xlsx": _ANY
    | {
        "application/zip",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    },
    "stata": _ANY | {"application/x-stata", "application/x-stata-dta"},
}
_PAGE = re.compile(rb"\s*(<!doctype\s+html|<html|<head|<body|<\?xml|<!--)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def check_type(response: httpx.Response, content: Content) -> None:
    """Raise `FetchFailed` where the header says that the body is something else."""
    stated = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if stated in _TYPES[content] or (content == "json" and stated.endswith("+json")):
        return
    raise FetchFailed(
        f"{shown(str(response.request.url))} sends {stated[:60]!r}",
        f"a {content.upper()} file was asked for; a page instead often means an error, a consent "
        "form or a file that has moved",
        "open the address in a browser and see; put the new address into fetch.toml",
    )


def check_start(start: bytes, content: Content, where: str) -> None:
    """Raise `FetchFailed` where the first bytes are those of a page or of another format."""
    bare = start.removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(bare):
        title = _TITLE.search(bare.decode("utf-8", "replace"))
        words = " ".join(title[1].split())[:80] if title else "no title"
        raise _wrong(where, f"a web page ({words})", content)
    wrong = {
        "json": bare.lstrip()[:1] not in (b"[", b"{"),
        "csv": not bare.strip() or b"\x00" in bare[:4] or bare.startswith((b"%PDF", b"PK\x03\x04")),
        "pdf": b"%PDF-" not in start[:1024],
        "xlsx": not start.startswith(b"PK\x03\x04"),
        "stata": not (start.startswith(b"<stata_dta>") or start[:1] in (b"q", b"r", b"s")),
    }
    if wrong[content]:
        raise _wrong(where, f"bytes that begin with {bytes(start[:16])!r}", content)


def check_whole(path: Path, content: Content, where: str, framed: bool) -> None:
    """Raise `FetchFailed` where a file that has arrived in full is cut or of another format.

    ``framed`` says whether the publisher announced the length, so that a cut would have shown.
    """
    with path.open("rb") as file:
        check_start(file.read(4096), content, where)
        file.seek(max(0, path.stat().st_size - 2048))
        end = file.read()
    if content == "json":
        _check_json(path, where)
    elif content == "pdf" and b"%%EOF" not in end:
        raise _cut(where, "a PDF without its end mark")
    elif content == "xlsx" and not zipfile.is_zipfile(path):
        raise _cut(where, "a workbook without its directory")
    elif content == "csv" and not framed and not end.endswith((b"\n", b"\r")):
        raise _cut(where, "a table whose last line does not end")


def _check_json(path: Path, where: str) -> None:
    try:
        with path.open(encoding="utf-8-sig") as file:
            json.load(file)
    except (ValueError, RecursionError) as error:
        raise _cut(where, f"JSON that cannot be read ({str(error)[:120]})") from error


def check_columns(path: Path, where: str) -> None:
    """Raise `FetchFailed` where a CSV file has fewer than two columns."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        first = file.readline(100_000)
    widths = [len(next(csv.reader([first], delimiter=mark), [])) for mark in ",;\t"]
    if max(widths) < 2:
        raise _wrong(where, f"a first line of one column ({first[:60]!r})", "csv")


def _wrong(where: str, found: str, content: Content) -> FetchFailed:
    return FetchFailed(
        f"{shown(where)} sent {found}",
        f"a {content.upper()} file was asked for, and nothing else is kept",
        "open the address in a browser and see; put the new address into fetch.toml",
    )


def _cut(where: str, found: str) -> FetchFailed:
    return FetchFailed(
        f"{shown(where)} sent {found}",
        "the file is cut or damaged, and a part of a table would look like a whole one",
        "run the command again; it starts this file from the beginning",
    )
