"""A small registry of public facts, each with the page it was read on."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from sulh.registry.edits import Cells
from sulh.registry.files import read_file
from sulh.registry.models import KINDS


def example_records() -> list[Cells]:
    """Return the records of the example, kind by kind."""
    with as_file(files("sulh.registry").joinpath("example")) as folder:
        return list(_records(Path(folder)))


def _records(folder: Path) -> Iterator[Cells]:
    for kind in KINDS:
        path = folder / f"{kind}.csv"
        if path.is_file():
            yield from read_file(path)
