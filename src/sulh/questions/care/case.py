"""A case of care: who may be hurt or fall ill where, and what is there to bring them to care."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sulh.cases.folder import known_folder
from sulh.cases.problems import Problems
from sulh.core.errors import BadRequest
from sulh.questions.care.reading import read_parts
from sulh.questions.care.records import Cause, Facility, Fleet, Settings, Site

__all__ = ["Case", "Cause", "Facility", "Fleet", "Settings", "Site"]

HOURS_PER_YEAR = 8766.0


@dataclass(frozen=True)
class Case:
    """A case: five files read and checked."""

    settings: Settings
    sites: tuple[Site, ...]
    facilities: tuple[Facility, ...]
    fleets: tuple[Fleet, ...]
    causes: tuple[Cause, ...]

    @classmethod
    def read(cls, folder: str | Path) -> Case:
        """Return the case in a folder, or raise `BadCase` with every problem of its files.

        Raises `RefusedFile` where there is no such folder.
        """
        problems = Problems()
        settings, parts = read_parts(known_folder(folder), problems)
        problems.refuse(str(folder))
        assert settings is not None
        return cls(settings, **parts)

    @cached_property
    def places(self) -> tuple[Site | Facility, ...]:
        """The sites, then the facilities: the places that a run numbers."""
        return (*self.sites, *self.facilities)

    @property
    def people(self) -> int:
        """Return the people at all sites."""
        return sum(site.people for site in self.sites)

    @cached_property
    def cause_names(self) -> tuple[str, ...]:
        """The causes, each once, as rates.csv has them in order."""
        return tuple(dict.fromkeys(cause.key for cause in self.causes))

    @cached_property
    def processes(self) -> tuple[tuple[Site, Cause, float], ...]:
        """The site, the cause and the patients an hour of each process that makes patients."""
        found = []
        for site in self.sites:
            for cause in self.causes:
                if cause.site not in (None, site.key):
                    continue
                rate = cause.per_1000_person_years * site.people / 1000 / HOURS_PER_YEAR
                if rate > 0:
                    found.append((site, cause, rate))
        return tuple(found)

    @property
    def expected_patients(self) -> float:
        """Return the patients that one run is expected to have, outpatients among them."""
        return sum(rate for _, _, rate in self.processes) * self.settings.days * 24

    @property
    def expected_evacuated(self) -> float:
        """Return the patients of priority 1 to 3 that one run is expected to have."""
        hours = self.settings.days * 24
        return sum(rate * cause.evacuated for _, cause, rate in self.processes) * hours

    def refuse_too_many(self) -> None:
        """Raise `BadRequest` where a run would have more patients than the case allows."""
        expected, most = self.expected_patients, self.settings.most_patients
        if expected > most:
            raise BadRequest(
                f"about {expected:,.0f} patients are expected in {self.settings.days} days, "
                "outpatients among them",
                f"case.toml allows {most:,} in a run",
                "look for a rate that is too high in rates.csv (it is per 1,000 people and year), "
                "or raise patients in [limits]",
            )
