"""The columns of the template, as ``columns.toml`` declares them."""

from __future__ import annotations

import io
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from sulh.core.errors import BadRequest

PERSONNEL_TYPES = (
    *("troops", "staff_officers", "experts_on_mission"),
    *("individual_police", "formed_police", "police"),
    *("civilian", "uniformed"),
)
FIGURES = ("women", "men", "persons")
SHIPPED = (
    "template.csv",
    "ifor_february_1996.csv",
    "kfor_february_2017.csv",
    "kfor_february_2017.sulh.toml",
)
ORIGIN = ("producer", "citation", "licence", "url", "body")
HELP = ("column", "required", "meaning", "example")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the template."""

    name: str
    required: bool
    meaning: str
    example: str


@cache
def columns() -> tuple[Column, ...]:
    """Return the columns of the template in their order.

    >>> [column.name for column in columns()][:3]
    ['month', 'nation', 'operation']
    """
    text = files("sulh.intake.user").joinpath("columns.toml").read_text(encoding="utf-8")
    return tuple(Column(name, **entry) for name, entry in tomllib.loads(text).items())


@cache
def names() -> frozenset[str]:
    """Return the names of all columns."""
    return frozenset(column.name for column in columns())


@cache
def required() -> frozenset[str]:
    """Return the names of the columns that a table without a mapping file must have."""
    return frozenset(column.name for column in columns() if column.required)


def template_workbook() -> bytes:
    """Return the template as a workbook: an empty table, and a sheet that explains its columns."""
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    bold = workbook.add_format({"bold": True})
    text = workbook.add_format({"num_format": "@"})
    data, help_sheet = workbook.add_worksheet("data"), workbook.add_worksheet("columns")
    for place, column in enumerate(columns()):
        data.write_string(0, place, column.name, bold)
        if column.name not in FIGURES:
            data.set_column(place, place, 18, text)
        cells = (column.name, "yes" if column.required else "no", column.meaning, column.example)
        for at, cell in enumerate(cells):
            help_sheet.write_string(place + 1, at, cell)
    for at, heading in enumerate(HELP):
        help_sheet.write_string(0, at, heading, bold)
    workbook.close()
    return buffer.getvalue()


def write_templates(folder: Path) -> list[Path]:
    """Write the template, as CSV and XLSX, and the examples to a folder; return what was written.

    Raises
    ------
    BadRequest
        if one of the files is there already, for it may have been filled in, or if the folder
        cannot be written to.
    """
    shipped = files("sulh.intake.user").joinpath("templates")
    contents = {name: shipped.joinpath(name).read_bytes() for name in SHIPPED}
    contents["template.xlsx"] = template_workbook()
    present = [name for name in contents if (folder / name).exists()]
    if present:
        raise BadRequest(
            f"{', '.join(present)} in {folder}",
            "it may have been filled in and would be overwritten",
            "name another folder, or move the files away",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise BadRequest(
            f"the folder {folder} ({error.strerror})",
            "the templates cannot be written there",
            "name a folder that you may write to, or one that is not there yet",
        ) from error
    return [folder / name for name in sorted(contents)]
