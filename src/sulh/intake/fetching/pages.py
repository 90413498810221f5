"""Get a list of records that an API serves page by page, and keep it as one file.

The pages are kept in the unfinished file as they arrive, one record a line, so that a run that was
cut goes on with the next page. A short page is not trusted to be the last one: the list ends with
an empty page, with one that is not found, or with the last one served again; then the first page
is asked once more, to see that the list did not change meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from sulh.core.errors import FetchFailed, RefusedFile
from sulh.intake.base import Document
from sulh.intake.fetching import sidecar
from sulh.intake.fetching.addresses import shown
from sulh.intake.fetching.content import check_start, check_type
from sulh.intake.fetching.report import Progress
from sulh.intake.fetching.sidecar import OriginFile, PartFile, part_path, state_path
from sulh.intake.fetching.single import Job, settle
from sulh.intake.fetching.transport import (
    Interrupted,
    Refused,
    body,
    persist,
    retrieved_on,
    too_large,
)
from sulh.intake.json_text import read_json, records_of

_MOST_PAGES = 5000


class _Capped(Exception):
    """The publisher gives fewer records a page than were asked for."""

    def __init__(self, size: int) -> None:
        super().__init__(f"pages of {size} records")
        self.size = size


@dataclass(frozen=True, slots=True)
class Page:
    """A page that arrived; ``records`` is None where it is not found, ``same`` where unchanged."""

    number: int
    records: Sequence[dict[str, object]] | None
    etag: str = ""
    sha256: str = ""
    retrieved: str = ""
    same: bool = False


def fetch_pages(job: Job) -> tuple[OriginFile, bool]:
    """Return the origin of the file, and whether it was there already, unchanged.

    Raises `FetchFailed`, also where pages overlap, for then the list changed while it was read.
    """
    known = sidecar.known_origin(job.path, job.item.address)
    if known is not None and _unchanged(job, known):
        return known, True
    size = known.per_page if known is not None and known.per_page else job.item.endpoint.per_page
    try:
        origin = _collect(job, size)
    except _Capped as capped:
        sidecar.forget_part(job.path)
        try:
            origin = _collect(job, capped.size)
        except _Capped as again:
            raise _unsteady(job, f"asked for {capped.size} records a page, gives {again}") from None
    return settle(job, origin, known)


def _unchanged(job: Job, known: OriginFile) -> bool:
    marks = known.page_etags
    return bool(marks) and all(
        _get(job, number, known.per_page, mark).same for number, mark in enumerate(marks, 1)
    )


def _get(job: Job, number: int, per_page: int, mark: str = "") -> Page:
    return persist(job.line.manner, lambda: _ask(job, number, per_page, mark), lambda: 0)


def _ask(job: Job, number: int, per_page: int, mark: str) -> Page:
    item, manner = job.item, job.line.manner
    query = {"per_page": str(per_page), "page_num": str(number)}
    address = str(httpx.URL(item.address).copy_merge_params(query))
    headers = {"Accept-Encoding": "gzip", **({"If-None-Match": mark} if mark else {})}
    try:
        with job.line.ask(address, item.hosts, headers) as response:
            etag = response.headers.get("ETag", "")
            if response.status_code == 304 and mark:
                return Page(number, None, etag, same=True)
            if response.status_code != 200:
                raise _unsteady(job, f"status {response.status_code} for page {number}")
            check_type(response, "json")
            data = b"".join(body(response, manner, item.endpoint.max_bytes))
            day = retrieved_on(response, manner)
    except Refused as refused:
        if refused.status == 404 and number > 1:
            return Page(number, None)
        raise
    digest = hashlib.sha256(data).hexdigest()
    return Page(number, _records(job, data, number), etag, digest, day)


def _records(job: Job, data: bytes, number: int) -> Sequence[dict[str, object]]:
    where = f"page {number} of {shown(job.item.address)}"
    check_start(data[:4096], "json", job.item.address)
    try:
        records = records_of(read_json(Document(where, data)))
    except RefusedFile as error:
        raise FetchFailed(error.found, error.why, error.mend) from error
    if records is None:
        raise _unsteady(job, f"page {number} without a list of records")
    return records


@dataclass
class _Book:
    """The records so far: the unfinished file, its state, and the marks of all records in it."""

    job: Job
    state: PartFile
    seen: set[bytes]
    last_sha: str = ""

    @property
    def part(self) -> Path:
        """Return the path of the unfinished file."""
        return part_path(self.job.path)

    @property
    def pages(self) -> tuple[int, ...]:
        """Return the number of records of each page."""
        return self.state.page_records

    def add(self, page: Page, lines: Sequence[bytes]) -> None:
        """Append a page and note that it is complete."""
        endpoint = self.job.item.endpoint
        with self.part.open("ab") as file:
            file.write((b",\n" if self.pages else b"\n") + b",\n".join(lines))
            file.flush()
            os.fsync(file.fileno())
        self.state = replace(
            self.state,
            bytes=self.part.stat().st_size,
            first_page=self.state.first_page or page.sha256,
            page_records=(*self.pages, len(lines)),
            page_etags=(*self.state.page_etags, page.etag),
        )
        self.seen.update(map(_mark, lines))
        self.last_sha = page.sha256
        sidecar.write(state_path(self.job.path), self.state)
        if self.state.bytes > endpoint.max_bytes:
            sidecar.forget_part(self.job.path)
            raise too_large(self.job.item.address, self.state.bytes, endpoint.max_bytes)


def _open_book(job: Job, per_page: int) -> _Book:
    """Return the book of a run that was cut, if its first page is still the same, or a new one."""
    old = _resumed(job, per_page)
    if old is not None:
        return old
    sidecar.forget_part(job.path)
    part_path(job.path).write_bytes(b"[")
    return _Book(job, PartFile(job.item.address, per_page=per_page, bytes=1), set())


def _resumed(job: Job, per_page: int) -> _Book | None:
    part = part_path(job.path)
    state = sidecar.read(state_path(job.path), PartFile)
    if state is None or not state.page_records or not part.is_file():
        return None
    if (state.address, state.per_page) != (job.item.address, per_page):
        return None
    if part.stat().st_size < state.bytes:
        return None
    first = _get(job, 1, per_page, state.page_etags[0] if state.page_etags else "")
    if not first.same and first.sha256 != state.first_page:
        return None
    os.truncate(part, state.bytes)
    with part.open("rb") as file:
        next(file)
        seen = {_mark(line.rstrip(b",\n")) for line in file}
    return _Book(job, state, seen)


def _mark(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=16).digest()


def _lines(page: Page) -> list[bytes]:
    return [
        json.dumps(record, ensure_ascii=False, separators=(", ", ": ")).encode()
        for record in page.records or ()
    ]


def _collect(job: Job, per_page: int) -> OriginFile:
    book = _open_book(job, per_page)
    day = ""
    while True:
        page = _get(job, len(book.pages) + 1, per_page)
        day = page.retrieved or day
        lines = _lines(page)
        if _is_end(book, page, lines, per_page):
            break
        book.add(page, lines)
        job.tell(
            Progress(
                job.item.endpoint.key,
                job.path.name,
                book.part.stat().st_size,
                records=sum(book.pages),
                page=page.number,
            )
        )
        if page.number == 1 and len(lines) > per_page:
            break
        if page.number >= _MOST_PAGES:
            raise _unsteady(job, f"more than {_MOST_PAGES} pages")
    if len(book.pages) > 1 or book.pages[0] <= per_page:
        _check_beginning(book)
    _check_steady(book)
    return _finished(job, book, page, day)


def _check_beginning(book: _Book) -> None:
    """Raise `FetchFailed` where a page 0 holds records that no other page has."""
    # The hub's pages are counted from 1 in its own examples; were it otherwise, the first page
    # would be missing without a sign. Whatever else is said to page 0 does not matter.
    try:
        page = _ask(book.job, 0, book.state.per_page, "")
    except (Interrupted, FetchFailed):
        return
    new = sum(1 for line in _lines(page) if _mark(line) not in book.seen)
    if new:
        sidecar.forget_part(book.job.path)
        raise FetchFailed(
            f"{shown(book.job.item.address)}: page 0 holds {new} records that no other page has",
            "the publisher counts its pages in another way, or the list has just changed",
            "run the command again; if it says the same, get the file by hand and tell the project",
        )


def _check_steady(book: _Book) -> None:
    """Raise `FetchFailed` where the first page has changed while the others were read."""
    if len(book.pages) < 2:
        return
    marks = book.state.page_etags
    first = _get(book.job, 1, book.state.per_page, marks[0] if marks else "")
    if not first.same and first.sha256 != book.state.first_page:
        sidecar.forget_part(book.job.path)
        raise _unsteady(book.job, "the first page changed while the others were read")


def _is_end(book: _Book, page: Page, lines: Sequence[bytes], per_page: int) -> bool:
    job, pages = book.job, book.pages
    if not lines:
        if not pages:
            raise _unsteady(job, "an empty list")
        return True
    if not pages:
        return False
    old = sum(1 for line in lines if _mark(line) in book.seen)
    short = pages[-1] < per_page
    if old == len(lines) and (short or (len(pages) > 1 and page.sha256 == book.last_sha)):
        return True
    if old or len(lines) > per_page or (short and len(pages) > 1):
        sidecar.forget_part(job.path)
        raise _unsteady(job, f"{old} of the {len(lines)} records of page {page.number} again")
    if short:
        raise _Capped(pages[0])
    return False


def _finished(job: Job, book: _Book, last: Page, day: str) -> OriginFile:
    state = book.state
    with book.part.open("ab") as file:
        file.write(b"\n]\n")
        file.flush()
        os.fsync(file.fileno())
    marks = (*state.page_etags, last.etag) if last.number > len(book.pages) else state.page_etags
    return OriginFile(
        address=job.item.address,
        source=job.item.endpoint.source,
        endpoint=job.item.endpoint.key,
        licence=job.item.endpoint.licence,
        retrieved=day or job.line.manner.now().date().isoformat(),
        sha256="",
        bytes=0,
        records=sum(book.pages),
        per_page=state.per_page,
        page_etags=marks if all(marks) else (),
        note="the pages of the reply put together, one record a line",
    )


def _unsteady(job: Job, found: str) -> FetchFailed:
    return FetchFailed(
        f"{shown(job.item.address)}: {found}",
        "the pages do not make one whole list, and a part would look like all of it",
        "run the command again later, or raise per_page in fetch.toml so that one page holds all",
    )
