"""Get one file from one address: conditional, resumable, checked, moved into place in one step."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from sulh.core.errors import FetchFailed
from sulh.intake.fetching import sidecar
from sulh.intake.fetching.addresses import shown
from sulh.intake.fetching.content import check_columns, check_type, check_whole
from sulh.intake.fetching.endpoints import Item
from sulh.intake.fetching.manner import http_date
from sulh.intake.fetching.report import Progress
from sulh.intake.fetching.sidecar import OriginFile, PartFile, part_path, state_path
from sulh.intake.fetching.transport import (
    Interrupted,
    Line,
    body,
    persist,
    retrieved_on,
    too_large,
)

_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.ASCII)

Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A file to get, where it goes, the line to the publisher and who hears of the progress."""

    item: Item
    path: Path
    line: Line
    tell: Tell


def fetch_file(job: Job) -> tuple[OriginFile, bool]:
    """Return the origin of the file, and whether it was there already, unchanged.

    A cut transfer is continued where the publisher marks its version with a strong ETag or a date
    of change, in this run or in the next; otherwise it starts again. Raises `FetchFailed`.
    """
    known = sidecar.known_origin(job.path, job.item.address)
    part = part_path(job.path)
    try:
        return persist(
            job.line.manner,
            lambda: _attempt(job, known),
            lambda: part.stat().st_size if part.exists() else 0,
        )
    except FetchFailed:
        if sidecar.read(state_path(job.path), PartFile) is None:
            sidecar.forget_part(job.path)
        raise


def _attempt(job: Job, known: OriginFile | None) -> tuple[OriginFile, bool]:
    item, part = job.item, part_path(job.path)
    state = _usable_state(job)
    start = part.stat().st_size if state else 0
    headers = {"Accept-Encoding": "identity", **_conditions(state, start, known)}
    with job.line.ask(item.address, item.hosts, headers) as response:
        if response.status_code == 304:
            if known is None or start:
                raise _senseless(item, "status 304 to a question without condition")
            return known, True
        if response.status_code == 416 or (
            response.status_code == 206 and not _continues(response, start, state)
        ):
            sidecar.forget_part(job.path)
            raise Interrupted("the publisher could not continue the file")
        start = start if response.status_code == 206 else 0
        check_type(response, item.endpoint.content)
        _receive(job, response, start)
        origin = _origin(item, response, job)
        framed = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
    _check(job, framed)
    return settle(job, origin, known)


def _usable_state(job: Job) -> PartFile | None:
    state = sidecar.read(state_path(job.path), PartFile)
    part = part_path(job.path)
    if state is None or state.address != job.item.address or not part.is_file():
        return None
    return state if part.stat().st_size and (state.etag or state.last_modified) else None


def _conditions(state: PartFile | None, start: int, known: OriginFile | None) -> dict[str, str]:
    if state is not None and start:
        return {"Range": f"bytes={start}-", "If-Range": state.etag or state.last_modified}
    found = {}
    if known is not None and known.etag:
        found["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        found["If-Modified-Since"] = known.last_modified
    return found


def _continues(response: httpx.Response, start: int, state: PartFile | None) -> bool:
    """Return whether a partial reply carries on from ``start`` in the same version of the file."""
    found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if state is None or not start or found is None or int(found[1]) != start:
        return False
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return False
    etag = response.headers.get("ETag", "")
    return not (state.etag and etag) or etag == state.etag


def _receive(job: Job, response: httpx.Response, start: int) -> None:
    part, limit = part_path(job.path), job.item.endpoint.max_bytes
    expected = _expected(response, start)
    if expected is not None and expected > limit:
        sidecar.forget_part(job.path)
        raise too_large(job.item.address, expected, limit)
    if not start:
        sidecar.forget_part(job.path)
    count = start
    with part.open("ab") as file:
        if not start:
            _mark(job, response)
        try:
            for piece in body(response, job.line.manner, limit - start):
                count += file.write(piece)
                job.tell(Progress(job.item.endpoint.key, job.path.name, count, expected))
        except FetchFailed:
            sidecar.forget_part(job.path)
            raise
        file.flush()
        os.fsync(file.fileno())
    if expected is not None and count != expected:
        raise Interrupted(f"{count:,} of {expected:,} bytes")


def _expected(response: httpx.Response, start: int) -> int | None:
    found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if start and found is not None:
        return None if found[3] == "*" else int(found[3])
    length = response.headers.get("Content-Length", "")
    plain = response.headers.get("Content-Encoding", "identity") == "identity"
    return int(length[:18]) if plain and length.isdigit() else None


def _mark(job: Job, response: httpx.Response) -> None:
    """Note which version is arriving, where the publisher marks it well enough to continue it."""
    etag = response.headers.get("ETag", "")
    state = PartFile(
        address=job.item.address,
        etag="" if etag.startswith("W/") else etag,
        last_modified=_strong_date(response),
    )
    plain = response.headers.get("Content-Encoding", "identity") == "identity"
    if plain and (state.etag or state.last_modified):
        sidecar.write(state_path(job.path), state)


def _strong_date(response: httpx.Response) -> str:
    # A date names one version only if the file cannot have changed again in the same second.
    text: str = response.headers.get("Last-Modified", "")
    changed, sent = http_date(text), http_date(response.headers.get("Date"))
    if changed is None or sent is None or sent - changed < dt.timedelta(seconds=1):
        return ""
    return text


def _origin(item: Item, response: httpx.Response, job: Job) -> OriginFile:
    return OriginFile(
        address=item.address,
        source=item.endpoint.source,
        endpoint=item.endpoint.key,
        licence=item.endpoint.licence,
        retrieved=retrieved_on(response, job.line.manner),
        sha256="",
        bytes=0,
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
    )


def _check(job: Job, framed: bool) -> None:
    part, content = part_path(job.path), job.item.endpoint.content
    try:
        check_whole(part, content, job.item.address, framed)
        if content == "csv":
            check_columns(part, job.item.address)
    except FetchFailed:
        sidecar.forget_part(job.path)
        raise


def settle(job: Job, origin: OriginFile, known: OriginFile | None) -> tuple[OriginFile, bool]:
    """Move the finished part into place, write its origin beside it; say whether it was the same.

    A file that somebody altered or put there is never overwritten. Raises `FetchFailed`.
    """
    part = part_path(job.path)
    origin = replace(origin, sha256=sidecar.digest(part), bytes=part.stat().st_size)
    same = job.path.is_file() and sidecar.digest(job.path) == origin.sha256
    if same:
        part.unlink()
    else:
        _refuse_foreign(job.path)
        part.replace(job.path)
    sidecar.write(sidecar.origin_path(job.path), origin)
    sidecar.forget_part(job.path)
    return origin, same and known is not None


def _refuse_foreign(path: Path) -> None:
    if not path.exists() or sidecar.origin_of(path) is not None:
        return
    raise FetchFailed(
        f"{path} stands there already, but it is not the file that was fetched",
        "it was altered or put there by hand, and fetch never overwrites your files",
        "move it away or fetch to another folder, then run the command again",
    )


def _senseless(item: Item, found: str) -> FetchFailed:
    return FetchFailed(
        f"{shown(item.address)} gave {found}",
        "the publisher's server does not keep to the rules of HTTP",
        "get the file by hand from the publisher's page",
    )
