"""Every problem of an input at once: where it is, what was found, why it matters, how to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sulh.core.errors import RefusedFile

SHOWN = 50
KEPT = 1_000
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of an input; ``line`` is None where it concerns the whole file."""

    file: str
    line: int | None
    found: str
    why: str
    mend: str

    def __str__(self) -> str:
        """Return the problem as one line.

        >>> print(Problem("pledges.csv", 7, "units is -2", "it counts", "write 1"))
        pledges.csv, line 7: units is -2: it counts. What to do: write 1.
        """
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.found}: {self.why}. What to do: {self.mend}."


class BadCase(RefusedFile):
    """An input of several files that cannot be used, with every problem found in it.

    ``problems`` holds the first of them, ``total`` says how many there are.
    """

    def __init__(self, folder: str, problems: Sequence[Problem], total: int) -> None:
        self.folder, self.problems, self.total = folder, tuple(problems), total
        count = f"{total:,} problem{'' if total == 1 else 's'}"
        super().__init__(
            f"{folder} has {count}",
            "an answer made from it would be wrong",
            "mend what is listed and check again",
        )

    def __str__(self) -> str:
        """Return the problems, one on each line, the first `SHOWN` of them."""
        lines = [f"{self.found}, and {self.why}.", *(f"  {p}" for p in self.problems[:SHOWN])]
        if self.total > len(lines) - 1:
            lines.append(f"  … and {self.total - len(lines) + 1:,} more.")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[type[BadCase], tuple[str, tuple[Problem, ...], int]]:  # type: ignore[override]
        return BadCase, (self.folder, self.problems, self.total)


@dataclass
class Problems:
    """A collector of problems, bounded so that a damaged file cannot fill the memory."""

    kept: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, file: str, line: int | None, found: str, why: str, mend: str) -> None:
        """Count a problem, and keep it if there is room."""
        self.total += 1
        if len(self.kept) < KEPT:
            self.kept.append(Problem(file, line, found, why, mend))

    def refuse(self, folder: str) -> None:
        """Raise `BadCase` if there is any problem."""
        if self.total:
            raise BadCase(folder, self.kept, self.total)


def shown(value: object) -> str:
    """Return a value as it can be printed: quoted, escaped and not too long.

    >>> shown("x" * 100_000)[-25:]
    "xx…' (100,000 characters)"
    """
    text = str(value)
    if len(text) <= _LONGEST:
        return repr(text)
    return f"{text[:_LONGEST]!r}"[:-1] + f"…' ({len(text):,} characters)"
