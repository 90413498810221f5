"""Results as text, HTML, CSV, JSON, Parquet and XLSX.

Cells that a spreadsheet would take for a formula are neutralised in CSV and XLSX: text that begins
with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return gets an apostrophe in front. Numbers are
numbers and stay as they are.
"""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from sulh.core.errors import BadRequest
from sulh.result.shaping import gaps_once
from sulh.result.text import about, shown, to_text
from sulh.result.writing import write_file

if TYPE_CHECKING:
    from sulh.result.shape import Shown

FORMATS = ("table", "csv", "json", "parquet", "xlsx")
_RISKY = r"^\s*[=+\-@\t\r]"


def neutralise(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with formula-like text made harmless.

    >>> neutralise(pl.DataFrame({"name": ["=1+1", "Mali"], "persons": [-1, 2]})).rows()
    [("'=1+1", -1), ('Mali', 2)]
    """
    text = [
        name for name, kind in table.schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)
    ]
    return table.with_columns(
        pl.when(pl.col(name).cast(pl.String).str.contains(_RISKY))
        .then("'" + pl.col(name).cast(pl.String))
        .otherwise(pl.col(name).cast(pl.String))
        .alias(name)
        for name in text
    )


def to_csv(table: pl.DataFrame) -> str:
    """Return the table as CSV; a null is an empty cell."""
    return neutralise(table).write_csv()


def to_json(table: pl.DataFrame) -> str:
    """Return the table as a JSON array of objects; a null is ``null``."""
    return table.write_json() + "\n"


def write_parquet(table: pl.DataFrame) -> bytes:
    """Return the table as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def to_xlsx(result: Shown) -> bytes:
    """Return a workbook: the rows on one sheet; origins, gaps and assumptions on another."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        neutralise(result.table).write_excel(
            book, worksheet="data", autofit=True, freeze_panes=(1, 0)
        )
        sheet = book.add_worksheet("about")
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 110)
        for row, (label, text) in enumerate(about(result)):
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, text)
    return buffer.getvalue()


def to_html(result: Shown, rows: int = 200) -> str:
    """Return the result as an HTML fragment for a notebook; everything is escaped."""
    table = gaps_once(result.table)
    head = "".join(f"<th>{html.escape(c)}</th>" for c in result.table.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{html.escape(shown(c, v, result.units.get(c, '')))}</td>"
            for c, v in zip(table.columns, row, strict=True)
        )
        + "</tr>"
        for row in table.head(rows).iter_rows()
    )
    remarks = "".join(
        f"<li>{html.escape(label)}: {html.escape(text)}</li>"
        for label, text in about(result)[1:]
        if text
    )
    more = table.height - rows
    rest = f"<p>… {more:,} more rows</p>" if more > 0 else ""
    return (
        f"<p><strong>{html.escape(result.title)}</strong></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}<ul>{remarks}</ul>"
    )


def render(result: Shown, format: str) -> str | bytes:  # noqa: A002
    """Return the result in one of `FORMATS`; text for table, CSV and JSON, bytes for the others."""
    if format == "table":
        return to_text(result)
    if format == "csv":
        return to_csv(result.table)
    if format == "json":
        return to_json(result.table)
    if format == "parquet":
        return write_parquet(result.table)
    if format == "xlsx":
        return to_xlsx(result)
    raise BadRequest(
        f"the format {format!r}",
        "it is not one that results are written in",
        f"choose one of {', '.join(FORMATS)}",
    )


def save(result: Shown, path: Path, format: str | None = None) -> Path:  # noqa: A002
    """Write the result to ``path``, the format by its ending if none is given."""
    chosen = format or path.suffix.lstrip(".").lower()
    content = render(result, {"txt": "table"}.get(chosen, chosen))
    write_file(path, content.encode() if isinstance(content, str) else content)
    return path
