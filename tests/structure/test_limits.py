"""The limits of the style, held by test: small modules, small functions, few parameters."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULE_LINES = 400
FUNCTION_LINES = 60
PARAMETERS = 6


def _modules(root: Path) -> Iterator[Path]:
    yield from sorted((root / "src").rglob("*.py"))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len([n for n in names if n not in ("self", "cls")])


def test_modules_are_small(root: Path) -> None:
    lengths = {p: p.read_text(encoding="utf-8").count("\n") for p in _modules(root)}
    assert len(lengths) > 10
    assert {str(p): n for p, n in lengths.items() if n > MODULE_LINES} == {}


def test_functions_are_small(root: Path) -> None:
    lengths = []
    for path in _modules(root):
        for function in _functions(path):
            lengths.append((function.end_lineno or 0) - function.lineno + 1)
            assert lengths[-1] <= FUNCTION_LINES, f"{path}:{function.lineno} {function.name}"
    lengths.sort()
    assert lengths[int(0.95 * (len(lengths) - 1))] <= 40


def test_functions_take_few_parameters(root: Path) -> None:
    for path in _modules(root):
        # Functions that are commands have a parameter for each of the command's options.
        if path.parent.name in ("cli", "api"):
            continue
        for function in _functions(path):
            assert _parameters(function) <= PARAMETERS, f"{path}:{function.lineno} {function.name}"


def _tracked(root: Path) -> list[Path]:
    if not (root / ".git").exists():
        pytest.skip("not a git checkout: tracked files cannot be listed")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True
    )
    return [root / name for name in listed.stdout.split("\0") if name and (root / name).is_file()]


def test_the_project_speaks_of_itself_alone(root: Path) -> None:
    # Built from pieces so that this file does not match itself.
    hosts = r"(pypi|npmjs|pythonhosted|deb\.debian)\." + "(org|com)"
    machine = r"(?<![\w.])/" + r"(work|root)/"
    for path in _tracked(root):
        if path.suffix in {".parquet", ".xlsx", ".png"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found = re.search(f"{hosts}|{machine}", text)
        assert found is None, f"{path.name}: {found.group() if found else ''}"


def test_tracked_files_are_small(root: Path) -> None:
    assert {p.name: p.stat().st_size for p in _tracked(root) if p.stat().st_size > 1_500_000} == {}


def test_the_version_is_said_once_and_agrees(root: Path) -> None:
    import tomllib

    import sulh

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert project["version"] == sulh.__version__
    assert f"## {sulh.__version__}" in changes
