"""Count events over files of any number, one task a file, on any executor."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

from sulh.core.errors import BadRequest, NotAnswerable, SulhError
from sulh.facts.catalogue import origin
from sulh.facts.names import System, resolve_nation
from sulh.questions.cooperation.events.counting import count_file
from sulh.questions.cooperation.events.families import families
from sulh.questions.cooperation.events.lines import (
    NO_CODE,
    NO_DAY,
    NO_NUMBER,
    WRONG_WIDTH,
    month_text,
    nation_text,
    unpack,
)
from sulh.questions.cooperation.events.seen import Marks, Seen
from sulh.questions.cooperation.events.tally import (
    GDELT,
    POLECAT,
    Tally,
    Task,
    packed,
    unpacked,
)
from sulh.result import Chart, Result

DIMENSIONS = ("month", "nation", "partner", "family")
_SMALL = 64 * 1024 * 1024
_AHEAD = 2
_MANY = 4_000_000
_SHOWN = 10
_OF_POLECAT = (
    "An event of several nations counts in each pair of them, so that pairs sum to more than "
    "events; those who meet without a host make pairs among themselves.",
    "POLECAT tells no signed agreement from other support: the family agreement is empty.",
)
_SYSTEM: Mapping[str, System] = {GDELT: "cameo", POLECAT: "iso3"}
_TABLE = {GDELT: "event_families", POLECAT: "polecat_families"}
_WIDTH = {GDELT: "another number of columns than 57, 58 or 61", POLECAT: "other columns than named"}
_DAMAGE = {
    NO_NUMBER: "no event number",
    NO_DAY: "no day",
    NO_CODE: "no event code",
}


@dataclass
class _Sum:
    """What all files gave so far."""

    source: str | None = None
    seen: Seen = field(default_factory=Seen)
    marks: Marks = field(default_factory=Marks)
    odd: Counter[str] = field(default_factory=Counter)
    parts: list[pl.DataFrame] = field(default_factory=list)
    lines: int = 0
    repeated: int = 0
    damaged: Counter[int] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def add(self, tally: Tally, sign: int = 1) -> None:
        self.parts.append(pl.DataFrame({"key": tally.keys, "events": sign * tally.counts}))
        if sum(part.height for part in self.parts) > _MANY:
            self.parts = [self.counts()]

    def counts(self) -> pl.DataFrame:
        """Return the events by key."""
        if not self.parts:
            return pl.DataFrame(schema={"key": pl.Int64, "events": pl.Int64})
        summed = pl.concat(self.parts).group_by("key").agg(pl.col("events").sum())
        return summed.filter(pl.col("events") != 0).sort("key")


def events(
    paths: Iterable[str | Path],
    by: str = ",".join(DIMENSIONS),
    executor: Executor | None = None,
    workers: int | None = None,
) -> Result:
    """Return counts of events by the dimensions of ``by``, and ``events``.

    ``paths`` are files and folders of GDELT events, or of POLECAT. Every event counts once, where
    the first file in order of path gives it; an event without one of the dimensions asked for is
    not counted, and the result says how many. Tasks run on ``executor``, or on processes of this
    machine.
    """
    asked = _dimensions(by)
    files = _files(paths)
    tasks = [Task(str(path), sides=("nation" in asked, "partner" in asked)) for path in files]
    total = _Sum()
    if executor is not None:
        _add_all(tasks, total, executor)
    elif _few(files, workers):
        _add_all(tasks, total, None)
    else:
        # A forked process would inherit locks of threads that it does not have.
        count = workers or min(len(files), os.cpu_count() or 1)
        with ProcessPoolExecutor(count, get_context("spawn")) as pool:
            _add_all(tasks, total, pool)
    if len(total.refused) == len(files):
        raise NotAnswerable(
            f"none of {len(files)} files holds events",
            total.refused[0],
            "give event files of GDELT or POLECAT, plain, zipped or gzipped",
        )
    return _result(total, asked, len(files))


def _few(files: Sequence[Path], workers: int | None) -> bool:
    """Return whether processes would cost more than they save."""
    alone = workers == 1 or len(files) == 1
    return alone or (workers is None and sum(path.stat().st_size for path in files) < _SMALL)


def _dimensions(by: str) -> tuple[str, ...]:
    asked = tuple(part.strip() for part in by.split(","))
    if set(asked) - set(DIMENSIONS) or len(set(asked)) < len(asked):
        raise BadRequest(f"--by {by}", "it names no dimension", f"use {', '.join(DIMENSIONS)}")
    return asked


def _files(paths: Iterable[str | Path]) -> list[Path]:
    found: set[Path] = set()
    for path in map(Path, paths):
        if path.is_dir():
            found.update(inner for inner in path.rglob("*") if inner.is_file())
        elif path.is_file():
            found.add(path)
        else:
            raise BadRequest(f"{path}", "there is no such file", "check the path")
    if not found:
        raise BadRequest("no file", "there is nothing to count", "name files or folders")
    return sorted(found)


def _tallies(tasks: Sequence[Task], executor: Executor | None) -> Iterator[Tally]:
    """Yield the tallies in the order of the tasks, with few of them waiting at a time."""
    if executor is None:
        yield from map(count_file, tasks)
        return
    ahead = _AHEAD * (getattr(executor, "_max_workers", None) or os.cpu_count() or 1)
    waiting: deque[Future[Tally]] = deque()
    for task in tasks:
        waiting.append(executor.submit(count_file, task))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _add_all(tasks: Sequence[Task], total: _Sum, executor: Executor | None) -> None:
    """Add every file; what an earlier file gave already is counted again in it and taken off."""
    again = []
    for task, tally in zip(tasks, _tallies(tasks, executor), strict=True):
        if tally.refused is not None:
            total.refused.append(tally.refused)
            continue
        _one_source(total, tally)
        total.lines += tally.lines
        total.repeated += tally.repeated
        total.damaged.update(tally.damaged)
        total.odd.update(tally.odd)
        if tally.damaged_lines:
            shown = ", ".join(map(str, tally.damaged_lines))
            total.places.append(f"{tally.path} line {shown}")
        if tally.marks is not None:
            fresh = total.marks.add(tally.marks)
            total.repeated += len(np.unique(tally.marks[~fresh]))
            total.add(replace(tally, keys=tally.keys[fresh], counts=tally.counts[fresh]))
            continue
        total.add(tally)
        known = total.seen.merge(unpacked(tally.numbers))
        if known:
            again.append(replace(task, only=packed(known)))
    for tally in _tallies(again, executor):
        total.repeated += int(tally.counts.sum())
        total.add(tally, -1)


def _one_source(total: _Sum, tally: Tally) -> None:
    """Remember whose events are counted; raise `BadRequest` if a file is of another data set."""
    total.source = total.source or tally.source
    if tally.source != total.source:
        raise BadRequest(
            f"{tally.path} is of {tally.source.upper()}, the files before of "
            f"{total.source.upper()}",
            "both report the same events, so that a sum would count them twice",
            "count the two apart",
        )


@cache
def _nation(code: str, year: str, source: str) -> str | None:
    try:
        return resolve_nation(None, code, on=year, system=_SYSTEM[source]).nation
    except SulhError:
        return None


def _named(total: _Sum) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return events by month, nation, partner and family, and those of codes that no nation has."""
    keys, source = total.counts(), total.source or GDELT
    month, first, second, family = unpack(keys["key"].to_numpy())
    months = {int(m): month_text(int(m)) for m in np.unique(month)}
    codes = {int(n): nation_text(int(n)) for n in np.unique(np.concatenate([first, second]))}
    names = [None, *families()]
    frame = pl.DataFrame(
        {"_m": month, "_1": first, "_2": second, "_f": family, "events": keys["events"]}
    ).with_columns(
        pl.col("_m").replace_strict(months, return_dtype=pl.String).alias("month"),
        pl.col("_1").replace_strict(codes, return_dtype=pl.String).alias("code"),
        pl.col("_2").replace_strict(codes, return_dtype=pl.String).alias("other"),
        pl.col("_f").replace_strict(dict(enumerate(names)), return_dtype=pl.String).alias("family"),
    )
    frame = frame.with_columns(pl.col("month").str.slice(0, 4).alias("year"))
    for column, target in (("code", "nation"), ("other", "partner")):
        distinct = frame.select(pl.col(column), "year").unique().sort(column, "year")
        nations = [
            _nation(code, year, source) if code else None for code, year in distinct.iter_rows()
        ]
        known = distinct.with_columns(pl.Series(target, nations, dtype=pl.String))
        frame = frame.join(known, on=[column, "year"], how="left")
    odd = pl.concat(
        [
            frame.filter((pl.col(code) != "") & pl.col(name).is_null()).select(
                pl.col(code).alias("code"), "events"
            )
            for code, name in (("code", "nation"), ("other", "partner"))
        ]
    )
    told = pl.DataFrame(
        list(total.odd.items()), schema={"code": pl.String, "events": pl.Int64}, orient="row"
    )
    odd = pl.concat([odd.cast(told.schema), told])
    return frame.select(*DIMENSIONS, "events"), odd.group_by("code").agg(pl.col("events").sum())


