"""The addresses from which data sets can be fetched, and what a user changed about them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from sulh.core.errors import BadRequest, UnknownName
from sulh.core.months import month_range
from sulh.facts.catalogue import entry
from sulh.intake.fetching.addresses import checked

Kind = Literal["paged_json", "file", "monthly", "by_hand"]
Content = Literal["json", "csv", "pdf", "xlsx", "stata"]
Certainty = Literal["documented", "seen", "uncertain"]

_MONTHS = re.findall(
    "[a-z]+",
    "january february march april may june july august september october november december",
)
_USUAL = "usual"
_CHANGEABLE = {"address", "addresses", "pattern", "from", "to", "hosts", "per_page", "max_mb"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one data set can be had, how, and how sure that is.

    ``changed`` is true where the user's own file gave the address. ``mirrors`` are addresses of
    single files that the user listed.
    """

    key: str
    source: str
    title: str
    kind: Kind
    content: Content
    certainty: Certainty
    evidence: str
    max_mb: int
    address: str = ""
    file: str = ""
    per_page: int = 0
    first_month: str = ""
    last_month: str = ""
    hosts: tuple[str, ...] = ()
    default: bool = False
    by_hand: str = ""
    addresses: tuple[str, ...] = ()
    changed: bool = False

    @property
    def licence(self) -> str:
        """Return the terms, as the catalogue of sources states them."""
        return entry(self.source).licence

    @property
    def max_bytes(self) -> int:
        """Return the size above which a reply is refused."""
        return self.max_mb * 1_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One file to get: its endpoint, its address and the name under which it is kept."""

    endpoint: Endpoint
    address: str
    file: str

    @property
    def hosts(self) -> frozenset[str]:
        """Return the hosts that may serve the file."""
        own = urlsplit(self.address).hostname or ""
        return frozenset({own, *self.endpoint.hosts})


@cache
def available() -> tuple[Endpoint, ...]:
    """Return every endpoint that ships with the package, in the order of ``endpoints.toml``.

    >>> [endpoint.key for endpoint in available()][:2]
    ['un_hub_contributions', 'un_hub_latest']
    """
    text = files("sulh.intake.fetching").joinpath("endpoints.toml").read_text(encoding="utf-8")
    return tuple(_endpoint(key, row) for key, row in tomllib.loads(text).items())


def _endpoint(key: str, row: Mapping[str, Any]) -> Endpoint:
    values = dict(row)
    values["first_month"] = values.pop("from", "")
    values["last_month"] = values.pop("to", "")
    values["hosts"] = tuple(values.get("hosts", ()))
    known = {field.name for field in fields(Endpoint)}
    unknown = sorted(set(values) - known)
    if unknown or values["kind"] not in get_args(Kind):
        raise BadRequest(
            f"the endpoint {key} has {', '.join(unknown) or values['kind']}",
            "the table of endpoints does not know it",
            "compare it with the comment at the top of endpoints.toml",
        )
    return Endpoint(key=key, **values)


def chosen(names: Sequence[str], endpoints: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    """Return the endpoints that ``names`` mean.

    A name is the key of an endpoint, of a source, the beginning of keys (``un_hub``), or
    ``usual``, which no name means too: those that are fetched by default or changed by the user.
    All but an endpoint's own key leave out uncertain addresses, and keep what can only be had by
    hand, so that the user reads how. Raises `UnknownName` for other names.
    """
    keys = {end.key for end in endpoints}
    unknown = [name for name in names if not any(_means(name, end) for end in endpoints)]
    if unknown:
        raise UnknownName(
            f"{', '.join(map(repr, unknown))} cannot be fetched",
            f"known are {', '.join(sorted(keys))}",
            "take one of these names, or usual",
        )
    return tuple(end for end in endpoints if any(_means(name, end) for name in names or (_USUAL,)))


def sure(endpoint: Endpoint) -> bool:
    """Return whether names that stand for several endpoints mean this one too."""
    return endpoint.certainty != "uncertain" or endpoint.changed or endpoint.kind == "by_hand"


def _means(name: str, endpoint: Endpoint) -> bool:
    if name == _USUAL:
        return endpoint.default or endpoint.changed
    if name == endpoint.key:
        return True
    return sure(endpoint) and (name == endpoint.source or endpoint.key.startswith(f"{name}_"))


def with_changes(endpoints: Sequence[Endpoint], path: Path | None) -> tuple[Endpoint, ...]:
    """Return the endpoints with what the user's ``fetch.toml`` says about them, if there is one."""
    if path is None or not path.is_file():
        return tuple(endpoints)
    try:
        changes = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRequest(
            f"{path} is not TOML ({error})",
            "no address can be read from it",
            "mend the line, or move the file away to use the addresses that ship",
        ) from error
    unknown = sorted(set(changes) - {end.key for end in endpoints})
    if unknown:
        raise UnknownName(
            f"{path} speaks of {', '.join(unknown)}",
            "no endpoint has that key",
            "take the keys that `sulh fetch` lists",
        )
    return tuple(_change(end, changes.get(end.key, {}), path) for end in endpoints)


