"""The tables of a case of force generation, from records and back.

Partners' offers are open in the months in which the agreement they rest on is in force on the last
day of the month: an offer is written once for each unbroken run of such months. Its uses are the
same for each run, since the record says how many tours it supports in all; a plan that has several
runs of one offer must not add them up, and the caller is told which they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sulh.core.months import month_end, month_range
from sulh.registry.edits import Cells
from sulh.registry.models import Agreement, fields
from sulh.registry.register import Register
from sulh.registry.status import agreement_status, successors

# The identifier of a kind of record, under the name that a case gives it.
FILES: Mapping[str, tuple[str, str]] = {
    "missions.csv": ("mission_limit", "mission"),
    "nations.csv": ("nation_limit", "nation"),
    "requirements.csv": ("requirement", "requirement"),
    "pledges.csv": ("pledge", "pledge"),
    "partners.csv": ("offer", "offer"),
}
_NEITHER = {
    "id",
    "source",
    "notes",
    "version",
    "forum",
    "what",
    "made",
    "due",
    "fulfilled",
    "agreement",
}
_NEEDED = ("units", "strength", "women", "readiness", "available_from", "tour_months")
_ZERO = ("reset_months", "monthly_cost_usd", "move_cost_usd")


@dataclass(frozen=True)
class CaseFiles:
    """The tables of a case as CSV text by file, and what of the records is not in them."""

    tables: Mapping[str, str]
    left_out: tuple[str, ...]


def case_columns(file: str) -> tuple[str, ...]:
    """Return the columns of a file of a case.

    >>> case_columns("nations.csv")
    ('nation', 'max_personnel', 'max_missions')
    """
    kind, name = FILES[file]
    own = [field for field in fields(kind) if field not in _NEITHER]
    return (name, *(field for field in own if not (kind == "pledge" and field == "kind")))


def case_files(register: Register) -> CaseFiles:
    """Return the tables of a case from the records of a registry."""
    left: list[str] = []
    rows = {file: register.rows(kind) for file, (kind, _) in FILES.items()}
    rows["pledges.csv"] = list(_whole(rows["pledges.csv"], left))
    agreements = {agreement.id: agreement for agreement in register.records(Agreement)}
    rows["partners.csv"] = list(_open(rows["partners.csv"], agreements, left))
    _complete(rows)
    return CaseFiles({file: _csv(file, rows[file]) for file in FILES}, tuple(left))


def _whole(pledges: list[dict[str, Any]], left: list[str]) -> Iterator[dict[str, Any]]:
    for pledge in pledges:
        missing = [name for name in ("capability", *_NEEDED) if pledge[name] is None]
        if missing:
            left.append(f"pledge {pledge['id']} says nothing of {', '.join(missing)}")
            continue
        yield pledge | {name: pledge[name] or 0 for name in _ZERO}


def _open(
    offers: list[dict[str, Any]], agreements: Mapping[str, Agreement], left: list[str]
) -> Iterator[dict[str, Any]]:
    followers = successors(agreements.values())
    for offer in offers:
        if offer["agreement"] is None:
            yield offer
            continue
        name = offer["agreement"]
        months = month_range(offer["first_month"], offer["last_month"])
        runs = _runs(agreements[name], followers.get(name, ()), months)
        if not runs:
            left.append(
                f"offer {offer['id']}: {offer['agreement']} is in force in none of its months"
            )
        elif len(runs) > 1:
            left.append(
                f"offer {offer['id']} is open in {len(runs)} runs of months; each has all its uses"
            )
        for number, (first, last) in enumerate(runs, start=1):
            name = offer["id"] if len(runs) == 1 else f"{offer['id']}:{number}"
            yield offer | {"id": name, "first_month": first, "last_month": last}


def _runs(
    agreement: Agreement, later: Sequence[Agreement], months: Iterable[str]
) -> list[tuple[str, str]]:
    """Return the unbroken runs of months at whose end an agreement is in force."""
    runs: list[tuple[str, str]] = []
    before = False
    for month in months:
        now = agreement_status(agreement, month_end(month), later).word == "in force"
        if now and before:
            runs[-1] = (runs[-1][0], month)
        elif now:
            runs.append((month, month))
        before = now
    return runs


def _complete(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Add a row without a limit for each nation and mission that is named and has none."""
    for file, users, column in (
        ("nations.csv", ("pledges.csv",), "nation"),
        ("missions.csv", ("requirements.csv",), "mission"),
    ):
        there = {row["id"] for row in rows[file]}
        named = {row[column] for user in users for row in rows[user]}
        if file == "missions.csv":
            listed = [str(row["excluded_missions"] or "") for row in rows["pledges.csv"]]
            named |= {name for text in listed for name in text.split("|") if name}
        rows[file] = rows[file] + [{"id": name} for name in sorted(named - there)]


def _csv(file: str, rows: list[dict[str, Any]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    names = case_columns(file)
    writer.writerow(names)
    for row in rows:
        cells = [row["id"], *(row.get(name) for name in names[1:])]
        writer.writerow([_cell(cell) for cell in cells])
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else value


def case_records(folder: Path, source: str, versions: Mapping[tuple[str, str], int]) -> list[Cells]:
    """Return the rows of a case as cells of records.

    ``versions`` holds the version of each record that is there already, by kind and identifier: it
    is changed in the columns that a case has; the others stay.
    """
    found = []
    for file, (kind, name) in FILES.items():
        with (folder / file).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            for row in reader:
                cells = {k: row[k] or "" for k in case_columns(file)[1:] if k in row}
                own = row[name] or ""
                cells["id"] = own
                version = versions.get((kind, own))
                if version is None:
                    cells |= {
                        "source": source,
                        **({"kind": "uniformed"} if kind == "pledge" else {}),
                    }
                else:
                    cells["version"] = str(version)
                found.append(Cells(kind, cells, file, reader.line_num))
    return found
