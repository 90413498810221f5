"""The page on facts has every table and every column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sulh.facts.table import read_table

_TABLES = sorted(
    path.stem
    for path in (Path(__file__).resolve().parents[2] / "src/sulh/facts/tables").glob("*.csv")
)


def test_there_are_tables() -> None:
    assert len(_TABLES) >= 14


@pytest.mark.parametrize("name", _TABLES)
def test_the_page_documents_every_column(root: Path, name: str) -> None:
    text = (root / "docs" / "facts.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)
    assert section is not None, f"docs/facts.md has no section {name}"
    documented = set()
    for line in section.group(1).splitlines():
        if line.startswith("| `"):
            documented |= set(re.findall(r"`([a-z_0-9]+)`", line.split("|")[1]))
    assert documented == set(read_table(name)[0])
