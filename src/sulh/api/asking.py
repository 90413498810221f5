"""What every question of the workbench shares: the command that recomputes a result."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sulh.api.desk import Desk

if TYPE_CHECKING:
    from sulh.result import Result


class Asking(Desk):
    """A desk that can be asked."""

    def _asked(
        self, result: Result, verb: str, arguments: list[str], options: Mapping[str, object]
    ) -> Result:
        words = ["sulh", verb, *(shlex.quote(a) for a in arguments)]
        defaults = self._defaults(verb)
        for name, value in options.items():
            if name in defaults and value is not None and value != defaults[name]:
                words += [f"--{name.rstrip('_')}", shlex.quote(str(value))]
        if self._path is not None:
            words += ["--store", shlex.quote(str(self._path))]
        return result.with_query(" ".join(words))

    def _defaults(self, verb: str) -> dict[str, object]:
        import inspect

        parameters = inspect.signature(getattr(type(self), verb)).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


def options(names: Mapping[str, object]) -> dict[str, object]:
    """Return the options among the local names of a method."""
    return {name: value for name, value in names.items() if name not in ("self", "view")}
