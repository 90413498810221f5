"""The document as PDF, set by typst; A4, with contents, headers, page numbers and links."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from sulh.briefing import fonts
from sulh.briefing.drawings import sized
from sulh.briefing.model import (
    Block,
    Bullets,
    Cite,
    Document,
    Drawing,
    Heading,
    KeyFigures,
    Line,
    Number,
    Paragraph,
    Table,
    Term,
    weight,
)
from sulh.briefing.numbering import marks, shared_with_next
from sulh.result import charts
from sulh.result.charts import Style

WIDTH = 620


def render(document: Document, style: Style) -> bytes:
    """Return the PDF; the same document always gives the same bytes."""
    import typst

    source: Any = files(__package__).joinpath("templates").joinpath("brief.typ").read_bytes()
    pdf: Any = typst.compile(
        source,
        font_paths=[str(folder) for folder in fonts.folders(document.lang)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(as_data(document, style), ensure_ascii=False)},
        timestamp=0,
    )
    return bytes(pdf)


def as_data(document: Document, style: Style) -> dict[str, Any]:
    """Return the document as plain data for the template."""
    family = fonts.family(document.lang)
    return {
        "lang": document.lang,
        "direction": document.direction,
        "fonts": list(dict.fromkeys([family, fonts.LATIN, "DejaVu Sans Mono"])),
        "title": document.title,
        "subtitle": _line(document, document.subtitle),
        "labels": document.labels,
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "blocks": [_block(document, block, style) for block in section.blocks],
            }
            for section in document.sections
        ],
        "queries": [
            {"number": q.number, "command": q.command, "figures": [text for text, _ in q.figures]}
            for q in document.queries
        ],
        "origins": [
            {
                "number": place,
                "citation": origin.citation or origin.title,
                "address": origin.address if origin.address.startswith("http") else "",
                "licence": origin.licence,
            }
            for place, origin in enumerate(document.origins, start=1)
        ],
    }


def _block(document: Document, block: Block, style: Style) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "role": block.role, "line": _line(document, block.line)}
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_line(document, item) for item in block.items]}
    if isinstance(block, KeyFigures):
        items = [
            {
                "label": item.label,
                "figure": _line(document, (item.figure,)),
                "remark": _line(document, item.remark),
            }
            for item in block.items
        ]
        return {"kind": "key", "items": items}
    shared = {
        "caption": block.caption,
        "note": _line(document, block.note),
        "cite": marks(document, block.support.citations),
        "query": block.support.query,
    }
    if isinstance(block, Table):
        columns = [
            {"title": column.title, "kind": column.kind, "weight": weight(block, place)}
            for place, column in enumerate(block.columns)
        ]
        rows = [[_line(document, cell, marked=False) for cell in row] for row in block.rows]
        return {"kind": "table", "columns": columns, "rows": rows, **shared}
    return {"kind": "drawing", **shared, **_drawn(block, style)}


def _drawn(drawing: Drawing, style: Style) -> dict[str, str]:
    svg = charts.to_svg(sized(drawing.spec, WIDTH), style)
    return {"svg": svg, "description": drawing.description}


def _line(document: Document, line: Line, *, marked: bool = True) -> list[dict[str, Any]]:
    """Return a line as data; a mark follows the last of neighbouring figures that share it."""
    out: list[dict[str, Any]] = []
    for place, part in enumerate(line):
        if isinstance(part, Number):
            own = marked and not shared_with_next(line, place)
            places = marks(document, part.figure.citations) if own else []
            out.append({"t": "number", "s": part.text, "c": places})
        elif isinstance(part, Cite):
            out.append({"t": "cite", "s": "", "c": marks(document, part.citations)})
        else:
            kind = "term" if isinstance(part, Term) else "text"
            out.append({"t": kind, "s": part.text, "c": []})
    return out
