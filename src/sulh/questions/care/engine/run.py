"""Run replications of a case, in blocks, on any executor."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from functools import partial

import numpy as np

from sulh.core.errors import BadRequest
from sulh.methods.simulation.blocks import Block, blocks, in_blocks
from sulh.questions.care.case import Case
from sulh.questions.care.engine.layout import Layout, layout
from sulh.questions.care.engine.raw import FACILITY_TALLY, FACTS, NOTHING, UNIT_TALLY, Raw, joined
from sulh.questions.care.engine.replication import Desk, replicate

__all__ = ["FACILITY_TALLY", "FACTS", "UNIT_TALLY", "Raw", "desk_of", "joined", "simulate"]

MOST_REPLICATIONS = 1_000_000
MOST_KEPT = 4_000_000
"""Patients of priority 1 to 3 in all replications together, whose events are kept until the end."""
_BLOCK = 10


def simulate(
    case: Case,
    replications: int,
    seed: int,
    pool: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> Raw:
    """Return what happens in so many replications; the same whatever the pool.

    Ends early, with the replications that are done, at Ctrl-C. Raises `BadRequest` where patients
    or steps would be more than the case allows.
    """
    if not 1 <= replications <= MOST_REPLICATIONS or not 0 <= seed < 2**63:
        raise BadRequest(
            f"{replications:,} replications from seed {seed}",
            f"1 to {MOST_REPLICATIONS:,} replications can be run, from a seed of 0 or more",
            "give for example --replications 100 --seed 1",
        )
    case.refuse_too_many()
    _refuse_too_large(case, replications)
    task = partial(_block, layout(case), case, seed)
    parts, done = [], 0
    hourly = histogram = np.zeros(1, dtype=np.int64)
    size = min(max(replications // 40, _BLOCK), 5 * _BLOCK)
    with suppress(KeyboardInterrupt):
        for raw in in_blocks(task, blocks(replications, size), pool):
            # What is large and only summed up is not kept by block.
            hourly, histogram = hourly + raw.hourly, histogram + raw.histogram
            parts.append(replace(raw, hourly=NOTHING, histogram=NOTHING))
            done += raw.count
            if progress is not None:
                progress(done)
    if not parts:
        raise KeyboardInterrupt
    return replace(joined(parts), hourly=hourly, histogram=histogram)


def _refuse_too_large(case: Case, replications: int) -> None:
    """Raise `BadRequest` where what is kept of all replications would not fit into memory."""
    patients = case.expected_evacuated * replications
    if patients > MOST_KEPT:
        raise BadRequest(
            f"about {patients:,.0f} patients in {replications:,} replications",
            f"each is kept and written, and {MOST_KEPT:,} take some 7 GB of memory",
            f"ask for at most {max(int(MOST_KEPT / case.expected_evacuated), 1):,} replications: "
            "four times as many only halve an interval",
        )


def desk_of(laid: Layout, case: Case) -> Desk:
    """Return room to run replications of a case in."""
    return Desk(laid, case.settings.days * 24.0, case.settings.most_patients)


def _block(laid: Layout, case: Case, seed: int, block: Block) -> Raw:
    desk = desk_of(laid, case)
    whole = joined(replicate(desk, seed, number) for number in range(*block))
    return replace(whole, hourly=desk.hourly.astype(np.int32), histogram=desk.histogram)
