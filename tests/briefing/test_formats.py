"""The three formats: valid, self-contained, escaped, with text that can be found."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from sulh.briefing import compose, write
from sulh.briefing.drawings import stacked, style_of, trend, world_map, year_of
from sulh.briefing.html import command_html, render
from sulh.briefing.language import Language
from sulh.briefing.model import Column, Document, Paragraph, Section, Support, Table, Text
from sulh.briefing.pdf import render as render_pdf
from sulh.cases.outlines import outlines, positions
from sulh.core.errors import BadRequest
from sulh.result import charts
from sulh.store.reading import Store

LANGS = ("en", "fr", "ar")
VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "use", "line", "circle"}
A4 = (595.276, 841.89)


class Page(HTMLParser):
    """Checks that elements nest and keeps what a test asks for."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(str(found["id"]))
        if tag == "a":
            self.links.append(str(found.get("href")))
        self.loads += [str(found[name]) for name in ("src", "srcset", "data") if name in found]
        self.loads += [str(found["xlink:href"])] if "xlink:href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open[-1:]:
            self.text.append(data)


@pytest.fixture(scope="session", params=LANGS)
def page(request: pytest.FixtureRequest, small: Store) -> tuple[str, str, Page]:
    lang = request.param
    text = render(compose(small, "BGD, PAK", lang), style_of(Language.of(lang)))
    parsed = Page()
    parsed.feed(text)
    parsed.close()
    return lang, text, parsed


def test_the_page_is_well_formed(page: tuple[str, str, Page]) -> None:
    lang, text, parsed = page
    assert parsed.open == []
    assert text.startswith("<!doctype html>")
    assert len(parsed.ids) == len(set(parsed.ids))
    assert ("html", {"lang": lang, "dir": "rtl" if lang == "ar" else "ltr"}) in parsed.tags


