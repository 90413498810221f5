"""Files that leave a store: those that a user gives up, and those that new readers refuse."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sulh.core.errors import BadRequest, StoreError
from sulh.store.layout import user_store
from sulh.store.manifest import FileEntry

_SHOWN = 5


def to_drop(held: Iterable[FileEntry], names: Sequence[str]) -> frozenset[str]:
    """Return the hashes of the files to drop; raise `BadRequest` for a name that is not held."""
    entries = list(held)
    unknown = sorted(set(names) - {entry.name for entry in entries})
    if unknown:
        raise BadRequest(
            f"the store holds no file {', '.join(map(repr, unknown))}",
            "nothing was dropped, and nothing imported",
            "see the column name of `sulh table files` for the files that it holds",
        )
    found = frozenset(entry.sha256 for entry in entries if entry.name in names)
    if found and len(found) == len(entries):
        raise BadRequest(
            "every file that the store holds is to be dropped",
            "a store without files answers nothing",
            "delete its folder instead, or drop fewer files",
        )
    return found


def no_longer_read(problems: Mapping[str, str], root: Path) -> StoreError:
    """Return the error for files of the store that the readers of today refuse, by name."""
    names = sorted(problems)
    shown = "; ".join(problems[name] or name for name in names[:_SHOWN])
    more = f"; and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    several = len(names) > 1
    option = "" if root == user_store() else f" --store {shlex.quote(str(root))}"
    drop = " ".join(f"--drop {shlex.quote(name)}" for name in names)
    return StoreError(
        f"{len(names)} file{'s' if several else ''} that the store holds can no longer be read: "
        f"{shown}{more}",
        "a version without them would lose their figures in silence; nothing was changed",
        f"mend {'them' if several else 'it'} and import {'them' if several else 'it'} under the "
        f"same name, alone or with other files (a table of your own, or its mapping, takes the "
        f"place of the earlier one), or give up {'their' if several else 'its'} rows: "
        f"sulh import {drop}{option}",
    )
