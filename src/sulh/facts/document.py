"""The page on the terms of the data, written from the catalogue of sources.

``python -m sulh.facts.document > docs/data-licences.md`` writes it again.
"""

from __future__ import annotations

import sys

from sulh.facts.catalogue import Entry, catalogue

_INTRODUCTION = """\
# Terms of the data

This page is written from the catalogue of sources (`make docs`). The code of sulh is under the
Apache License 2.0; figures keep the terms of their producers. *Redistribution* says what the
package itself may carry on: `yes`, the data; `figures`, cited single figures and digests made from
them; `no`, nothing. Raw files are never part of the package. Terms marked † were recalled from the
publisher's general conditions and not seen in the file: check them before you publish.
"""


def _row(entry: Entry) -> str:
    mark = "" if entry.mark.verified("licence") else " †"
    address = f"<{entry.address}>" if entry.address else "–"
    return (
        f"| `{entry.key}` | {entry.citation} | {entry.coverage} | {entry.licence}{mark} "
        f"| {entry.redistribution} | {address} |"
    )


def page() -> str:
    """Return the page as Markdown."""
    head = "| Source | Citation | Coverage | Licence | Redistribution | Address |\n"
    rows = "\n".join(_row(entry) for entry in catalogue().values())
    return f"{_INTRODUCTION}\n{head}|---|---|---|---|---|---|\n{rows}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
