"""Small generated files that the real sources recognise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

HEADER = (
    "Contribution_ID,ISOCode3,M49_Code,Contributing_Country,Mission_Acronym,Personnel_Type,"
    "Female_Personnel,Male_Personnel,Last_Reporting_Date"
)
Row = tuple[str, str, str, int, int]
Write = Callable[[str, Sequence[Row]], Path]


def hub_csv(rows: Sequence[Row]) -> bytes:
    """Return a hub file of contributions: (month, nation, operation, women, men)."""
    lines = [
        f"{number},,,{nation},{operation},Troops,{women},{men},{month}-28"
        for number, (month, nation, operation, women, men) in enumerate(rows, start=1)
    ]
    return "\n".join([HEADER, *lines, ""]).encode()


@pytest.fixture
def hub(tmp_path: Path) -> Write:
    """Return a function that writes a hub file into the folder ``files`` and returns its path."""
    folder = tmp_path / "files"
    folder.mkdir()

    def write(name: str, rows: Sequence[Row]) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(hub_csv(rows))
        return path

    return write
