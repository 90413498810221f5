"""A publisher on this very computer that answers by script, and manners that never sleep."""

from __future__ import annotations

import datetime as dt
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from sulh.intake.fetching import FetchReport, Manner, fetch


@dataclass(frozen=True)
class Reply:
    """A scripted answer.

    ``cut`` ends the connection after so many bytes of the body, politely or with a ``reset``;
    ``length`` overrides the announced length (None: none is announced); ``hold`` waits for the
    test's end before the body.
    """

    body: bytes = b""
    status: int = 200
    kind: str = "text/csv"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    length: int | None = -1
    hold: bool = False
    reset: bool = False


@dataclass(frozen=True)
class Question:
    path: str
    headers: dict[str, str]


class Site:
    """What the publisher says at each path: a list of replies (the last repeats) or a function."""

    def __init__(self) -> None:
        self.pages: dict[str, list[Reply] | Callable[[Question], Reply]] = {}
        self.asked: list[Question] = []
        self.lock = threading.Lock()
        self.end = threading.Event()
        self.base = ""

    def reply(self, question: Question) -> Reply:
        path = question.path.split("?")[0]
        found = self.pages.get(path)
        if found is None:
            return Reply(b"no", 404, "text/plain")
        if callable(found):
            return found(question)
        return found.pop(0) if len(found) > 1 else found[0]


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            question = Question(self.path, dict(self.headers.items()))
            with site.lock:
                site.asked.append(question)
            reply = site.reply(question)
            self.send_response_only(reply.status)
            for name, value in {"Date": "Thu, 02 Jan 2025 10:00:00 GMT", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Type", reply.kind)
            if reply.length is None:
                self.send_header("Connection", "close")
                self.close_connection = True
            elif reply.status != 304:
                length = len(reply.body) if reply.length == -1 else reply.length
                self.send_header("Content-Length", str(length))
            self.end_headers()
            if reply.hold:
                site.end.wait(3)
            if reply.status != 304:
                self.wfile.write(reply.body[: reply.cut])
            if reply.cut is not None:
                self.wfile.flush()
                _break(self.connection) if reply.reset else self.connection.shutdown(socket.SHUT_WR)
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


def _break(connection: socket.socket) -> None:
    """Break a connection so that the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients of these tests leave in the middle."""


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = _Server(("127.0.0.1", 0), _handler(site))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    site.base = f"http://127.0.0.1:{server.server_port}"
    yield site
    site.end.set()
    server.shutdown()
    server.server_close()


@dataclass
class Desk:
    """Runs fetch against the site: sleeps are noted, never slept; the clock stands still."""

    site: Site
    folder: Path
    changes: Path
    slept: list[float] = field(default_factory=list)
    manner: Manner = field(default_factory=Manner)
    client: httpx.Client | None = None

    def __post_init__(self) -> None:
        self.manner = Manner(
            sleep=self.slept.append,
            chance=random.Random(1),
            now=lambda: dt.datetime(2025, 3, 4, tzinfo=dt.UTC),
            seconds=lambda: 0.0,
            pause=0.0,
        )

    def set(self, **values: object) -> None:
        self.manner = replace(self.manner, **values)  # type: ignore[arg-type]

    def point(self, endpoint: str, path: str, extra: str = "") -> None:
        self.write(f'[{endpoint}]\naddress = "{self.site.base}{path}"\n{extra}\n')

    def write(self, text: str) -> None:
        self.changes.write_text(text, encoding="utf-8")

    def run(self, *sources: str, **more: object) -> FetchReport:
        means = {"client": self.client, "manner": self.manner, "changes": self.changes, **more}
        return fetch(sources, self.folder, **means)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    # One for all tests, without certificates to load: the publisher is this very computer.
    with httpx.Client(verify=False, trust_env=False) as client:
        yield client


@pytest.fixture
def desk(site: Site, tmp_path: Path, client: httpx.Client) -> Desk:
    return Desk(site, tmp_path / "files", tmp_path / "fetch.toml", client=client)


@pytest.fixture
def reply() -> type[Reply]:
    return Reply
