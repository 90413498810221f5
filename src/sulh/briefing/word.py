"""The document as DOCX: real headings, a contents field, tables, alternative texts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

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
    Support,
    Table,
    Term,
    weight,
)
from sulh.briefing.numbering import marks, shared_with_next
from sulh.result import charts
from sulh.result.charts import Style

WIDTH = 620
_TEXT_WIDTH = 16.6  # centimetres
_MUTED = RGBColor(0x59, 0x66, 0x73)
_INK = RGBColor(0x1D, 0x27, 0x33)
_ORDER = {  # ECMA-376 part 1: CT_RPr, CT_TblPr, CT_SectPr, CT_TrPr
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
    "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect "
    "bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW "
    "jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc "
    "pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi "
    "rtlGutter docGrid",
}
_FACES = {"ltr": "Cambria", "rtl": "Times New Roman"}


def render(document: Document, style: Style) -> bytes:
    """Return the DOCX."""
    writer = _Writer(document, style)
    writer.front()
    for section in document.sections:
        writer.heading(section.title, 1)
        for block in section.blocks:
            writer.block(block)
    writer.queries()
    writer.sources()
    for root in (writer.file.element, writer.file.styles.element):
        _in_order(root)
    for section in writer.file.sections:
        _in_order(section.header._element)
        _in_order(section.footer._element)
    buffer = io.BytesIO()
    writer.file.save(buffer)
    return buffer.getvalue()


class _Writer:
    """Writes blocks one after another; every paragraph and run knows its direction."""

    def __init__(self, document: Document, style: Style) -> None:
        self.document, self.style = document, style
        self.rtl = document.direction == "rtl"
        self.file: Any = docx.Document()
        self._page()
        self._styles()

    def _page(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2.2)
        if self.rtl:
            section._sectPr.append(OxmlElement("w:bidi"))
        properties = self.file.core_properties
        properties.title, properties.author = self.document.title, "sulh"
        properties.language = self.document.lang
        self._line(section.header.paragraphs[0], self.document.title, size=8)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(footer, self.document.labels["page"] + " ", size=8)
        _field(footer, "PAGE")
        self._direct(footer)

    def _styles(self) -> None:
        face = _FACES[self.document.direction]
        for name, size in (("Normal", 10.5), ("Heading 1", 16), ("Heading 2", 12.5), ("Title", 26)):
            style = self.file.styles[name]
            style.font.name, style.font.size = face, Pt(size)
            style.font.color.rgb = _INK
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
                fonts.set(qn(key), face)
            for key in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
                fonts.attrib.pop(qn(key), None)
            _complex_size(style.element.get_or_add_rPr(), size, self.document.lang)

    def front(self) -> None:
        """Write title, subtitle and the contents field."""
        self._line(self.file.add_paragraph(), self.document.labels["kicker"], size=9)
        title = self.file.add_paragraph(style="Title")
        self._run(title, self.document.title)
        self._direct(title)
        self.line(self.file.add_paragraph(), self.document.subtitle, size=11, colour=_MUTED)
        self._line(self.file.add_paragraph(), self.document.labels["contents"], size=12, bold=True)
        contents = self.file.add_paragraph()
        titles = [section.title for section in self.document.sections]
        titles += [self.document.labels[label] for label in ("recompute", "sources")]
        _field(contents, 'TOC \\o "1-1" \\h \\z \\u', "\n".join(titles))
        self._direct(contents)
        self.file.add_page_break()

    def heading(self, text: str, level: int) -> None:
        """Write a heading."""
        paragraph = self.file.add_heading(level=level)
        self._run(paragraph, text)
        self._direct(paragraph)

    def block(self, block: Block) -> None:
        """Write a block of a section."""
        if isinstance(block, Paragraph):
            size = {"lead": 12, "note": 8.5}.get(block.role, 10.5)
            self.line(self.file.add_paragraph(), block.line, size=size)
        elif isinstance(block, Heading):
            self.heading(block.text, 2)
        elif isinstance(block, Bullets):
            for item in block.items:
                self.line(self.file.add_paragraph(style="List Bullet"), item)
        elif isinstance(block, KeyFigures):
            self._key_figures(block)
        elif isinstance(block, Table):
            self._caption(block.caption, block.support)
            self._table([column.title for column in block.columns], block)
            self._below(block.note, block.support)
        else:
            self._caption(block.caption, block.support)
            self._picture(block)
            self._below(block.note, block.support)

    def queries(self) -> None:
        """Write how each figure is recomputed."""
        labels = self.document.labels
        self.heading(labels["recompute"], 1)
        self._line(self.file.add_paragraph(), labels["recompute_intro"])
        for query in self.document.queries:
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            self._run(paragraph, f"{labels['query']} {query.number} ", size=9)
            _command(paragraph, query.command)
            self._direct(paragraph)
            if query.figures:
                figures = self.file.add_paragraph()
                written = " · ".join(_isolated(text) for text, _ in query.figures)
                self._line(figures, written, size=8.5)

    def sources(self) -> None:
        """Write the sources with address and licence."""
        labels = self.document.labels
        self.heading(labels["sources"], 1)
        self._line(self.file.add_paragraph(), labels["sources_intro"])
        for place, origin in enumerate(self.document.origins, start=1):
            paragraph = self.file.add_paragraph()
            self._run(paragraph, f"{place}. ", size=9.5)
            _latin(paragraph, f"{origin.citation or origin.title} {origin.address}".strip())
            if origin.licence:
                self._run(paragraph, f" {labels['licence']} ", size=9)
                _latin(paragraph, origin.licence)
            self._direct(paragraph)
        self._line(self.file.add_paragraph(), labels["footer"], size=8.5)

    def line(
        self, paragraph: Any, line: Line, *, size: float = 10.5, colour: Any = None,
        marked: bool = True,
    ) -> None:  # fmt: skip
        """Write a line with its figures and marks into a paragraph."""
        for place, part in enumerate(line):
            if isinstance(part, Number):
                self._run(paragraph, part.text, size=size, colour=colour)
                if marked and not shared_with_next(line, place):
                    self._marks(paragraph, part.figure.citations)
            elif isinstance(part, Cite):
                self._marks(paragraph, part.citations)
            elif isinstance(part, Term):
                _latin(paragraph, part.text, size)
            else:
                self._run(paragraph, part.text, size=size, colour=colour)
        self._direct(paragraph)

    def _line(self, paragraph: Any, text: str, *, size: float = 10.5, bold: bool = False) -> None:
        self._run(paragraph, text, size=size, bold=bold)
        self._direct(paragraph)

    def _key_figures(self, block: KeyFigures) -> None:
        table = self._grid(2, len(block.items))
        for place, item in enumerate(block.items):
            self._line(table.cell(0, place).paragraphs[0], item.label, size=8.5)
            self.line(table.cell(1, place).paragraphs[0], (item.figure,), size=17)
            if item.remark:
                self.line(table.cell(1, place).add_paragraph(), item.remark, size=8.5)
        self.file.add_paragraph()

    def _table(self, titles: Iterable[str], block: Table) -> None:
        table = self._grid(1, len(block.columns))
        _repeat(table.rows[0])
        wants = [weight(block, place) for place in range(len(block.columns))]
        for place, want in enumerate(wants):
            table.columns[place].width = Cm(_TEXT_WIDTH * want / sum(wants))
        for place, title in enumerate(titles):
            table.rows[0].cells[place].width = Cm(_TEXT_WIDTH * wants[place] / sum(wants))
            paragraph = table.rows[0].cells[place].paragraphs[0]
            self._line(paragraph, title, size=8.5, bold=True)
            self._align(paragraph, block.columns[place].kind)
        for row in block.rows:
            cells = table.add_row().cells
            for place, value in enumerate(row):
                cells[place].width = Cm(_TEXT_WIDTH * wants[place] / sum(wants))
                paragraph = cells[place].paragraphs[0]
                self.line(paragraph, value, size=8.5, marked=False)
                self._align(paragraph, block.columns[place].kind)

    def _grid(self, rows: int, columns: int) -> Any:
        table = self.file.add_table(rows=rows, cols=columns)
        if rows == 1:
            _rules(table._tbl.tblPr)
        table.autofit = rows != 1
        if self.rtl:
            table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
        return table

    def _align(self, paragraph: Any, kind: str) -> None:
        paragraph.paragraph_format.space_after = Pt(1)
        if kind == "number":
            # Figures line up on their right; in a right-to-left paragraph Word calls that "left".
            left, right = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.alignment = left if self.rtl else right

    def _caption(self, text: str, support: Support) -> None:
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(10)
        self._run(paragraph, text, bold=True, size=10)
        self._marks(paragraph, support.citations)
        self._direct(paragraph)

    def _below(self, note: Line, support: Support) -> None:
        if note:
            self.line(self.file.add_paragraph(), note, size=8.5, colour=_MUTED)
        if support.query:
            paragraph = self.file.add_paragraph()
            self._run(paragraph, self.document.labels["recompute_short"] + " ", size=8.5)
            _command(paragraph, support.query)
            self._direct(paragraph)

    def _picture(self, drawing: Drawing) -> None:
        png = charts.to_png(sized(drawing.spec, WIDTH), self.style)
        self.file.add_picture(io.BytesIO(png), width=Cm(16.4))
        paragraph = self.file.paragraphs[-1]
        for properties in paragraph._p.iter(qn("wp:docPr")):
            properties.set("descr", drawing.description)
            properties.set("title", drawing.caption)

    def _marks(self, paragraph: Any, citations: Iterable[str]) -> None:
        text = "".join(f"[{place}]" for place in marks(self.document, citations))
        if text:
            run = paragraph.add_run(_isolated(text))
            run.font.superscript = True
            run.font.color.rgb = RGBColor(0x1F, 0x62, 0x96)

    def _run(
        self, paragraph: Any, text: str, *, size: float = 0, bold: bool = False, colour: Any = None
    ) -> None:
        run = paragraph.add_run(text)
        run.bold = bold or None
        if size:
            run.font.size = Pt(size)
        if colour is not None:
            run.font.color.rgb = colour
        if self.rtl:
            properties = run._r.get_or_add_rPr()
            if size:
                _complex_size(properties, size, self.document.lang)
            if bold:
                properties.append(OxmlElement("w:bCs"))
            properties.append(OxmlElement("w:rtl"))

    def _direct(self, paragraph: Any) -> None:
        if self.rtl:
            properties = paragraph._p.get_or_add_pPr()
            if properties.find(qn("w:bidi")) is None:
                properties.insert_element_before(
                    OxmlElement("w:bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing",
                    "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr",
                )  # fmt: skip


def _in_order(root: Any) -> None:
    """Put the children of properties into the order of the standard, which Word insists on."""
    for name, order in _ORDER.items():
        places = {qn(f"w:{child}"): place for place, child in enumerate(order.split())}
        for properties in root.iter(qn(f"w:{name}")):
            properties[:] = sorted(properties, key=lambda each: places.get(each.tag, len(places)))


def _isolated(text: str) -> str:
    return f"\u2068{text}\u2069"


def _latin(paragraph: Any, text: str, size: float = 9.5) -> None:
    """Write words of another script; Word isolates them where the direction is marked."""
    run = paragraph.add_run(_isolated(text))
    run.font.size = Pt(size)


def _command(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(_isolated(text))
    run.font.name, run.font.size = "Consolas", Pt(8)


def _complex_size(properties: Any, size: float, lang: str) -> None:
    """Set size and language for complex scripts, which Word keeps apart."""
    for name, attribute, value in (
        ("w:szCs", "w:val", str(round(size * 2))),
        ("w:lang", "w:bidi" if lang == "ar" else "w:val", lang),
    ):
        for old in properties.findall(qn(name)):
            properties.remove(old)
        element = OxmlElement(name)
        element.set(qn(attribute), value)
        properties.append(element)


def _rules(properties: Any) -> None:
    """Draw fine lines between rows and none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "D5DAE0")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(margins)


def _repeat(row: Any) -> None:
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)


def _field(paragraph: Any, code: str, shown: str = "") -> None:
    """Insert a field that Word fills in; ``shown`` stands until it does."""
    run = paragraph.add_run()
    for kind in ("begin", "code", "separate", "shown", "end"):
        if kind == "code":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = code
            run._r.append(element)
        elif kind == "shown":
            for place, line in enumerate(shown.split("\n")):
                if place:
                    run.add_break()
                run.add_text(line)
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)
