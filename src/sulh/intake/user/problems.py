"""Problems of a user's own file: collected, then told all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document
from sulh.intake.text import refused

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What was found, how to mend it, and on which line of the file."""

    found: str
    mend: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        return f"{where}{self.found} ({self.mend})"


def refuse(document: Document, problems: Sequence[Problem], why: str) -> RefusedFile:
    """Return the error that lists up to twenty problems, in the order of their lines.

    >>> error = refuse(Document("a.csv", b""), [Problem("no month", "write 2020-12", 3)], "x")
    >>> error.found
    'a.csv: 1 problem: line 3: no month (write 2020-12)'
    """
    ordered = sorted(problems, key=lambda problem: problem.line or 0)
    told = "; ".join(str(problem) for problem in ordered[:SHOWN])
    more = f"; and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else ""
    number = f"{len(ordered)} problem{'s' if len(ordered) != 1 else ''}"
    return refused(document, f"{number}: {told}{more}", why, "correct them and import it again")
