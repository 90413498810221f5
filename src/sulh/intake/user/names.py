"""The names of a user's table: those that mean no nation or operation are problems of the table.

Who wrote the table can correct it, so that it is refused as a whole; a publisher's row with a name
that nobody knows is kept apart by the store instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sulh.core.errors import OutsideItsTime, SulhError
from sulh.facts.names import resolve_nation
from sulh.facts.operations import match_operation
from sulh.intake.user.problems import Problem

_Key = tuple[str, str | None, str | None, str | None]


@dataclass
class Names:
    """Checks each name once for each month and remembers the lines of those that mean nothing.

    ``undated`` is the month for which a name is checked where the row has none that can be read.
    """

    undated: str
    _seen: dict[_Key, tuple[str, str] | None] = field(default_factory=dict)
    _lines: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def nation(self, line: int, name: str | None, code: str | None, month: str | None) -> None:
        """Check the nation of a row, by name, code or both."""
        self._check(line, ("nation", name, code, month))

    def operation(self, line: int, name: str, month: str | None) -> None:
        """Check the operation of a row."""
        self._check(line, ("operation", name, None, month))

    def problems(self) -> list[Problem]:
        """Return a problem for each name that means nothing, at its first line."""
        told = []
        for (found, mend), lines in self._lines.items():
            more = len(set(lines)) - 1
            also = f", and on {more} more line{'s' if more > 1 else ''}" if more else ""
            told.append(Problem(found + also, mend, lines[0]))
        return told

    def _check(self, line: int, key: _Key) -> None:
        if key not in self._seen:
            self._seen[key] = self._fault(key)
        fault = self._seen[key]
        if fault is not None:
            self._lines.setdefault(fault, []).append(line)

    def _fault(self, key: _Key) -> tuple[str, str] | None:
        kind, name, code, month = key
        try:
            if kind == "nation":
                resolve_nation(name, code, on=month or self.undated)
            else:
                match_operation(name or "", on=month or self.undated)
        except OutsideItsTime as error:
            return (error.found, error.mend) if month else None
        except SulhError as error:
            return error.found, error.mend
        return None
