"""Small generated files that the real sources recognise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HEADER = (
    "Contribution_ID,ISOCode3,M49_Code,Contributing_Country,Mission_Acronym,Personnel_Type,"
    "Female_Personnel,Male_Personnel,Last_Reporting_Date"
)


def hub_csv(rows: Sequence[tuple[str, str, str, int, int]]) -> bytes:
    """Return a hub file of contributions: (month, nation, operation, women, men)."""
    lines = [
        f"{number},,,{nation},{operation},Troops,{women},{men},{month}-28"
        for number, (month, nation, operation, women, men) in enumerate(rows, start=1)
    ]
    return "\n".join([HEADER, *lines, ""]).encode()


def write_hub(folder: Path, name: str, rows: Sequence[tuple[str, str, str, int, int]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(hub_csv(rows))
    return path
