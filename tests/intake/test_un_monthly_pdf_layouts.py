"""Reports made for the test in many layouts: what was put in comes out, or is doubted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document, Parsed
from sulh.intake.un_monthly_pdf import SOURCE

Text = tuple[float, float, str]  # left, baseline, words
Figures = dict[str, dict[str, dict[str, tuple[int, int]]]]  # outer, inner, type: men, women

TYPES = {
    "Experts on Mission": "experts_on_mission",
    "Formed Police Units": "formed_police",
    "Individual Police": "individual_police",
    "Staff Officer": "staff_officers",
    "Contingent Troops": "troops",
}
NATIONS = [
    "Bangladesh",
    "Benin",
    "Bosnia and Herzegovina",
    "Côte d'Ivoire",
    "Democratic Republic of the Congo",
    "Guinea",
    "Guinea-Bissau",
    "Niger",
    "Nigeria",
    "United Republic of Tanzania",
    "United States of America",
]
OPERATIONS = ["BINUH", "MINURSO", "MINUSCA", "MONUSCO", "UNFICYP", "UNIFIL", "UNMISS", "UNTSO"]


def pdf(
    pages: list[list[Text]], *, sideways: bool = False, extra: str = "", made: str = ""
) -> bytes:
    """Return a PDF with words at places, nothing compressed."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        lines = []
        for x, y, words in page:
            escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            matrix = f"0 1 -1 0 {800 - y:.2f} {x:.2f}" if sideways else f"1 0 0 1 {x:.2f} {y:.2f}"
            lines.append(f"BT /F1 8 Tf {matrix} Tm ({escaped}) Tj ET")
        stream = "\n".join(lines).encode("cp1252")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 800 800] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    if made:
        created, _, changed = made.encode().partition(b", ")
        info = b"<< /CreationDate (D:%s) /ModDate (D:%s) >>"
        objects.append(info % (created, changed or created))
        extra += f" /Info {len(objects)} 0 R"
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, extra.encode())
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


@dataclass(frozen=True)
class Style:
    """How a report is laid out."""

    nation_first: bool = False
    names: str = "inline"  # inline, above, centred
    repeat: bool = True  # whether a page break repeats the name of a centred cell
    continued: bool = False  # whether a page begins with the name on the outside again
    totals: bool = True
    total_first: bool = False  # the column of totals stands before those of men and women
    rows: int = 12  # on a page
    pitch: float = 20.0
    left: float = 30.0
    wrap: int = 40  # longest line of a name, in characters
    date: str = "As of: 30/11/2019"