def test_the_page_loads_nothing(page: tuple[str, str, Page]) -> None:
    _, text, parsed = page
    assert all(load.startswith(("data:", "#")) for load in parsed.loads)
    assert not {"script", "link", "iframe", "img", "object", "embed"} & {t for t, _ in parsed.tags}
    assert "@import" not in text
    assert not re.search(r"url\((?!#|[\"']?#)", text)
    policy = next(a for t, a in parsed.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_every_link_inside_the_page_arrives(page: tuple[str, str, Page]) -> None:
    _, _, parsed = page
    inside = [link[1:] for link in parsed.links if link.startswith("#")]
    assert inside
    assert set(inside) <= set(parsed.ids)
    assert all(link.startswith(("#", "https://", "http://")) for link in parsed.links)


def test_every_figure_names_its_source_and_command(page: tuple[str, str, Page]) -> None:
    _, _, parsed = page
    figures = [found for tag, found in parsed.tags if tag == "data"]
    assert len(figures) > 50
    for found in figures:
        assert str(found["title"]).startswith("sulh ")
        assert found["data-cite"] is not None


def test_charts_are_named_for_those_who_cannot_see_them(page: tuple[str, str, Page]) -> None:
    _, _, parsed = page
    drawn = [found for tag, found in parsed.tags if tag == "svg" and found.get("role") == "img"]
    assert drawn
    for found in drawn:
        title, description = str(found["aria-labelledby"]).split()
        assert {title, description} <= set(parsed.ids)


def test_hostile_names_are_shown_and_not_obeyed(page: tuple[str, str, Page]) -> None:
    _, text, parsed = page
    assert "<script" not in text
    assert "&lt;script&gt;alert(" in text
    assert "<script>alert('x')</script>&\"UN" in "".join(parsed.text)


def test_a_hostile_list_of_the_users_own(small: Store, tmp_path: Path) -> None:
    listed = tmp_path / "<img>x.csv"
    listed.write_text("nation\nBGD\nPAK\n", encoding="utf-8")
    for ending in (".html", ".pdf", ".docx"):
        made = write(small, f"@{listed}", tmp_path / f"own{ending}")
        assert made.stat().st_size > 10_000
    text = (tmp_path / "own.html").read_text(encoding="utf-8")
    assert "<img" not in text
    assert "&lt;img&gt;x.csv" in text


def test_arabic_charts_run_from_right_to_left(small: Store) -> None:
    from sulh.briefing.model import Drawing

    document = compose(small, "BGD", "ar")
    drawings = [b for s in document.sections for b in s.blocks if isinstance(b, Drawing)]
    bars = next(each for each in drawings if each.name == "types")
    assert bars.spec["encoding"]["x"]["scale"]["reverse"] is True
    themed = charts.themed(bars.spec, style_of(Language.of("ar")))
    assert themed["config"]["axisY"]["orient"] == "right"


@pytest.mark.parametrize("before", range(16, 40, 2))
def test_a_page_of_the_pdf_has_rows_of_a_table_with_its_heading_and_command(before: int) -> None:
    """A table of twelve rows, pushed down line by line: no page has fewer than four rows of it."""
    rows = tuple((Text(f"row{place:02d}"), Text("7")) for place in range(12))
    columns = (Column("Name"), Column("Number", "number"))
    table = Table("CAPTION", columns, tuple(tuple((c,) for c in row) for row in rows),
                  Support((), "sulh rank 2020-12"))  # fmt: skip
    lines = tuple(Paragraph((Text(f"line {place}"),)) for place in range(before))
    english = Language.of("en")
    labels = {name: english.word(f"labels.{name}") for name in english.texts["labels"]}
    section = Section("one", "One", (*lines, table))
    document = Document("en", "ltr", "Title", (), (section,), (), (), labels)
    pdf = pypdfium2.PdfDocument(render_pdf(document, style_of(english)))
    pages = [pdf[number].get_textpage().get_text_bounded() for number in range(len(pdf))]
    counts = [len(re.findall(r"row\d\d", text)) for text in pages]
    assert sum(counts) == 12 and all(not count or count >= 4 for count in counts)
    (captioned,) = (n for n, text in enumerate(pages) if "CAPTION" in text)
    assert counts[captioned] and "row00" in pages[captioned]
    told = [n for n, text in enumerate(pages) if "Recompute:" in text]
    assert all("row11" in pages[n] for n in told) and len(told) == 1


def test_a_month_stands_by_the_tick_of_its_year() -> None:
    """A year's bar spans half a year on either side of its tick, and so do its months."""
    for year, months in ((1994, ("1994-01", "1994-12")), (1995, ("1995-01", "1995-12"))):
        places = [year_of(month) for month in months]
        assert [round(place) for place in places] == [year, year]
        assert sum(places) / 2 == pytest.approx(year_of(str(year)))
    spec = trend(Language.of("en"), [{"x": year_of(m), "y": 1} for m in ("2010-07", "2024-01")])
    assert spec["encoding"]["x"]["axis"]["labelFlush"] is False


def test_commands_break_between_words_only() -> None:
    made = str(command_html("sulh mix <b> --to 2025-07"))
    assert "<span>--to</span> <span>2025-07</span>" in made and "<span>&lt;b&gt;</span>" in made


@pytest.mark.parametrize("lang", LANGS)
def test_the_pdf_is_a4_and_has_its_text(small: Store, tmp_path: Path, lang: str) -> None:
    path = write(small, "BGD", tmp_path / "brief.pdf", lang)
    pdf = pypdfium2.PdfDocument(path)
    assert len(pdf) >= 4
    for number in range(len(pdf)):
        assert pdf[number].get_size() == pytest.approx(A4, abs=0.1)
    text = "".join(pdf[number].get_textpage().get_text_bounded() for number in range(len(pdf)))
    # PDFium puts the words of a left-to-right run inside right-to-left text in another order.
    asked = "sulh rank 2020-12" if lang != "ar" else "2020-12 rank sulh"
    assert asked in text
    assert {"en": "Bangladesh", "fr": "Bangladesh", "ar": "161"}[lang] in text
    fonts = path.read_bytes()
    assert (b"Amiri" in fonts) == (lang == "ar")


def test_the_pdf_is_the_same_every_time(small: Store, tmp_path: Path) -> None:
    first, second = (write(small, "BGD", tmp_path / f"{i}.pdf").read_bytes() for i in (1, 2))
    assert first == second


@pytest.mark.parametrize("lang", LANGS)
def test_the_docx_opens_with_headings_tables_and_pictures(
    small: Store, tmp_path: Path, lang: str
) -> None:
    path = write(small, "BGD", tmp_path / "brief.docx", lang)
    opened = docx.Document(io.BytesIO(path.read_bytes()))
    headings = [p.text for p in opened.paragraphs if p.style and p.style.name == "Heading 1"]
    document = compose(small, "BGD", lang)
    assert headings[: len(document.sections)] == [section.title for section in document.sections]
    assert opened.tables
    pictures = list(opened.element.body.iter(qn("wp:docPr")))
    assert pictures
    assert all(picture.get("descr") for picture in pictures)
    assert 'TOC \\o "1-1"' in opened.element.xml
    bidi = [p for p in opened.paragraphs if p._p.find(qn("w:pPr") + "/" + qn("w:bidi")) is not None]
    assert bool(bidi) == (lang == "ar")
    if lang == "ar":
        assert all(t._tbl.tblPr.find(qn("w:bidiVisual")) is not None for t in opened.tables)


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_the_docx_lists_every_heading(small: Store, tmp_path: Path, lang: str) -> None:
    opened = docx.Document(str(write(small, "BGD", tmp_path / "brief.docx", lang)))
    headings = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]
    listed = next(p.text for p in opened.paragraphs if p.text.startswith(f"{headings[0]}\n"))
    assert listed.splitlines() == headings