def _change(endpoint: Endpoint, change: object, path: Path) -> Endpoint:
    if not change:
        return endpoint
    if not isinstance(change, dict) or not set(change) <= _CHANGEABLE:
        raise BadRequest(
            f"{path} gives for {endpoint.key}: {change}",
            f"only {', '.join(sorted(_CHANGEABLE))} can be changed",
            f"write a table [{endpoint.key}] with these names",
        )
    kind: Kind = endpoint.kind
    values: dict[str, Any] = {"changed": True}
    if "addresses" in change:
        kind, values["addresses"] = "file", _texts(change["addresses"], endpoint.key)
        values["address"] = ""
    if "pattern" in change:
        kind, values["address"] = "monthly", str(change["pattern"])
    if "address" in change:
        kind = "file" if kind == "by_hand" else kind
        values["address"] = str(change["address"])
    if "hosts" in change:
        values["hosts"] = _texts(change["hosts"], endpoint.key)
    for name, target in (("from", "first_month"), ("to", "last_month")):
        if name in change:
            values[target] = str(change[name])
    for name in ("per_page", "max_mb"):
        if name in change:
            values[name] = _positive(change[name], f"{endpoint.key}.{name}")
    return replace(endpoint, kind=kind, **values)


def _texts(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadRequest(
            f"{key} has {value!r}", "a list of texts is needed", 'write ["https://…", …]'
        )
    return tuple(value)


def _positive(value: object, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadRequest(f"{key} is {value!r}", "a whole number from 1 is needed", "change it")
    return value


def items_of(endpoint: Endpoint) -> tuple[Item, ...]:
    """Return the files that an endpoint stands for; none where it can only be had by hand."""
    if endpoint.kind == "by_hand":
        return ()
    if endpoint.addresses:
        pairs: Iterable[tuple[str, str]] = [
            (address, _name_of(address, endpoint)) for address in endpoint.addresses
        ]
    elif endpoint.kind == "monthly":
        pairs = list(_monthly(endpoint))
    else:
        pairs = [(endpoint.address, endpoint.file or _name_of(endpoint.address, endpoint))]
    found = tuple(Item(endpoint, checked(address), file) for address, file in pairs)
    names = [item.file.casefold() for item in found]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise BadRequest(
            f"{endpoint.key} has two addresses for {', '.join(doubled)}",
            "one file would overwrite the other",
            "fetch them in two runs to two folders",
        )
    return found


def _monthly(endpoint: Endpoint) -> Iterable[tuple[str, str]]:
    name = endpoint.file or f"{endpoint.key}_{{year}}_{{month}}.{endpoint.content}"
    for month in month_range(endpoint.first_month, endpoint.last_month):
        yield _filled(endpoint.address, month), _filled(name, month)


def _filled(pattern: str, month: str) -> str:
    year, number = month.split("-")
    word = _MONTHS[int(number) - 1]
    parts = {
        "year": year,
        "yy": year[2:],
        "month": number,
        "mon": word[:3],
        "month_name": word,
        "Month_name": word.capitalize(),
    }
    try:
        return pattern.format_map(parts)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise BadRequest(
            f"the pattern {pattern} has a placeholder that is not known ({error})",
            f"known are {', '.join('{' + part + '}' for part in parts)}",
            "write one of these",
        ) from error


def _name_of(address: str, endpoint: Endpoint) -> str:
    last = PurePosixPath(urlsplit(address).path).name
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", last).lstrip("._")[-120:]
    return name or f"{endpoint.key}.{endpoint.content}"