class Printer:
    """Prints a table of figures as a report of some style."""

    def __init__(self, figures: Figures, style: Style) -> None:
        self.style = style
        self.pages: list[list[Text]] = []
        self.taken = 0
        self.current = ""
        x = style.left
        self.nation, self.operation = (x, x + 160) if style.nation_first else (x + 110, x)
        self.type = x + 280
        men, women, both = x + 400, x + 450, x + 510
        if style.total_first:
            both, men, women = x + 400, x + 450, x + 510
        self.columns = (men, women, both)
        self.world = [0, 0]
        self.new_page()
        for outer, inners in figures.items():
            self.outer(outer, inners)
        if style.totals:
            self.line((self.operation, "Grand Total"), figures=self.world)

    def new_page(self) -> None:
        heading = [
            (self.nation, 740.0, "Country"),
            (self.operation, 740.0, "Mission"),
            (self.type, 740.0, "Personnel Type"),
            *zip(self.columns, (740.0,) * 3, ("Male", "Female", "Total"), strict=True),
        ]
        title = [(200.0, 780.0, "Contribution of Uniformed Personnel"), (200.0, 765.0, "")]
        title[1] = (200.0, 765.0, self.style.date)
        self.pages.append([*title, *heading])
        self.taken = 0
        if self.style.continued and self.current:
            x = self.nation if self.style.nation_first else self.operation
            self.line((x, self.current))

    def height(self) -> float:
        return 715.0 - self.taken * self.style.pitch

    def line(self, *words: tuple[float, str], figures: list[int] | None = None) -> float:
        if self.taken >= self.style.rows:
            self.new_page()
        height = self.height()
        self.taken += 1
        page = self.pages[-1]
        page += [(x, height, text) for x, text in words if text]
        if figures is not None:
            printed = (figures[0], figures[1], sum(figures))
            for x, figure in zip(self.columns, printed, strict=True):
                page.append((x + 22 - 4.5 * len(f"{figure:,}"), height, f"{figure:,}"))
        return height

    def name(self, x: float, middle: float, text: str) -> list[Text]:
        """Return a name in lines around its middle."""
        lines = [""]
        for word in text.split():
            if lines[-1] and len(lines[-1]) + len(word) >= self.style.wrap:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        top = middle + 9.0 * (len(lines) - 1) / 2
        return [(x, top - 9.0 * i, line) for i, line in enumerate(lines)]

    def outer(self, outer: str, inners: dict[str, dict[str, tuple[int, int]]]) -> None:
        style = self.style
        first = self.nation if style.nation_first else self.operation
        self.line((first, outer))
        self.current = outer
        summed = [0, 0]
        for inner, types in inners.items():
            self.inner(inner, types)
            for men, women in types.values():
                summed[0] += men
                summed[1] += women
        if style.totals:
            label = "Total for Country" if style.nation_first else f"Total {outer}"
            self.line((first, label), figures=summed)
        self.current = ""
        self.world = [a + b for a, b in zip(self.world, summed, strict=True)]

    def inner(self, inner: str, types: dict[str, tuple[int, int]]) -> None:
        x = self.operation if self.style.nation_first else self.nation
        if self.style.names == "centred":
            self.centred(x, inner, types)
            return
        if self.style.names == "above":
            self.line((x, inner))
        for place, (kind, figures) in enumerate(types.items()):
            beside = inner if self.style.names == "inline" and place == 0 else ""
            self.line((x, beside), (self.type, kind), figures=list(figures))

    def centred(self, x: float, inner: str, types: dict[str, tuple[int, int]]) -> None:
        heights: list[float] = []
        pages: list[int] = []
        for kind, figures in types.items():
            heights.append(self.line((self.type, kind), figures=list(figures)))
            pages.append(len(self.pages) - 1)
        if self.style.repeat:
            for page in sorted(set(pages)):
                part = [h for h, p in zip(heights, pages, strict=True) if p == page]
                self.pages[page] += self.name(x, (part[0] + part[-1]) / 2, inner)
            return
        run = self.style.pitch * (len(heights) - 1)  # as if the page went on
        self.pages[pages[0]] += self.name(x, heights[0] - run / 2, inner)


def truth(figures: Figures, style: Style) -> set[tuple[object, ...]]:
    rows = set()
    for outer, inners in figures.items():
        for inner, types in inners.items():
            nation, operation = (outer, inner) if style.nation_first else (inner, outer)
            for kind, (men, women) in types.items():
                rows.add((nation, operation, TYPES[kind], women, men, men + women))
    return rows


def read(data: bytes) -> Parsed:
    return SOURCE.parse(Document("a report", data))


def rows_of(parsed: Parsed) -> set[tuple[object, ...]]:
    table = parsed.tables["contributions"].select(
        "nation_name", "operation_name", "personnel_type", "women", "men", "persons"
    )
    return set(table.iter_rows())


def doubts(parsed: Parsed) -> list[str]:
    return [
        f"{flag.code}: {flag.message}"
        for flag in parsed.flags
        if flag.severity in ("doubt", "refused") and flag.code != "women_not_plausible"
    ]


_COUNTS = st.tuples(st.integers(0, 2500), st.integers(0, 300))
_TYPES = st.dictionaries(st.sampled_from(sorted(TYPES)), _COUNTS, min_size=1, max_size=5)


@st.composite
def tables(draw: st.DrawFn, *, nation_first: bool) -> Figures:
    outers, inners = (NATIONS, OPERATIONS) if nation_first else (OPERATIONS, NATIONS)
    figures: Figures = {}
    for outer in draw(st.lists(st.sampled_from(outers), min_size=1, max_size=4, unique=True)):
        names = draw(st.lists(st.sampled_from(inners), min_size=1, max_size=8, unique=True))
        figures[outer] = {name: dict(sorted(draw(_TYPES).items())) for name in sorted(names)}
    return figures


@st.composite
def reports(draw: st.DrawFn) -> tuple[Figures, Style]:
    nation_first = draw(st.booleans())
    style = Style(
        nation_first=nation_first,
        names=draw(st.sampled_from(["inline", "above"])),
        continued=draw(st.booleans()),
        totals=draw(st.booleans()),
        total_first=draw(st.booleans()),
        rows=draw(st.integers(4, 30)),
        pitch=draw(st.sampled_from([14.0, 16.5, 21.6])),
        left=draw(st.sampled_from([20.0, 55.5])),
    )
    return draw(tables(nation_first=nation_first)), style