def test_the_docx_keeps_the_order_of_the_standard(small: Store, tmp_path: Path) -> None:
    opened = docx.Document(str(write(small, "BGD", tmp_path / "brief.docx", "ar")))
    orders = {
        "w:tblPr": ["tblStyle", "bidiVisual", "tblW", "tblBorders", "tblLayout", "tblCellMar"],
        "w:rPr": ["rFonts", "b", "bCs", "color", "sz", "szCs", "vertAlign", "rtl", "lang"],
        "w:sectPr": ["pgSz", "pgMar", "cols", "bidi", "docGrid"],
    }
    for name, order in orders.items():
        for properties in opened.element.iter(qn(name)):
            found = [child.tag.rpartition("}")[2] for child in properties]
            known = [each for each in found if each in order]
            assert known == sorted(known, key=order.index), found


def test_other_endings_are_refused(small: Store, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="HTML, PDF or DOCX"):
        write(small, "BGD", tmp_path / "brief.odt")
    assert list(tmp_path.iterdir()) == []


def test_outlines_are_thin_and_wound_clockwise() -> None:
    shapes = outlines()
    assert {"BGD", "EGY", "IDN", "SSD"} <= set(shapes)
    assert "ATA" not in shapes
    rings = [
        ring for shape in shapes.values() for polygon in shape["coordinates"] for ring in polygon
    ]
    assert sum(map(len, rings)) < 8000
    for ring in rings:
        pairs = zip(ring, ring[1:] + ring[:1], strict=True)
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) < 0


def test_a_nation_without_an_outline_is_a_point() -> None:
    assert "BHR" not in outlines()
    spec = world_map(Language.of("en"), {"BHR": 3, "BGD": 5000, "FRA": 0}, [])
    points, shaded = spec["layer"][2]["data"]["values"], spec["layer"][1]["data"]["values"]
    assert [(p["x"], p["y"], p["level"]) for p in points] == [(*positions()["BHR"], "1–99")]
    assert [(s["properties"]["code"], s["level"]) for s in shaded] == [("BGD", "2,000+")]
    colour = spec["layer"][1]["encoding"]["color"]
    assert colour["scale"]["domain"] == ["1–99", "100–499", "500–1,999", "2,000+"]
    assert colour["legend"]["values"] == colour["scale"]["domain"]


def inside(code: str, x: float, y: float) -> bool:
    """Return whether a point lies in an outline, by the crossings of a ray to the east."""
    crossings = 0
    for polygon in outlines().get(code, {"coordinates": []})["coordinates"]:
        for (x1, y1), (x2, y2) in zip(polygon[0], polygon[0][1:], strict=False):
            crossed = (y1 > y) != (y2 > y)
            crossings += crossed and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("place", "code", "x", "y"),
    [
        ("Budapest", "HUN", 19.1, 47.5),
        ("Yangon", "MMR", 96.1, 16.9),
        ("Belgrade", "SRB", 20.5, 44.7),
        ("Podgorica", "MNE", 19.3, 42.5),
        ("Pristina", "XKX", 21.1, 42.6),
        ("Hargeisa", "SOM", 44.1, 9.6),
        ("Mogadishu", "SOM", 45.3, 2.1),
        ("Laayoune", "ESH", -13.0, 27.1),
        ("Dakhla", "ESH", -15.5, 23.7),
        ("Rabat", "MAR", -6.8, 33.9),
    ],
)
def test_no_land_is_painted_as_sea(place: str, code: str, x: float, y: float) -> None:
    """Western Sahara stands by itself, Somalia is whole, and the package's blanks are filled."""
    assert [each for each in outlines() if inside(each, x, y)] == [code], place


def test_few_deaths_are_counted_in_whole_numbers() -> None:
    rows = [{"x": 2000, "y": 1, "name": ""}, {"x": 2001, "y": 2, "name": ""}]
    assert stacked(Language.of("en"), rows, [""])["encoding"]["y"]["axis"]["values"] == [0, 1, 2]
    many = [{"x": 2000, "y": 60, "name": ""}]
    assert "values" not in stacked(Language.of("en"), many, [""])["encoding"]["y"]["axis"]
