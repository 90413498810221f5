"""The document as one self-contained HTML page: no script, no request, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from importlib.resources import files

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup

from sulh.briefing.drawings import sized
from sulh.briefing.model import Cite, Document, Drawing, Line, Number, Section, Term
from sulh.briefing.numbering import commands_in, marks, shared_with_next
from sulh.result import charts
from sulh.result.charts import Style

WIDE, NARROW = 720, 350
_LONGEST_WORD = 32  # letters of a command that surely fit a line of a phone
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def render(document: Document, style: Style) -> str:
    """Return the page."""
    environment = Environment(
        loader=_Shipped(), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.tests |= {"block": lambda block, kind: type(block).__name__ == kind}
    environment.globals |= {
        "policy": POLICY,
        "css": Markup(_shipped("brief.css")),
        "line": partial(line_html, document),
        "cell": partial(line_html, document, marks=False),
        "marks": partial(marks_html, document),
        "drawing": partial(drawing_html, style=style),
        "command": command_html,
        "queries_of": partial(_queries_of, document),
    }
    return environment.get_template("brief.html.j2").render(document=document)


def line_html(document: Document, line: Line, *, marks: bool = True) -> Markup:
    """Return a line as HTML; a mark follows the last of neighbouring figures that share it."""
    out = []
    for place, part in enumerate(line):
        if isinstance(part, Number):
            out.append(_figure_html(part))
            if marks and not shared_with_next(line, place):
                out.append(marks_html(document, part.figure.citations))
        elif isinstance(part, Cite):
            out.append(marks_html(document, part.citations))
        elif isinstance(part, Term):
            out.append(Markup("<bdi>{}</bdi>").format(part.text))
        else:
            out.append(Markup("{}").format(part.text))
    return Markup("").join(out)


def marks_html(document: Document, citations: Iterable[str]) -> Markup:
    """Return the marks that lead to the sources."""
    places = marks(document, citations)
    links = Markup("").join(
        Markup('<a href="#source-{0}">[{0}]</a>').format(place) for place in places
    )
    return Markup('<sup class="cite">{}</sup>').format(links) if links else links


def command_html(command: str) -> Markup:
    """Return a command that breaks between its words, never inside a month or an option.

    >>> command_html("sulh rank 2025-07")
    Markup('<span>sulh</span> <span>rank</span> <span>2025-07</span>')
    """
    words = (
        Markup("{}" if len(word) > _LONGEST_WORD else "<span>{}</span>").format(word)
        for word in command.split(" ")
    )
    return Markup(" ").join(words)


def drawing_html(drawing: Drawing, *, style: Style) -> Markup:
    """Return a chart twice, for wide and for narrow screens; the style sheet shows one."""
    out = []
    kind = " map" if "projection" in drawing.spec else ""
    for size, width in (("wide", WIDE), ("narrow", NARROW)):
        svg = charts.to_svg(sized(drawing.spec, width), style)
        named = charts.inline(svg, f"{drawing.name}-{size}", drawing.caption, drawing.description)
        out.append(f'<div class="chart {size}{kind}">{_unsized(named)}</div>')
    return Markup("".join(out))


def _unsized(svg: str) -> str:
    """Drop the fixed size from the outermost element, so that the page decides."""
    head, rest = svg.split(">", 1)
    return re.sub(r' (width|height)="[^"]*"', "", head) + ">" + rest


def _figure_html(part: Number) -> Markup:
    figure = part.figure
    value = "" if figure.value is None else figure.value
    month = Markup(' data-month="{}"').format(figure.month) if figure.month else ""
    return Markup('<data value="{}"{} data-cite="{}" title="{}">{}</data>').format(
        value, month, " ".join(figure.citations), figure.query, part.text
    )


def _queries_of(document: Document, section: Section) -> list[tuple[int, str]]:
    """Return number and command of what a section asks, in order of first use."""
    numbers = document.query_numbers
    return sorted({(numbers[command], command) for command in commands_in((section,))})


def _shipped(name: str) -> str:
    return files(__package__).joinpath("templates").joinpath(name).read_text(encoding="utf-8")


class _Shipped(BaseLoader):
    """Templates of the package, wherever it is installed."""

    def get_source(self, _: Environment, template: str) -> tuple[str, None, None]:
        """Return the text of a template."""
        try:
            return _shipped(template), None, None
        except OSError as error:
            raise TemplateNotFound(template) from error