@given(reports())
def test_what_is_printed_is_read_in_any_order_of_columns(report: tuple[Figures, Style]) -> None:
    figures, style = report
    parsed = read(pdf(Printer(figures, style).pages))
    assert rows_of(parsed) == truth(figures, style)
    assert doubts(parsed) == []
    assert parsed.months == ("2019-11",)
    persons = parsed.tables["contributions"]["persons"].sum()
    assert parsed.tables["world_totals"]["persons"].to_list() == [persons] * style.totals


@given(tables(nation_first=False), st.booleans(), st.integers(5, 30))
def test_names_in_the_middle_of_merged_cells(figures: Figures, repeat: bool, rows: int) -> None:
    """A cell of every size, broken by pages anywhere, its name repeated or printed once."""
    figures = {
        "UNMIK": {"Albania": {"Staff Officer": (1, 0), "Contingent Troops": (5, 1)}},
        **figures,
    }
    style = Style(names="centred", repeat=repeat, rows=rows, pitch=21.6)
    parsed = read(pdf(Printer(figures, style).pages))
    assert rows_of(parsed) == truth(figures, style)
    assert doubts(parsed) == []


def test_wrapped_names_are_joined_and_never_with_a_neighbour() -> None:
    types = {"Experts on Mission": (1, 0), "Staff Officer": (2, 1), "Contingent Troops": (3, 4)}
    for size in (1, 2, 3):
        chosen = dict(list(types.items())[:size])
        inners = dict.fromkeys(NATIONS, chosen) | {"Zambia": types, "Zimbabwe": chosen}
        style = Style(names="centred", wrap=22, pitch=24.0, rows=25)
        figures: Figures = {"UNMISS": inners}
        parsed = read(pdf(Printer(figures, style).pages))
        if size == 1:
            assert set(parsed.tables["contributions"]["nation_name"]) == set(inners)
        assert rows_of(parsed) == truth(figures, style)
        assert doubts(parsed) == []


def test_a_table_printed_sideways() -> None:
    figures: Figures = {"UNMISS": {"Nepal": {"Staff Officer": (3, 1), "Individual Police": (2, 2)}}}
    parsed = read(pdf(Printer(figures, Style()).pages, sideways=True))
    assert rows_of(parsed) == truth(figures, Style())
    assert doubts(parsed) == []


@given(reports(), st.data())
def test_a_changed_figure_is_never_accepted_in_silence(
    report: tuple[Figures, Style], data: st.DataObject
) -> None:
    figures, style = report
    pages = Printer(figures, style).pages
    places = [
        (page, index)
        for page, texts in enumerate(pages)
        for index, text in enumerate(texts)
        if text[2].replace(",", "").isdigit()
    ]
    page, index = data.draw(st.sampled_from(places))
    x, y, text = pages[page][index]
    number = int(text.replace(",", ""))
    pages[page][index] = (
        x,
        y,
        f"{data.draw(st.integers(0, 2500).filter(lambda n: n != number)):,}",
    )
    assert doubts(read(pdf(pages)))


@given(reports().filter(lambda report: report[1].totals), st.data())
def test_a_line_that_is_lost_is_missed(report: tuple[Figures, Style], data: st.DataObject) -> None:
    figures, style = report
    pages = Printer(figures, style).pages
    lines = sorted(
        {(page, y) for page, texts in enumerate(pages) for x, y, text in texts if text in TYPES}
    )
    page, height = data.draw(st.sampled_from(lines))
    lost = [text for text in pages[page] if text[1] == height]
    pages[page] = [text for text in pages[page] if text[1] != height]
    try:
        parsed = read(pdf(pages))
    except RefusedFile:
        return
    if any(text.isdigit() and int(text) for _, _, text in lost):
        assert doubts(parsed)


