"""Documentation runs: every example, and a page for every command, table and column."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from sulh.cli.app import run
from sulh.cli.contents import VERBS
from sulh.cli.document import page as commands_page
from sulh.cli.files import COMMANDS
from sulh.facts.document import page as terms_page
from sulh.store.document import page as tables_page
from sulh.store.schema import tables

_ROOT = Path(__file__).resolve().parents[2]
_PAGES = [_ROOT / "README.md", *sorted((_ROOT / "docs").rglob("*.md"))]


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    for page in _PAGES:
        text = page.read_text(encoding="utf-8")
        for found in re.finditer(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            yield page.relative_to(_ROOT).as_posix(), found.group(1)


def _commands() -> list[tuple[str, str]]:
    return [
        (page, line.removeprefix("$ "))
        for page, block in _blocks("console")
        for line in block.splitlines()
        if line.startswith("$ sulh")
    ]


@pytest.mark.parametrize(("page", "command"), _commands())
def test_every_command_in_the_documentation_runs(
    page: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SULH_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    words = shlex.split(command, comments=True)[1:]
    if words[:1] == ["agenda"] or (words[:1] == ["registry"] and words[1:] != ["example"]):
        # The pages write the example first; what only reads makes no registry.
        with contextlib.redirect_stdout(io.StringIO()):
            assert run(["registry", "example"]) == 0
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(words) == 0, f"{page}: {command}"
    assert out.getvalue().strip(), f"{page}: {command} prints nothing"


@pytest.mark.parametrize(("page", "code"), list(_blocks("python")))
def test_every_python_block_runs(
    page: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SULH_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    exec(compile(code, page, "exec"), {})


def test_every_command_has_its_section_with_an_example() -> None:
    text = (_ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert text == commands_page(), "run `make docs`"
    names = [name for group in VERBS.values() for name in group] + list(COMMANDS)
    assert len(names) > 15
    for name in names:
        section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
        assert section is not None, f"docs/commands.md has no section {name}"
        assert f"sulh {name}" in section.group(1), f"the section {name} has no example"


def test_the_page_on_tables_is_written_from_their_declaration() -> None:
    text = (_ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert text == tables_page(), "run `make docs`"
    for name, table in tables().items():
        assert f"## {name}\n" in text
        assert all(f"| `{column.name}` |" in text for column in table.columns)


def test_the_page_on_terms_is_written_from_the_catalogue() -> None:
    text = (_ROOT / "docs" / "data-licences.md").read_text(encoding="utf-8")
    assert text == terms_page(), "run `make docs`"


def test_links_between_pages_lead_somewhere() -> None:
    for page in _PAGES:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
