"""The mapping file: it says what the columns of a user's own table mean."""

from __future__ import annotations

import re
import tomllib
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from sulh.core.errors import RefusedFile
from sulh.intake.base import Document
from sulh.intake.text import decode
from sulh.intake.user.problems import Problem, refuse

_MOST_BYTES = 1_000_000
_DIRECTIVE = re.compile(r"%[-#]?([A-Za-z])")
_SECTION = re.compile(r"^\s*\[(source|columns|persons_by_type)\]\s*(#.*)?$", re.MULTILINE)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
PersonnelType = Literal[
    "troops",
    "staff_officers",
    "experts_on_mission",
    "individual_police",
    "formed_police",
    "police",
    "civilian",
    "uniformed",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SourcePart(_Part):
    """Who says so, for every row of the table."""

    title: Text
    producer: Text
    citation: Text
    licence: Text
    url: Text | None = None
    body: Text | None = None


class FilePart(_Part):
    """How to read the file."""

    sheet: Text | None = None
    header_row: Annotated[int, Field(ge=1, le=1000)] = 1
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None


class ColumnsPart(_Part):
    """Our columns, each with the name of theirs."""

    month: Text | None = None
    nation: Text | None = None
    nation_code: Text | None = None
    operation: Text | None = None
    personnel_type: Text | None = None
    women: Text | None = None
    men: Text | None = None
    persons: Text | None = None
    citation: Text | None = None
    url: Text | None = None
    body: Text | None = None


class ConstantsPart(_Part):
    """Values that hold for every row."""

    month: Text | None = None
    nation: Text | None = None
    operation: Text | None = None
    personnel_type: PersonnelType | None = None


class ValuesPart(_Part):
    """How cells are written.

    ``month_format`` is Python's (``%d/%m/%Y``); ``month_of_year`` says which month yearly figures
    speak of; ``missing`` are cells that mean not known; ``unit`` is what one stands for.
    """

    month_format: Text | None = None
    month_of_year: Annotated[int, Field(ge=1, le=12)] | None = None
    missing: tuple[str, ...] = ()
    unit: Literal["persons", "thousands"] = "persons"

    @field_validator("month_format")
    @classmethod
    def _names_a_month(cls, text: str | None) -> str | None:
        """A format without a month would read every row as January, one without a year as 1900."""
        if text is None:
            return None
        found = set(_DIRECTIVE.findall(text))
        if not found & set("mbBjUWVcxDF"):
            raise ValueError("names no month: add %m, or for yearly figures say month_of_year")
        if not found & set("YyGcxDF"):
            raise ValueError("names no year: add %Y")
        return text


class Mapping(_Part):
    """A whole mapping file."""

    source: SourcePart
    file: FilePart = FilePart()
    columns: ColumnsPart = ColumnsPart()
    constants: ConstantsPart = ConstantsPart()
    values: ValuesPart = ValuesPart()
    personnel_types: dict[str, PersonnelType] = Field(default_factory=dict)
    persons_by_type: dict[Text, PersonnelType] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Each figure needs a month, a nation and a type, from one place and only one."""
        wrong = [
            f"{name} must be given in [columns] or in [constants], and not in both"
            for name in ("month", "nation")
            if (getattr(self.columns, name) is None) == (getattr(self.constants, name) is None)
        ]
        if self.columns.operation and self.constants.operation:
            wrong.append("operation must not be given in both [columns] and [constants]")
        typed = (self.columns.personnel_type, self.constants.personnel_type, self.persons_by_type)
        if sum(bool(one) for one in typed) != 1:
            wrong.append(
                "personnel_type must be given once: in [columns], in [constants], "
                "or by [persons_by_type]"
            )
        counted = self.columns.persons or (self.columns.women and self.columns.men)
        sexes = self.columns.women or self.columns.men or self.columns.persons
        if self.persons_by_type and sexes:
            wrong.append("[persons_by_type] excludes women, men and persons in [columns]")
        elif not self.persons_by_type and not counted:
            wrong.append("[columns] needs persons, or women and men, or there is [persons_by_type]")
        if len(set(self.persons_by_type.values())) < len(self.persons_by_type):
            wrong.append("[persons_by_type] gives two columns the same type: add them up first")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


def is_mapping(document: Document) -> bool:
    """Return whether the document is a mapping file, sound or not; by its sections, and cheap."""
    if len(document.data) > _MOST_BYTES:
        return False
    text = document.data.decode("utf-8", "replace")
    found = {match[1] for match in _SECTION.finditer(text)}
    return "source" in found and bool(found & {"columns", "persons_by_type"})


def read_mapping(document: Document) -> Mapping:
    """Return the mapping, or raise `RefusedFile` with every problem of it."""
    if len(document.data) > _MOST_BYTES:
        raise _refused(document, [Problem(f"{len(document.data):,} bytes", "write fewer")])
    text, _ = decode(document)
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        problem = Problem(str(error)[:200], "correct the TOML; texts stand in quotation marks")
        raise _refused(document, [problem]) from error
    except RecursionError as error:
        raise _refused(document, [Problem("brackets nested too deep", "unfold them")]) from error
    except ValidationError as error:
        raise _refused(document, [_told(one) for one in error.errors()]) from error


def _told(error: object) -> Problem:
    """Put one of pydantic's errors in our words."""
    details = dict(error) if isinstance(error, dict) else {}
    place = ".".join(str(part) for part in details.get("loc", ()))
    message = str(details.get("msg", "")).removeprefix("Value error, ")
    given = details.get("input")
    shown = f" {given!r:.60}" if isinstance(given, str | int | float) else ""
    if details.get("type") == "extra_forbidden":
        return Problem(f"{place}: no such setting", "see the documentation for the settings")
    found = f"{place}{shown}: {message}" if place else message
    return Problem(found[:300], "correct the setting")


def _refused(document: Document, problems: list[Problem]) -> RefusedFile:
    return refuse(document, problems, "the mapping must say what each column means")
