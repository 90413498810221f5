"""Apply the declared corrections: each has a reason, a source, and the fault that it expects."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from sulh.core.errors import FactsError
from sulh.store.keeping import Remark
from sulh.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction: which rows, the wrong values they are expected to have, and what to do.

    ``match`` and ``expect`` give values by column (``from`` and ``to`` bound the month); ``set``
    gives new values, ``swap`` exchanges two columns, ``drop`` removes the rows.
    """

    id: str
    table: str
    match: Mapping[str, Any]
    expect: Mapping[str, Any]
    reason: str
    source: str
    set: Mapping[str, Any] = field(default_factory=dict)
    swap: tuple[str, ...] = ()
    drop: bool = False


@cache
def corrections() -> tuple[Correction, ...]:
    """Return the corrections that ``corrections.toml`` declares."""
    text = files("sulh.store").joinpath("corrections.toml").read_text(encoding="utf-8")
    return read_corrections(text)


def read_corrections(text: str) -> tuple[Correction, ...]:
    """Return the corrections in a TOML text; `FactsError` for one that is incomplete."""
    found = []
    for body in tomllib.loads(text).get("correction", []):
        try:
            body["swap"] = tuple(body.get("swap", ()))
            correction = Correction(**body)
        except TypeError as error:
            raise FactsError(
                f"the correction {body.get('id', '?')!r} is incomplete ({error})",
                "a correction needs an id, a table, match, expect, reason and source",
                "complete it in store/corrections.toml",
            ) from error
        if sum((bool(correction.set), bool(correction.swap), correction.drop)) != 1:
            raise FactsError(
                f"the correction {correction.id!r} does not say one thing to do",
                "it needs one of set, swap and drop",
                "complete it in store/corrections.toml",
            )
        found.append(correction)
    return tuple(found)


def corrected(
    table: str,
    rows: pl.DataFrame,
    ledger: Ledger,
    declared: tuple[Correction, ...] | None = None,
) -> pl.DataFrame:
    """Return the rows with the corrections declared for ``table`` applied, each remarked on.

    A correction whose rows no longer show the fault is not applied and is remarked on as stale, so
    that it is removed once the source has mended it. Rows that are absent need none.
    """
    for correction in corrections() if declared is None else declared:
        if correction.table == table:
            rows = _apply(correction, rows, ledger)
    return rows


def _apply(correction: Correction, rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    matched = _condition(correction.match)
    faulty = matched & _condition(correction.expect)
    number, wrong = rows.select(matched.sum().alias("m"), faulty.sum().alias("f")).row(0)
    if not number:
        return rows
    if number != wrong:
        told = (
            f"correction {correction.id} expects {dict(correction.expect)} in {number} rows and "
            f"finds it in {wrong}: the source may have mended it. Not applied; review it"
        )
        _remark(correction, rows.filter(matched), ledger, ("correction_stale", told, "doubt"))
        return rows
    told = f"correction {correction.id}: {correction.reason} (source: {correction.source})"
    _remark(correction, rows.filter(matched), ledger, ("corrected", told, "repaired"))
    if correction.drop:
        return rows.filter(~faulty)
    new: dict[str, pl.Expr] = {name: pl.lit(value) for name, value in correction.set.items()}
    if correction.swap:
        one, other = correction.swap
        new = {one: pl.col(other), other: pl.col(one)}
    return rows.with_columns(
        pl.when(faulty).then(value).otherwise(pl.col(name)).cast(rows.schema[name]).alias(name)
        for name, value in new.items()
    )


def _condition(wanted: Mapping[str, Any]) -> pl.Expr:
    bounds = {"from": pl.col("month").ge, "to": pl.col("month").le}
    terms = [
        bounds[name](value) if name in bounds else pl.col(name).eq_missing(pl.lit(value))
        for name, value in wanted.items()
    ]
    return pl.all_horizontal(terms).fill_null(value=False) if terms else pl.lit(value=True)


def _remark(
    correction: Correction, rows: pl.DataFrame, ledger: Ledger, said: tuple[str, str, str]
) -> None:
    code, told, severity = said
    month = correction.match.get("month")
    keys = [name for name in ("sha256", "origin") if name in rows.columns]
    for row in rows.select(keys).unique().sort(keys).to_dicts():
        remark = Remark(code, told, severity, month)
        ledger.remark(row.get("sha256", ""), row["origin"], remark)
