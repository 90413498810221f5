"""The agenda as a feed that a calendar on this machine subscribes to; no other machine can.

The server listens on the loopback address and answers only requests that name it, so that a page
in a browser cannot reach it under another name.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ADDRESS = "127.0.0.1"
PATH = "/agenda.ics"


def feed(make: Callable[[], bytes], port: int = 0) -> ThreadingHTTPServer:
    """Return a server of the feed, bound but not yet running; ``make`` gives its bytes anew."""

    class Handler(BaseHTTPRequestHandler):
        """Answers GET and HEAD of the one path."""

        server_version = "sulh"
        sys_version = ""

        def do_GET(self) -> None:
            """Send the feed."""
            self._answer(body=True)

        def do_HEAD(self) -> None:
            """Send the headers of the feed."""
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            port = self.connection.getsockname()[1]
            own = {f"{name}:{port}" for name in (ADDRESS, "localhost")}
            host = self.headers.get("Host", "")
            if host not in own:
                self.send_error(HTTPStatus.FORBIDDEN, "not this server")
                return
            if self.path.split("?", 1)[0] != PATH:
                self.send_error(HTTPStatus.NOT_FOUND, f"the feed is at {PATH}")
                return
            try:
                content = make()
            except Exception:
                self.send_error(HTTPStatus.SERVICE_UNAVAILABLE, "the registry did not answer")
                raise
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep the terminal quiet."""

    return ThreadingHTTPServer((ADDRESS, port), Handler)