def _result(total: _Sum, asked: tuple[str, ...], files: int) -> Result:
    rows, odd = _named(total)
    source = total.source or GDELT
    whole = pl.all_horizontal(pl.col(name).is_not_null() for name in asked)
    table = rows.filter(whole).group_by(asked).agg(pl.col("events").sum()).sort(asked)
    return Result(
        name="events",
        title=f"News events by {', '.join(asked)}",
        table=table,
        units={"events": "events"},
        origins=(origin(source),),
        missing=_missing(total, rows, odd, asked),
        assumed=(
            f"{total.lines:,} lines of {files - len(total.refused):,} files; {total.repeated:,} "
            "repeat an event that was given before and are not counted again.",
            "Events are what news reports say, not agreements or acts that anyone confirmed.",
            "nation is the first actor, partner the second; events within one nation have it as "
            f"both. An event belongs to the family that the table {_TABLE[source]} gives it.",
            *(_OF_POLECAT if source == POLECAT else ()),
        ),
        chart=Chart("line", "month", "events", "family")
        if set(asked) == {"month", "family"}
        else None,
    )


def _missing(
    total: _Sum, rows: pl.DataFrame, odd: pl.DataFrame, asked: tuple[str, ...]
) -> tuple[str, ...]:
    said = []
    for name in asked:
        number = int(rows.filter(pl.col(name).is_null())["events"].sum())
        if number:
            said.append(f"{number:,} events have no {name} and are not counted.")
    if {"nation", "partner"} & set(asked) and odd.height:
        shown = odd.sort("events", "code", descending=[True, False]).head(_SHOWN)
        codes = ", ".join(f"{code} ({number:,})" for code, number in shown.iter_rows())
        said.append(f"Codes of actors that are no nation: {codes}.")
    if total.damaged:
        named = {WRONG_WIDTH: _WIDTH[total.source or GDELT], **_DAMAGE}
        kinds = "; ".join(
            f"{number:,} with {named[kind]}" for kind, number in sorted(total.damaged.items())
        )
        places = "; ".join(total.places[:_SHOWN])
        said.append(f"Damaged lines, not counted: {kinds}. {places}.")
    return (*said, *(f"Refused: {text}" for text in total.refused))
