"""A user's own figures: CSV or XLSX by the template's columns, or any table with a mapping file.

That is how contributions to operations of other bodies and civilians by nationality come in.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.text import refused
from sulh.intake.user import template
from sulh.intake.user.grid import Grid, read_grid
from sulh.intake.user.mapping import (
    ColumnsPart,
    FilePart,
    Mapping,
    SourcePart,
    is_mapping,
    read_mapping,
)
from sulh.intake.user.nearly import column_names_of
from sulh.intake.user.problems import Problem, refuse
from sulh.intake.user.rows import Row, read_rows
from sulh.intake.user.template import write_templates

__all__ = ["SOURCE", "UserTable", "is_mapping", "parse_with_mapping", "write_templates"]

_KEY = "user"
_SHOWN = 10
_WHY = "a row that is not understood would leave the sums wrong"


@dataclass(frozen=True)
class UserTable:
    """A table with the template's columns, in CSV or as the first sheet of a workbook."""

    key: str = _KEY

    def recognises(self, document: Document) -> bool:
        """Return whether the header has the template's required columns and no others than its."""
        found = frozenset(column_names_of(document))
        return found >= template.required() and found <= template.names()

    def parse(self, document: Document) -> Parsed:
        """Return contributions and who says so, or raise `RefusedFile` with every problem."""
        grid = read_grid(document, FilePart())
        unknown = sorted(set(grid.names) - template.names())
        missing = sorted(template.required() - set(grid.names))
        if unknown or missing:
            told = [f"no column {name}" for name in missing]
            told += [f"a column {name!r:.60} that the template does not have" for name in unknown]
            mend = "use the template, or write a mapping file"
            raise refuse(document, [Problem(one, mend) for one in told], _WHY)
        ours = {name: name for name in ColumnsPart.model_fields if name in grid.names}
        stand_in = SourcePart(title=_KEY, producer=_KEY, citation=_KEY, licence=_KEY)
        mapping = Mapping(source=stand_in, columns=ColumnsPart(**ours))
        rows, problems = read_rows(grid, mapping, document.day)
        origins, found = _origins_of_rows(grid)
        problems += found
        if problems:
            raise refuse(document, problems, _WHY)
        kept = [(row.line, origins[row.line]) for row in rows]
        return _parsed(document, grid, rows, kept, [])


def parse_with_mapping(document: Document, mapping_document: Document) -> Parsed:
    """Return contributions and who says so, read as the mapping file says.

    Raises
    ------
    RefusedFile
        if the mapping or the table has problems; it lists up to twenty, with line, value and mend.
    """
    mapping = read_mapping(mapping_document)
    grid = read_grid(document, mapping.file)
    rows, problems = read_rows(grid, mapping, document.day)
    if problems:
        raise refuse(document, problems, _WHY)
    common = mapping.source.model_dump()
    kept = [(row.line, {**common, **row.origin}) for row in rows]
    return _parsed(document, grid, rows, kept, _notes(grid, mapping))


def _origins_of_rows(grid: Grid) -> tuple[dict[int, dict[str, str]], list[Problem]]:
    """Return who says so for each line of a table by the template; three cells are required."""
    origins: dict[int, dict[str, str]] = {}
    problems = []
    for line, cells in grid.rows:
        lacking = [name for name in ("producer", "citation", "licence") if name not in cells]
        if lacking:
            problems.append(Problem(f"no {', '.join(lacking)}", "say who says so", line))
        origins[line] = {name: cells[name] for name in template.ORIGIN if name in cells}
    return origins, problems


def _parsed(
    document: Document,
    grid: Grid,
    rows: list[Row],
    origins: list[tuple[int, dict[str, str]]],
    notes: list[Flag],
) -> Parsed:
    if not rows:
        raise refused(document, "no rows", "there is nothing to import", "fill in the table")
    contributions = pl.DataFrame(
        {
            "month": [row.month for row in rows],
            "nation_name": [None if row.nation == row.nation_code else row.nation for row in rows],
            "nation_code": [row.nation_code for row in rows],
            "operation_name": [row.operation for row in rows],
            "personnel_type": [row.personnel_type for row in rows],
            "women": [row.women for row in rows],
            "men": [row.men for row in rows],
            "persons": [row.persons for row in rows],
            "line": [row.line for row in rows],
        },
        strict=False,
    )
    tables = {
        "contributions": tidy("contributions", contributions),
        "user_files": tidy("user_files", _runs(document, origins)),
    }
    return Parsed(_KEY, tables, (*grid.flags, *_formula_flags(grid), *notes))


def _runs(document: Document, origins: list[tuple[int, dict[str, str]]]) -> pl.DataFrame:
    """Return one row for each run of lines with the same origin."""
    runs: list[dict[str, str | int]] = []
    last: dict[str, str] | None = None
    for line, origin in origins:
        if origin == last:
            runs[-1]["last_line"] = line
            continue
        titled = {"title": document.name, **origin}
        runs.append({**titled, "first_line": line, "last_line": line})
        last = origin
    return pl.DataFrame(runs, infer_schema_length=None)


def _formula_flags(grid: Grid) -> list[Flag]:
    flags = []
    for name, cells in grid.formulas.items():
        shown = ", ".join(cells[:_SHOWN]) + (", …" if len(cells) > _SHOWN else "")
        message = (
            f"{len(cells)} cells of {name} are formulas ({shown}); the values that the "
            "spreadsheet program stored last were read"
        )
        flags.append(Flag("formula", message, "doubt"))
    return flags


def _notes(grid: Grid, mapping: Mapping) -> list[Flag]:
    """Say what the mapping leaves out and what it decides."""
    used = {name for name in mapping.columns.model_dump().values() if name}
    unused = [name for name in grid.names if name not in used | set(mapping.persons_by_type)]
    flags = []
    if unused:
        message = f"columns that the mapping does not use: {', '.join(unused)}"
        flags.append(Flag("columns_left_out", message[:500], "note"))
    if mapping.values.month_of_year:
        message = f"yearly figures are read as those of month {mapping.values.month_of_year}"
        flags.append(Flag("yearly_figures", message, "note"))
    return flags


SOURCE = UserTable()
