"""One request: an address checked, redirects followed with care, a body read within limits."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from sulh.core.errors import FetchFailed
from sulh.intake.fetching.addresses import checked, shown
from sulh.intake.fetching.manner import AGAIN, Manner, asked_wait, http_date

_T = TypeVar("_T")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Interrupted(Exception):
    """The line or the publisher failed in a way that may pass; ``wait`` is what it asked for."""

    def __init__(self, found: str, wait: float | None = None, unreachable: bool = False) -> None:
        super().__init__(found)
        self.wait = wait
        self.unreachable = unreachable


class Unreachable(FetchFailed):
    """No connection to the host could be made at all."""


@cache
def user_agent() -> str:
    """Return the name under which publishers are asked: project and version, nothing else."""
    try:
        return f"sulh/{version('sulh')}"
    except PackageNotFoundError:
        return "sulh"


@dataclass
class Line:
    """The way to the publishers: a client, manners, and the time of the last request per host."""

    client: httpx.Client
    manner: Manner
    _last: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def ask(
        self, address: str, hosts: Collection[str], headers: Mapping[str, str]
    ) -> Iterator[httpx.Response]:
        """Yield the reply to a request, its body unread; follow redirects within ``hosts``.

        Raises `Interrupted` for what may pass and `FetchFailed` for what will not.
        """
        seen: list[str] = []
        where = address
        try:
            while True:
                seen.append(where)
                with self._request(where, headers) as response:
                    if response.status_code not in _REDIRECTS:
                        self._judge(response)
                        yield response
                        return
                    where = self._onward(where, response, hosts, seen)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            found = f"{type(error).__name__} at {shown(where)} ({error})"
            raise Interrupted(found, unreachable=True) from error
        except httpx.TransportError as error:
            raise Interrupted(f"{type(error).__name__} at {shown(where)}") from error
        except httpx.InvalidURL as error:
            raise _redirected(shown(where), "its address cannot be read") from error

    @contextmanager
    def _request(self, address: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        manner = self.manner
        host = urlsplit(address).hostname or ""
        if host in self._last:
            rest = manner.pause - (manner.seconds() - self._last[host])
            if rest > 0:
                manner.sleep(rest)
        self._last[host] = manner.seconds()
        timeout = httpx.Timeout(manner.read_seconds, connect=manner.connect_seconds)
        names = {"User-Agent": user_agent(), "Accept": "*/*", **headers}
        with self.client.stream(
            "GET", address, headers=names, timeout=timeout, follow_redirects=False
        ) as response:
            yield response

    def _onward(
        self, where: str, response: httpx.Response, hosts: Collection[str], seen: Sequence[str]
    ) -> str:
        try:
            target: str = urljoin(where, response.headers.get("Location", ""))
        except ValueError as error:
            raise _redirected("an address that cannot be read", str(error)) from error
        checked(target, hosts)
        if urlsplit(where).scheme == "https" and urlsplit(target).scheme != "https":
            raise _redirected(shown(target), "it leaves https")
        if target in seen:
            raise _redirected(shown(target), "it leads in a circle")
        if len(seen) > self.manner.redirects:
            raise _redirected(shown(target), f"it is the redirect number {len(seen)}")
        return target

    def _judge(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in (200, 206, 304, 416):
            return
        where = shown(str(response.request.url))
        if status in AGAIN:
            now = http_date(response.headers.get("Date")) or self.manner.now()
            wait = asked_wait(response.headers.get("Retry-After"), now)
            raise Interrupted(f"status {status} at {where}", wait)
        raise Refused(status, where)


class Refused(FetchFailed):
    """The publisher answered with a status that waiting does not change."""

    def __init__(self, status: int, where: str) -> None:
        self.status = status
        meaning = {401: "it asks for a password", 403: "it forbids the access", 404: "not found"}
        super().__init__(
            f"{where} answered with status {status}",
            meaning.get(status, "the publisher does not deliver it at this address"),
            "open the publisher's page, and put a new address into fetch.toml if it has moved",
        )

    def __reduce__(self) -> tuple[type[FetchFailed], tuple[str, str, str]]:
        return FetchFailed, (self.found, self.why, self.mend)


def _redirected(target: str, why: str) -> FetchFailed:
    return FetchFailed(
        f"the publisher sends on to {target}",
        f"{why}, so nothing can be had there",
        "try later, or put the address that the publisher's page shows into fetch.toml",
    )


def persist(manner: Manner, attempt: Callable[[], _T], arrived: Callable[[], int]) -> _T:
    """Return what an attempt returns, repeating it with growing waits while it is interrupted.

    ``arrived`` tells the bytes kept so far: an attempt that added some starts the count of
    failures in a row anew. Raises `FetchFailed` where patience ends.
    """
    failures = all_failures = 0
    while True:
        before = arrived()
        try:
            return attempt()
        except Interrupted as fault:
            all_failures += 1
            failures = 1 if arrived() > before else failures + 1
            _wait_or_give_up(manner, failures, all_failures, fault)


def _wait_or_give_up(manner: Manner, failures: int, all_failures: int, fault: Interrupted) -> None:
    if fault.unreachable and failures >= manner.connect_attempts:
        raise Unreachable(
            f"no connection after {all_failures} attempts, the last one ended with {fault}",
            "this computer is offline, a proxy is needed, or the publisher is down",
            "check the line (HTTPS_PROXY is heeded) and run the command again",
        ) from fault
    if failures >= manner.attempts or all_failures >= manner.all_attempts:
        raise FetchFailed(
            f"no complete reply after {all_failures} attempts, the last one ended with {fault}",
            "the publisher or the line does not hold",
            "run the command again later: what has arrived is kept and continued",
        ) from fault
    if fault.wait is not None and fault.wait > manner.longest_wait:
        raise FetchFailed(
            f"{fault}: the publisher asks to wait {fault.wait:.0f} seconds",
            f"that is longer than the {manner.longest_wait:.0f} seconds that a run waits",
            "run the command again after that time: what has arrived is kept and continued",
        ) from fault
    manner.sleep(max(manner.wait_before(failures), fault.wait or 0.0))


def too_large(where: str, found: int, limit: int) -> FetchFailed:
    """Return the error for a reply above its limit."""
    return FetchFailed(
        f"{shown(where)} sends {found:,} bytes or more",
        f"at most {limit:,} are expected for this file",
        "look at the file on the publisher's page; raise max_mb in fetch.toml if it is right",
    )


def body(response: httpx.Response, manner: Manner, limit: int) -> Iterator[bytes]:
    """Yield the pieces of a body, unpacked, at most ``limit`` bytes, not slower than manners allow.

    Raises `Interrupted` where it is cut or trickles, `FetchFailed` where it is too large or packed
    in a way that was not asked for.
    """
    where = str(response.request.url)
    announced = response.headers.get("Content-Length", "")
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if announced.isdigit() and int(announced[:18]) > limit:
        raise too_large(where, int(announced[:18]), limit)
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchFailed(
            f"{shown(where)} is packed as {coding[:20]!r}",
            "only gzip was asked for",
            "try later, or get the file by hand",
        )
    pieces = _steadily(response, manner)
    count = 0
    for piece in _unpacked(pieces) if "gzip" in coding else pieces:
        count += len(piece)
        if count > limit:
            raise too_large(where, count, limit)
        yield piece


def _steadily(response: httpx.Response, manner: Manner) -> Iterator[bytes]:
    start, count = manner.seconds(), 0
    try:
        for piece in response.iter_raw():
            count += len(piece)
            yield piece
            spent = manner.seconds() - start
            if spent > manner.grace and count < manner.slowest * spent:
                raise Interrupted(f"{count:,} bytes in {spent:.0f} seconds")
    except httpx.TransportError as error:
        raise Interrupted(f"{type(error).__name__} after {count:,} bytes") from error


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    machine = zlib.decompressobj(wbits=31)
    try:
        for piece in pieces:
            rest = piece
            while rest and not machine.eof:
                yield machine.decompress(rest, 1 << 20)
                rest = machine.unconsumed_tail
        while not machine.eof and (more := machine.decompress(b"", 1 << 20)):
            yield more
    except zlib.error as error:
        raise Interrupted(f"a damaged gzip stream ({error})") from error
    if not machine.eof:
        raise Interrupted("a gzip stream that is cut")


def retrieved_on(response: httpx.Response, manner: Manner) -> str:
    """Return the day of a reply in UTC, by the publisher's clock or else by ours."""
    moment = http_date(response.headers.get("Date")) or manner.now().astimezone(dt.UTC)
    return moment.date().isoformat()
