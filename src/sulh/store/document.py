"""The page on the published tables, written from ``tables.toml``.

``python -m sulh.store.document > docs/tables.md`` writes it again.
"""

from __future__ import annotations

import sys

from sulh.store.schema import Table, tables

_INTRODUCTION = """\
# Published tables

This page is written from `src/sulh/store/tables.toml`, where each column is defined once:
`make docs` writes it again. A table is one Parquet file in the store's current version;
`sulh table NAME --format csv` prints it, whole or for some months. An empty cell means
*not reported*: it is never zero.
"""


def _section(table: Table) -> str:
    head = f"## {table.name}\n\n{table.meaning}.\n\n| Column | Type | Unit | Meaning |\n"
    head += "|---|---|---|---|\n"
    rows = "".join(
        f"| `{column.name}` | {column.type} | {column.unit or '–'} | {column.meaning} |\n"
        for column in table.columns
    )
    return head + rows


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(table) for table in tables().values())])


if __name__ == "__main__":
    sys.stdout.write(page())
