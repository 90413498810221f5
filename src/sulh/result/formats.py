"""Results as text, HTML, CSV, JSON, Parquet and XLSX.

Cells that a spreadsheet would take for a formula are neutralised in CSV and XLSX: text that begins
with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return gets an apostrophe in front. Numbers are
numbers and stay as they are.
"""

from __future__ import annotations

import html
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from sulh.core.errors import BadRequest, SulhError

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
        for row, (label, text) in enumerate(_about(result)):
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, text)
    return buffer.getvalue()


def _about(result: Shown) -> list[tuple[str, str]]:
    units = "; ".join(f"{c} in {unit}" for c, unit in result.units.items() if unit != c)
    rows = [("title", result.title), ("query", result.query), ("units", units)]
    rows += [("assumed", text) for text in result.assumed]
    rows += [("missing", text) for text in result.missing]
    rows += [("source", f"{o.citation} {o.address} ({o.licence})") for o in result.origins]
    return rows


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def _shown(column: str, value: object, unit: str = "") -> str:
    if isinstance(value, float):
        if unit == "ratio" or column == "share":
            return f"{value:.2%}"
        if unit == "degrees" or column in ("latitude", "longitude"):
            return f"{value:.3f}"
    if column.endswith("year") and isinstance(value, int):
        return str(value)
    return _cell(value)


def to_text(result: Shown, width: int | None = None, rows: int = 60) -> str:
    """Return the result for a terminal: title, table, then units, gaps, assumptions and sources.

    Columns that do not fit the width are left out and named below the table.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    out = io.StringIO()
    columns = width or _terminal_width()
    console = Console(file=out, width=columns, highlight=False, color_system=None)
    console.print(escape(result.title))
    cells = _text_cells(result, rows)
    shown = _fitting(cells, columns)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in shown:
        numeric = result.table.schema[column].is_numeric()
        # The last column may be prose: it takes what width is left and wraps.
        wraps = column == shown[-1] and not numeric
        table.add_column(
            escape(column),
            justify="right" if numeric else "left",
            no_wrap=not wraps,
            overflow="fold" if wraps else "ellipsis",
        )
    for row in zip(*(cells[column] for column in shown), strict=True):
        table.add_row(*(escape(cell) for cell in row))
    console.print(table)
    for line in _below(result, rows, shown):
        console.print(escape(printable(line)))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


_WIDEST = 44


def _text_cells(result: Shown, rows: int) -> dict[str, list[str]]:
    table = result.table.head(rows)
    last = table.columns[-1] if table.columns else ""
    return {
        column: [
            _clipped(printable(_shown(column, value, result.units.get(column, ""))), column == last)
            for value in table[column]
        ]
        for column in table.columns
    }


def _clipped(text: str, whole: bool) -> str:
    return text if whole or len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _fitting(cells: dict[str, list[str]], width: int) -> list[str]:
    """Return the columns that fit beside each other, from the left, at least two."""
    shown: list[str] = []
    used = 0
    for column, texts in cells.items():
        needed = min(max([len(column), *map(len, texts)]), _WIDEST) + 3
        if used + needed <= width + 3 or len(shown) < 2:
            shown.append(column)
            used += needed
    return shown


def _below(result: Shown, rows: int, shown: list[str]) -> list[str]:
    lines = []
    if result.table.is_empty():
        lines.append("No rows.")
    if result.table.height > rows:
        lines.append(f"… {result.table.height - rows:,} more rows (all with --format csv)")
    hidden = [column for column in result.table.columns if column not in shown]
    if hidden:
        lines.append(f"Not shown for want of width: {', '.join(hidden)} (all with --format csv)")
    lines.append("")
    lines += [f"{label}: {text}" for label, text in _about(result)[1:] if text]
    return lines


def printable(text: str) -> str:
    """Return the text without control characters, which a terminal would obey.

    >>> printable("Mali\\x1b[2J")
    'Mali\ufffd[2J'
    """
    return "".join(c if c.isprintable() or c == "\u200f" else "\ufffd" for c in text)


def _terminal_width() -> int:
    try:
        return max(os.get_terminal_size().columns, 60)
    except OSError:
        return int(os.environ.get("COLUMNS", "120"))


def to_html(result: Shown, rows: int = 200) -> str:
    """Return the result as an HTML fragment for a notebook; everything is escaped."""
    head = "".join(f"<th>{html.escape(c)}</th>" for c in result.table.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{html.escape(_shown(c, v, result.units.get(c, '')))}</td>"
            for c, v in zip(result.table.columns, row, strict=True)
        )
        + "</tr>"
        for row in result.table.head(rows).iter_rows()
    )
    about = "".join(
        f"<li>{html.escape(label)}: {html.escape(text)}</li>"
        for label, text in _about(result)[1:]
        if text
    )
    more = result.table.height - rows
    rest = f"<p>… {more:,} more rows</p>" if more > 0 else ""
    return (
        f"<p><strong>{html.escape(result.title)}</strong></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}<ul>{about}</ul>"
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


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then moved there."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise SulhError(
            f"cannot write {path}: {error.strerror}",
            "the result would be lost",
            "choose a folder that exists and that you may write to",
        ) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise SulhError(
            f"cannot write {path}: {error.strerror}",
            "the result would be lost",
            "free some space or choose another place",
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
