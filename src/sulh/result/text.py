"""Results for a terminal: title, table, then units, gaps, assumptions and sources.

Drawn here rather than by a library, whose import would take longer than most questions.
"""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

from sulh.core.printing import printable, terminal_width
from sulh.result.shaping import gaps_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from sulh.result.shape import Shown

_WIDEST, _WIDER, _FEW = 44, 56, 4
_LEAST_PROSE = 24
_BETWEEN = "   "
_OFFER = "(all with --format csv)"


def to_text(result: Shown, width: int | None = None, rows: int = 60) -> str:
    """Return the result as text of ``width`` columns, with at most ``rows`` rows.

    Columns without any value, and those that do not fit the width, are left out and named below.
    """
    columns = width or terminal_width()
    table = gaps_once(result.table)
    cells = _text_cells(table, result.units, rows)
    empty = [name for name in cells if table.height and table[name].null_count() == table.height]
    shown = _fitting({name: cells[name] for name in cells if name not in empty}, columns)
    title = textwrap.wrap(printable(result.title), columns)
    lines = [*title, *_drawn(table, {name: cells[name] for name in shown}, columns)]
    lines += _below(table, rows, shown, empty)
    for label, text in about(result)[1:]:
        lines += _labelled(label, printable(text), columns) if text else []
    return "\n".join(line.rstrip() for line in lines)


def about(result: Shown) -> list[tuple[str, str]]:
    """Return what stands below a table: each part with its label, the title first."""
    rows = [("title", result.title), ("query", result.query), ("units", _units(result))]
    rows += [("assumed", text) for text in result.assumed]
    rows += [("missing", text) for text in result.missing]
    told = (" ".join(filter(None, (o.citation, o.address))) for o in result.origins)
    rows += [("source", f"{t} ({o.licence})") for t, o in zip(told, result.origins, strict=True)]
    return rows


def shown(column: str, value: object, unit: str = "") -> str:
    """Return a cell for people to read; a null is a dash."""
    if isinstance(value, float):
        if unit == "ratio" or column == "share":
            return "<0.01%" if 0 < value < 0.00005 else f"{value:.2%}"
        if unit == "degrees" or column in ("latitude", "longitude"):
            return f"{value:.3f}"
        if unit in ("persons", "points"):
            return f"{value:,.1f}" if unit == "persons" else f"{value:,.3f}"
    if column.endswith("year") and isinstance(value, int):
        return str(value)
    return _cell(value)


def _units(result: Shown) -> str:
    """Return the units with their columns; a share is printed in percent and needs no word."""
    named: dict[str, list[str]] = {}
    for column, unit in result.units.items():
        if column in result.table.columns and unit not in (column, "ratio"):
            named.setdefault(unit, []).append(column)
    return "; ".join(f"{', '.join(columns)} in {unit}" for unit, columns in named.items())


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


def _text_cells(table: pl.DataFrame, units: Mapping[str, str], rows: int) -> dict[str, list[str]]:
    table = table.head(rows)
    prose = table.columns[-1:]
    widest = _WIDER if table.width <= _FEW else _WIDEST
    return {
        column: [
            _clipped(printable(shown(column, value, units.get(column, ""))), most)
            for value in table[column]
        ]
        for column, most in ((c, None if c in prose else widest) for c in table.columns)
    }


def _clipped(text: str, most: int | None) -> str:
    return text if most is None or len(text) <= most else text[: most - 1] + "…"


def _fitting(cells: dict[str, list[str]], width: int) -> list[str]:
    """Return the columns that fit beside each other, from the left, at least two.

    The last column may be prose, which takes what width is left and wraps.
    """
    fitting: list[str] = []
    used = 0
    for place, (column, texts) in enumerate(cells.items(), start=1):
        needed = _width_of(column, texts)
        if place == len(cells):
            needed = min(needed, max(_LEAST_PROSE, _display(column)))
        if used + needed <= width or len(fitting) < 2:
            fitting.append(column)
            used += needed + len(_BETWEEN)
    return fitting


def _drawn(table: pl.DataFrame, cells: dict[str, list[str]], width: int) -> list[str]:
    """Return the lines of the table: names, a rule, the rows."""
    names = list(cells)
    widths = {name: _width_of(name, texts) for name, texts in cells.items()}
    if names:
        others = sum(widths[name] + len(_BETWEEN) for name in names[:-1])
        widths[names[-1]] = min(widths[names[-1]], max(width - others, _LEAST_PROSE))
    right = {name: table.schema[name].is_numeric() for name in names}
    lines = [
        _BETWEEN.join(_padded(printable(name), widths[name], right[name]) for name in names),
        "─" * min(sum(widths.values()) + len(_BETWEEN) * (len(names) - 1), width),
    ]
    for row in zip(*cells.values(), strict=True):
        parts = [_folded(text, widths[name]) for name, text in zip(names, row, strict=True)]
        for line in range(max(len(part) for part in parts)):
            texts = [part[line] if line < len(part) else "" for part in parts]
            lines.append(
                _BETWEEN.join(
                    _padded(text, widths[name], right[name])
                    for name, text in zip(names, texts, strict=True)
                )
            )
    return lines


def _folded(text: str, width: int) -> list[str]:
    return [text] if _display(text) <= width else textwrap.wrap(text, width) or [""]


def _padded(text: str, width: int, right: bool) -> str:
    gap = " " * (width - _display(text))
    return gap + text if right else text + gap


def _width_of(column: str, texts: list[str]) -> int:
    return max([_display(column), *map(_display, texts)])


def _display(text: str) -> int:
    """Return how many columns a terminal needs for a text.

    >>> _display("Türkiye"), _display("日本"), _display("e\\u0301")
    (7, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(c) or unicodedata.category(c) == "Cf"
        else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _below(table: pl.DataFrame, rows: int, shown: list[str], empty: list[str]) -> list[str]:
    lines = []
    if table.is_empty():
        lines.append("No rows.")
    if table.height > rows:
        lines.append(f"… {table.height - rows:,} more rows {_OFFER}")
    if empty:
        lines.append(f"Without any value: {', '.join(map(printable, empty))}")
    hidden = [name for name in table.columns if name not in (*shown, *empty)]
    if hidden:
        lines.append(f"Not shown for want of width: {', '.join(map(printable, hidden))} {_OFFER}")
    return [*lines, ""]


def _labelled(label: str, text: str, width: int) -> list[str]:
    """Return a remark in lines; a command stays in one, to be copied."""
    told = f"{label}: {text}"
    if label == "query":
        return [told]
    return textwrap.wrap(told, width, break_long_words=False, break_on_hyphens=False)
