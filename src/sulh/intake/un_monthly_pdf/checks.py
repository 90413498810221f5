"""What the print itself allows to check: totals, sums, counts, order; each failure is a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sulh.intake.base import Flag
from sulh.intake.un_monthly_pdf.entries import Entry
from sulh.intake.un_monthly_pdf.layout import Column
from sulh.intake.un_monthly_pdf.reading import Reading, Row, Scope, Total, show


def check_totals(reading: Reading) -> Iterator[Flag]:
    """Yield a doubt for every printed total that its rows do not add up to, and every gap."""
    for total in reading.totals:
        if not total.holds:
            summed = " ".join(f"{figure:,}" for figure in total.summed)
            message = f"{_of(total)}: printed {show(total.entry)}, the rows add up to {summed}"
            yield _doubt("total_differs", message, total.entry)
        if total.scope == "world" and total.entry.ordinal:
            printed = int(total.entry.ordinal)
            if printed != len(reading.rows):
                message = f"the report counts {printed:,} rows, {len(reading.rows):,} were read"
                yield _doubt("rows_differ", message, total.entry)
    kinds = {(total.scope, total.operation is not None) for total in reading.totals}
    totalled: set[Scope] = {scope for scope, _ in kinds}
    for scope, name, entry in reading.untotalled:
        if scope in totalled:
            message = f"no total is printed for the {scope} {name}, though others have one"
            yield _doubt("total_missing", message, entry)
    if not reading.totals:
        yield Flag("no_totals", "the report prints no totals to check against", "note")


def _of(total: Total) -> str:
    if total.scope == "world":
        return "grand total"
    names = [name for name in (total.nation, total.operation) if name]
    return f"total of {' in '.join(names)}"


def check_rows(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[Flag]:
    """Yield a doubt for every row whose women and men, or types, do not add up to its total."""
    whole = [i for i, column in enumerate(columns) if column.measure == "persons"]
    summed = whole[-1] if whole and columns[whole[-1]].type is None else None
    if summed is None:
        return
    for row in rows:
        figures = row.entry.figures or ()
        parts = [figure for i, figure in enumerate(figures) if i != summed]
        if figures[summed] is None or None in parts:
            continue
        added = sum(figure for figure in parts if figure is not None)
        if added != figures[summed]:
            message = f"{row.nation}: {show(row.entry)} does not add up ({added:,})"
            yield _doubt("row_does_not_add_up", message, row.entry)


def check_ordinals(pages: Iterable[Iterable[Entry]]) -> Iterator[Flag]:
    """Yield a doubt where the printed numbers of the nations skip one: a nation is missing."""
    before = 0
    for entries in pages:
        for entry in entries:
            if not (entry.ordinal and entry.nation) or entry.figures is not None:
                continue
            number = int(entry.ordinal)
            if number not in (before, before + 1):
                message = f"{entry.nation} is number {number} of the list, after number {before}"
                yield _doubt("nation_missing", message, entry)
            before = number


def check_text(reading: Reading) -> Iterator[Flag]:
    """Yield a flag for types and totals printed without a figure.

    Where the printed total of the nation equals the rows that have figures, nothing is missing.
    """
    bad = unreconciled(reading)
    proved = {total.nation for total in reading.totals if total.holds} - bad
    for row in reading.unfigured:
        entry = row.entry
        message = f"{row.nation}: {entry.type_text or entry.label!r} is printed without a figure"
        if row.nation in proved:
            message += "; the printed total of the nation leaves nothing for it"
            yield Flag("no_figure", message, "repaired", None, entry.page, entry.line)
        else:
            yield _doubt("no_figure", message, entry)


_WHOLE_REPORT = 10_000  # persons; a share of fewer says nothing
_MOST_WOMEN = 0.25  # of all uniformed personnel; the highest yet is 0.102


def check_plausible(women: int, persons: int) -> Iterator[Flag]:
    """Yield a doubt where the split into women and men cannot be right although sums agree."""
    if persons >= _WHOLE_REPORT and women > _MOST_WOMEN * persons:
        share = women / persons
        message = f"{women:,} women of {persons:,} persons ({share:.0%}) as printed; not plausible"
        yield Flag("women_not_plausible", message, "doubt")


def check_names(rows: Iterable[Row]) -> Iterator[Flag]:
    """Yield a doubt, once a name, for names that the print visibly cuts short."""
    seen: set[str] = set()
    for row in rows:
        if row.nation not in seen and _is_cut(row.nation):
            message = f"the print cuts the name {row.nation!r} short"
            yield _doubt("name_cut_short", message, row.entry)
        seen.add(row.nation)


def _is_cut(name: str) -> bool:
    """Return whether a name ends in the air; "Moldova, Republic of" does not."""
    return name.endswith(",") or (name.endswith((" of", " and", " the")) and "," not in name)


def unreconciled(reading: Reading) -> set[str]:
    """Return the names of nations and operations under which some total does not hold."""
    return {
        name
        for total in reading.totals
        if not total.holds
        for name in (total.nation, total.operation)
        if name
    }


def _doubt(code: str, message: str, entry: Entry) -> Flag:
    return Flag(code, message, "doubt", None, entry.page, entry.line)
