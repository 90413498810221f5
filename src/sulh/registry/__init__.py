"""The registry: records that people keep, each change with who, when, before and after.

>>> import tempfile
>>> from pathlib import Path
>>> desk = open(Path(tempfile.mkdtemp(), "desk.sqlite"), who="desk officer")
>>> print(desk.write(example_records()))
33 added, 0 changed, 0 removed, 0 the same
>>> desk.record("forum", "OIC-CFM-51")["begins"]
'2025-06-21'
>>> desk.close()
"""

from __future__ import annotations

from pathlib import Path

from sulh.registry.agenda import Book, Item, Window, agenda
from sulh.registry.edits import Cells, Edit, Refused
from sulh.registry.example import example_records
from sulh.registry.models import KINDS
from sulh.registry.pledged import pledged
from sulh.registry.register import Register
from sulh.registry.status import Status, agreement_status, post_status
from sulh.registry.verifying import Verified, verify
from sulh.registry.writing import Outcome

__all__ = [
    "KINDS",
    "Book",
    "Cells",
    "Edit",
    "Item",
    "Outcome",
    "Refused",
    "Register",
    "Status",
    "Verified",
    "Window",
    "agenda",
    "agreement_status",
    "example_records",
    "open",
    "pledged",
    "post_status",
    "verify",
]


def open(where: str | Path | None = None, who: str = "unknown") -> Register:  # noqa: A001
    """Open a registry, made if there is none; see `Register.open`."""
    return Register.open(where, who)
