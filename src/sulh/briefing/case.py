"""The user's case of force generation, of which the document says what a subject could fill."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sulh.questions.forces.outputs import Planned

WORKERS = 2


@dataclass(frozen=True)
class CaseAsked:
    """A case's folder, and a ``plan.csv`` to start from or the seconds for making a plan."""

    folder: Path
    plan: Path | None = None
    seconds: float = 60.0

    def planned(self) -> Planned:
        """Return the case with its plan; errors are those of `sulh forces group`."""
        from sulh.questions.forces.planning import Limits, planned_for

        return planned_for(self.folder, self.plan, Limits(self.seconds, 0.0, WORKERS))

    def command(self, subject: str, membership: str) -> str:
        """Return the command that answers for a subject.

        >>> CaseAsked(Path("my case")).command("OIC", "dated")
        "sulh forces group 'my case' OIC"
        """
        words = ["sulh", "forces", "group", str(self.folder), subject]
        if self.plan is not None:
            words += ["--plan", str(self.plan)]
        elif self.seconds != CaseAsked.seconds:
            words += ["--seconds", f"{self.seconds:g}"]
        if membership != "dated":
            words += ["--membership", membership]
        return shlex.join(words)

    def sha256(self) -> str:
        """Return a digest of the case's files and of the plan, in the order of their names."""
        files = sorted(path for path in self.folder.iterdir() if path.suffix in (".csv", ".toml"))
        digest = hashlib.sha256()
        for path in [*files, *([self.plan] if self.plan else [])]:
            digest.update(path.read_bytes())
        return digest.hexdigest()
