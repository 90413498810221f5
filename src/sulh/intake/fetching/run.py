"""Fetch what was asked for, one file after another; a failure does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import platformdirs
from filelock import FileLock, Timeout

from sulh.core.errors import FetchFailed, SulhError
from sulh.intake.fetching.addresses import shown
from sulh.intake.fetching.endpoints import (
    Endpoint,
    Item,
    available,
    chosen,
    items_of,
    with_changes,
)
from sulh.intake.fetching.manner import Manner
from sulh.intake.fetching.pages import fetch_pages
from sulh.intake.fetching.report import Fetched, FetchReport, Progress
from sulh.intake.fetching.single import Job, Tell, fetch_file
from sulh.intake.fetching.transport import Line, Unreachable, user_agent


def fetch(
    sources: Sequence[str],
    folder: Path,
    *,
    client: httpx.Client | None = None,
    progress: Callable[[Progress], None] | None = None,
    manner: Manner | None = None,
    changes: Path | None = None,
) -> FetchReport:
    """Get the files of ``sources`` into ``folder`` and return what became of each.

    ``sources`` are keys of endpoints or of sources (none: the usual ones); ``changes`` is the
    user's ``fetch.toml`` with other addresses, by default the one in the folder for settings
    (`settings_path`). Files that have not changed are not transferred
    again. Raises `sulh.core.errors.UnknownName`, `sulh.core.errors.BadRequest` and, where the
    folder cannot be used, `sulh.core.errors.FetchFailed`; every other fault is in the report.
    """
    endpoints = chosen(sources, with_changes(available(), changes or settings_path()))
    _prepare(folder)
    lock = FileLock(folder / ".fetch.lock", timeout=0)
    try:
        with lock:
            return _run(endpoints, folder, (client, manner or Manner()), progress or _silent)
    except Timeout as error:
        raise FetchFailed(
            f"another run is fetching to {folder}",
            "two runs would write the same files",
            "wait until it has ended, or fetch to another folder",
        ) from error


def settings_path() -> Path:
    """Return where a user's ``fetch.toml`` is looked for."""
    return platformdirs.user_config_path("sulh", appauthor=False) / "fetch.toml"


def _silent(progress: Progress) -> None:
    """Tell nobody."""


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchFailed(
            f"the folder {folder} cannot be made ({error.strerror})",
            "the files need a place",
            "name a folder in which you may write",
        ) from error


def _run(
    endpoints: Sequence[Endpoint],
    folder: Path,
    means: tuple[httpx.Client | None, Manner],
    tell: Tell,
) -> FetchReport:
    given, manner = means
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    client = given or httpx.Client(limits=limits, headers={"User-Agent": user_agent()})
    line = Line(client, manner)
    silent: set[str] = set()
    try:
        found = [
            file
            for end in endpoints
            for file in _endpoint(
                end, silent, lambda item: Job(item, folder / item.file, line, tell)
            )
        ]
    finally:
        if given is None:
            client.close()
    return FetchReport(folder, tuple(found))


def _endpoint(endpoint: Endpoint, silent: set[str], job: Callable[[Item], Job]) -> list[Fetched]:
    if endpoint.kind == "by_hand":
        return [Fetched(endpoint.key, endpoint.source, "by_hand", message=endpoint.by_hand)]
    try:
        items = items_of(endpoint)
    except SulhError as error:
        return [Fetched(endpoint.key, endpoint.source, "failed", message=str(error))]
    return [_item(job(item), silent) for item in items]


def _item(job: Job, silent: set[str]) -> Fetched:
    item = job.item
    get = fetch_pages if item.endpoint.kind == "paged_json" else fetch_file
    key, source, where = item.endpoint.key, item.endpoint.source, shown(item.address)
    host = urlsplit(item.address).netloc
    if host in silent:
        message = f"{host} could not be reached before in this run, so it was not asked again"
        return Fetched(key, source, "failed", where, message=message)
    try:
        origin, same = get(job)
    except Unreachable as error:
        silent.add(host)
        return Fetched(key, source, "failed", where, message=str(error))
    except FetchFailed as error:
        return Fetched(key, source, "failed", where, message=str(error))
    except OSError as error:
        message = f"{job.path.name} cannot be written ({error.strerror or error})"
        return Fetched(key, source, "failed", where, message=message)
    return Fetched(
        endpoint=key,
        source=source,
        outcome="unchanged" if same else "fetched",
        address=where,
        path=job.path,
        bytes=origin.bytes,
        records=origin.records,
        sha256=origin.sha256,
        retrieved=origin.retrieved,
        message=_remark(item.endpoint),
    )


def _remark(endpoint: Endpoint) -> str:
    if endpoint.changed:
        return "from the address in fetch.toml"
    return "from an address that may have moved" if endpoint.certainty == "uncertain" else ""
