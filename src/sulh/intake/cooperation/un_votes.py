"""Votes in the United Nations General Assembly: votes, roll calls, issues.

Source: Voeten, Strezhnev & Bailey (2009), as the R package unvotes gives it. Absence and
non-membership have no row.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sulh.intake.base import Document, Flag, Parsed, tidy
from sulh.intake.cells import counts, days, names
from sulh.intake.figures import counted, refuse_if_unfit, require_columns, required
from sulh.intake.text import header, read_csv

_VOTES = ("yes", "no", "abstain")


@dataclass(frozen=True)
class UnVotes:
    """The file of votes, in CSV: a row a roll call and nation."""

    key: str = "un_votes"

    def recognises(self, document: Document) -> bool:
        """Return whether the header is that of the votes."""
        return set(header(document)) == {"rcid", "country", "country_code", "vote"}

    def parse(self, document: Document) -> Parsed:
        """Return the votes, with nations by name and ISO alpha-2 code."""
        table = read_csv(document)
        flags = list(table.flags)
        frame, found = counts(table.frame, ["rcid"], most=10_000_000)
        flags += found
        frame, found = required(frame, ["rcid", "country", "vote"])
        flags += found
        fit = pl.col("vote").is_in(_VOTES)
        odd = frame.filter(~fit)["line"].to_list()
        flags += counted("not_a_vote", f"a vote is {', '.join(_VOTES)}", odd, "refused")
        frame = frame.filter(fit)
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        absent = pl.col("country_code").is_in(["NA"]) & (pl.col("country") != "Namibia")
        rows = frame.select(
            pl.col("rcid").alias("roll_call"),
            pl.col("country").alias("nation_name"),
            pl.when(~absent).then(pl.col("country_code")).alias("nation_code"),
            "vote",
            "line",
        ).with_columns(
            pl.when(pl.col("nation_code").is_not_null()).then(pl.lit("iso2")).alias("code_system")
        )
        return Parsed(self.key, {"votes": tidy("votes", rows)}, tuple(flags))


@dataclass(frozen=True)
class UnRollCalls:
    """The file of roll calls, in CSV."""

    key: str = "un_votes_roll_calls"

    def recognises(self, document: Document) -> bool:
        """Return whether the header has roll calls with session, date and resolution."""
        return set(header(document)) >= {"rcid", "session", "date", "unres", "short", "descr"}

    def parse(self, document: Document) -> Parsed:
        """Return a row for each roll call."""
        whole, flags = _without_control_signs(document)
        table = read_csv(whole)
        require_columns(document, table.frame, ["rcid", "session", "date", "unres", "short"])
        flags += table.flags
        frame, found = counts(table.frame, ["rcid", "session"], most=10_000_000)
        flags += found
        frame, found = days(frame, ["date"])
        flags += found
        frame, found = required(frame, ["rcid", "date"])
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = frame.select(
            pl.col("rcid").alias("roll_call"),
            "session",
            "date",
            _text("unres").alias("resolution"),
            _text("short").alias("title"),
            "line",
        )
        return Parsed(self.key, {"roll_calls": tidy("roll_calls", rows)}, tuple(flags))


def _without_control_signs(document: Document) -> tuple[Document, list[Flag]]:
    """Return the document without the backspaces that the published descriptions hold."""
    cleaned = document.data.translate(None, delete=b"\x08")
    gone = len(document.data) - len(cleaned)
    told = f"{gone} backspaces stand in descriptions, which are not kept; left out"
    flags = [Flag("control_signs", told, "repaired")] if gone else []
    return Document(document.name, cleaned), flags


def _text(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "NA").then(pl.col(column))


@dataclass(frozen=True)
class UnIssues:
    """The file that says which issues a roll call touches, in CSV."""

    key: str = "un_votes_issues"

    def recognises(self, document: Document) -> bool:
        """Return whether the header is that of the issues."""
        return set(header(document)) == {"rcid", "short_name", "issue"}

    def parse(self, document: Document) -> Parsed:
        """Return a row for each roll call and issue."""
        table = read_csv(document)
        flags: list[Flag] = list(table.flags)
        frame, found = counts(table.frame, ["rcid"], most=10_000_000)
        flags += found
        frame, found = required(frame, ["rcid"])
        flags += found
        frame, found = names(frame, ["issue"])
        flags += found
        refuse_if_unfit(document, table.frame.height, frame.height, flags)
        rows = frame.select(pl.col("rcid").alias("roll_call"), "issue", "line")
        return Parsed(self.key, {"roll_call_issues": tidy("roll_call_issues", rows)}, tuple(flags))


SOURCES = (UnVotes(), UnRollCalls(), UnIssues())
