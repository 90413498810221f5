"""Which addresses may be asked, and how an address is shown."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit, urlunsplit

from sulh.core.errors import FetchFailed


def shown(address: str) -> str:
    """Return an address fit for messages: without user, password, query and fragment.

    >>> shown("https://user:secret@example.org/a.csv?token=1#x")
    'https://example.org/a.csv'
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(an address that cannot be read)"
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))


def checked(address: str, hosts: Collection[str] | None = None) -> str:
    """Return the address, or raise `FetchFailed` where it may not be asked.

    Only https is allowed, without user and password; http only for this very computer. Where
    ``hosts`` is given the host must be one of them.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host:
        raise FetchFailed(
            f"{shown(address)} is no address",
            "a host is missing or it cannot be read",
            "write it as https://host/path",
        )
    if parts.username is not None or parts.password is not None:
        raise FetchFailed(
            f"the address {shown(address)} carries a user or a password",
            "secrets in addresses end up in logs",
            "take them out; sulh fetches public files only",
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise FetchFailed(
            f"{shown(address)} uses {parts.scheme or 'no scheme'}",
            "the way could be listened to or altered; only https is asked",
            "use the https address of the publisher",
        )
    if hosts is not None and host not in hosts:
        raise FetchFailed(
            f"the publisher sends on to {shown(address)}",
            f"only {', '.join(sorted(hosts))} may serve this file",
            "if the publisher has moved, add the host to hosts in fetch.toml",
        )
    return address


def is_loopback(host: str) -> bool:
    """Return whether a host is this very computer.

    >>> is_loopback("127.0.0.1"), is_loopback("example.org")
    (True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