def test_merged_cells_without_operations() -> None:
    """A nation's name in the middle of its types, no operations; of odd and even numbers."""
    kinds = list(TYPES)
    sizes = {"Benin": 3, "Guinea": 1, "Niger": 4, "Nigeria": 5, "United Kingdom": 2, "Zambia": 3}
    texts: list[Text] = [(200.0, 780.0, "As of: 31/10/2018")]
    texts += [(x, 740.0, t) for x, t in ((30.0, "Country"), (240.0, "Post"), (500.0, "Total"))]
    texts += [(x, 740.0, t) for x, t in ((400.0, "Male"), (450.0, "Female"))]
    height, expected = 700.0, set()
    for nation, size in sizes.items():
        texts.append((30.0, height - 15.0 * (size - 1) / 2, nation))
        for number, kind in enumerate(kinds[:size], start=1):
            printed = (number, 1, number + 1)
            cells = zip((410.0, 465.0, 510.0), printed, strict=True)
            texts += [(240.0, height, kind), *((x, height, f"{n}") for x, n in cells)]
            expected.add((nation, None, TYPES[kind], 1, number, number + 1))
            height -= 15.0
    parsed = read(pdf([texts]))
    assert rows_of(parsed) == expected
    assert doubts(parsed) == []


def matrix(rows: list[tuple[str, list[int]]], *, total: bool) -> list[list[Text]]:
    heads = ["Experts on", "Formed Police", "Individual", "Staff Officer", "Troops", "Total"]
    under = ["Mission", "Units", "Police", "", "", ""]
    columns = [120.0 + 65 * i for i in range(6 if total else 5)]
    texts: list[Text] = [(200.0, 780.0, "As of : 30/09/2023"), (30.0, 740.0, "Country")]
    for x, head, below in zip(columns, heads, under, strict=False):
        texts += [(x, 740.0, head)] + ([(x, 731.0, below)] if below else [])
    for number, (name, figures) in enumerate(rows):
        height = 710.0 - 20 * number
        texts.append((30.0, height, name))
        printed = [*figures, sum(figures)] if total else figures
        texts += [(x + 15, height, f"{n}") for x, n in zip(columns, printed, strict=True)]
    return [texts]


def test_a_column_for_each_type() -> None:
    rows = [("Nepal", [48, 180, 42, 134, 5874]), ("Malta", [0, 0, 0, 0, 9])]
    summed = [sum(column) for column in zip(*(figures for _, figures in rows), strict=True)]
    parsed = read(pdf(matrix([*rows, ("Grand Total", summed)], total=True)))
    found = parsed.tables["contributions"].select("nation_name", "personnel_type", "persons")
    assert set(found.iter_rows()) == {
        ("Nepal", "experts_on_mission", 48),
        ("Nepal", "formed_police", 180),
        ("Nepal", "individual_police", 42),
        ("Nepal", "staff_officers", 134),
        ("Nepal", "troops", 5874),
        ("Malta", "troops", 9),
    }
    assert parsed.tables["contributions"]["women"].null_count() == 6
    assert parsed.tables["contributions"]["operation_name"].null_count() == 6
    world = parsed.tables["world_totals"]
    assert world.filter(pl.col("personnel_type") == "uniformed")["persons"].to_list() == [6287]
    assert doubts(parsed) == []
    rows[0][1][0] = 47  # the grand total still counts 48
    assert doubts(read(pdf(matrix([*rows, ("Grand Total", summed)], total=True))))


DENSE = [
    (x, float(y), "".join(chr(48 + (7 * y + 3 * i + int(x)) % 42) for i in range(60)))
    for y in range(0, 800, 2)
    for x in (2.0, 270.0, 530.0)
]


def test_files_that_are_no_report() -> None:
    letter = pdf([[(50.0, 700.0, "Dear Country, we write about the Mission and its Total")]])
    assert not SOURCE.recognises(Document("letter", letter))
    locked = pdf(
        [[(50.0, 700.0, "x")]],
        extra="/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4"
        f" /O <{'11' * 32}> /U <{'22' * 32}> >>",
    )
    for name, data, said in (
        ("letter", letter, "no heading"),
        ("locked", locked, "encrypted"),
        ("empty", b"", "empty"),
        ("text", b"month,persons\n2020-01,5\n", "not a PDF"),
        ("half", letter[: len(letter) // 2], "cut short"),
        ("long", pdf([[(50.0, 700.0, "x")]] * 201), "201 pages"),
        ("dense", pdf([DENSE]), "characters"),
    ):
        with pytest.raises(RefusedFile, match=said):
            SOURCE.parse(Document(name, data))


def test_a_report_without_a_month_is_refused() -> None:
    figures: Figures = {"UNMISS": {"Nepal": {"Staff Officer": (3, 1)}}}
    with pytest.raises(RefusedFile, match="no month"):
        read(pdf(Printer(figures, replace(Style(), date="As of today")).pages))
