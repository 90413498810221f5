"""Lines of the training reports: one line one row, quotes are signs like others.

The publisher's files hold quotes that never close. A reader that takes a quote for the start of a
cell swallows the rows up to the next one: 175 rows of one file.
"""

from __future__ import annotations

import polars as pl

from sulh.intake.base import Document, Flag
from sulh.intake.text import TextTable, column_names, decode, refused

_MOST_UNFIT = 0.1


def read_lines(document: Document) -> TextTable:
    """Return the rows as text, with the line of each; a line that does not fit is kept apart.

    Raises `RefusedFile` where more than a tenth of the lines do not fit the header, or the file
    ends within a line.
    """
    text, flags = decode(document)
    lines = text.replace("\r\n", "\n").split("\n")
    names = column_names(document, lines[0].split("\t"))
    kept: list[list[str]] = []
    places: list[int] = []
    unfit: list[Flag] = []
    for place, line in enumerate(lines[1:], start=2):
        cells = [_unquoted(cell) for cell in line.split("\t")]
        if len(cells) == len(names):
            kept.append(cells)
            places.append(place)
        elif line.strip():
            told = f"the line has {len(cells)} cells where the header has {len(names)}"
            unfit.append(Flag("cells_do_not_fit", f"{told}; kept apart", "refused", line=place))
    if len(unfit) > _MOST_UNFIT * (len(kept) + len(unfit)) or not kept:
        raise refused(
            document,
            f"{len(unfit)} of {len(kept) + len(unfit)} lines do not fit the header",
            "the file is damaged or no report",
            "fetch the file again",
        )
    columns = zip(*kept, strict=True)
    frame = pl.DataFrame(
        [
            pl.Series(name, cells, dtype=pl.String)
            for name, cells in zip(names, columns, strict=True)
        ]
    )
    return TextTable(frame.with_columns(pl.Series("line", places)), (*flags, *unfit))


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell
