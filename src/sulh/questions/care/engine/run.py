"""Run replications of a case and gather what happened in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from functools import partial

import numpy as np

from sulh.core.errors import BadRequest
from sulh.methods.simulation.blocks import Block, blocks, in_blocks
from sulh.methods.simulation.streams import streams
from sulh.questions.care.case import Case
from sulh.questions.care.engine.arrays import OUTPATIENT, Array, Lay, Patients, State
from sulh.questions.care.engine.chain import new_state, run_chain
from sulh.questions.care.engine.draws import as_patients, count_patients, draw_patients
from sulh.questions.care.engine.layout import Layout, layout

MOST_REPLICATIONS = 1_000_000
_BLOCK = 10


@dataclass(frozen=True)
class Raw:
    """What happened in some replications, as arrays: a row a patient of priority 1 to 3, or a leg.

    ``replications`` are the numbers of those that ran. Arrays by replication have it first:
    ``units`` (replication, unit, `arrays.Tally`), ``outpatients`` (replication, facility and one
    more for none, 3), ``overflow`` (replication, facility). Sums over replications: ``beds`` and
    ``theatres`` (facility, hour), ``histogram`` (facility, beds in use).
    """

    replications: Array
    replication: Array
    patient: Array
    facts: Array
    times: Array
    waited: Array
    leg_replication: Array
    legs: Array
    units: Array
    outpatients: Array
    overflow: Array
    beds: Array
    theatres: Array
    histogram: Array
    events: Array

    @property
    def count(self) -> int:
        """Return the number of replications."""
        return int(self.replications.size)


# Columns of `Raw.facts`.
SITE, CAUSE, EVENT, PRIORITY, SURGERY, UNREACHED, FIELD = range(7)
_SUMS = ("beds", "theatres", "histogram")


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
    task = partial(_block, layout(case), case.settings.days * 24.0, case.settings.most_patients, seed)
    parts, done = [], 0
    for raw in in_blocks(task, blocks(replications, _BLOCK), pool):
        parts.append(raw)
        done += raw.count
        if progress is not None:
            progress(done)
    if not parts:
        raise KeyboardInterrupt
    return joined(parts)


def joined(parts: Iterable[Raw]) -> Raw:
    """Return blocks of replications as one."""
    whole = list(parts)
    return Raw(
        **{
            field.name: (
                np.sum([getattr(part, field.name) for part in whole], axis=0)
                if field.name in _SUMS
                else np.concatenate([getattr(part, field.name) for part in whole])
            )
            for field in fields(Raw)
        }
    )


def _block(laid: Layout, hours: float, most: int, seed: int, block: Block) -> Raw:
    return joined(_one(laid, (hours, most), seed, number) for number in range(*block))


def drawn(laid: Layout, limits: tuple[float, int], seed: int, number: int) -> tuple[Lay, Patients]:
    """Return the lay and the patients of a replication; ``limits`` are hours and most patients."""
    lay, events = laid.replication(seed, number)
    hours, most = limits
    count = count_patients(events.copy(), laid.processes, hours, most)
    if count > most:
        raise BadRequest(
            f"more than {most:,} patients in replication {number}",
            "case.toml does not allow more in a run",
            "look for a rate that is too high, or raise patients in [limits]",
        )
    own = streams(seed, number, [f"{name}/patients" for name in laid.process_names])
    source = (laid.processes, own, laid.spreads, laid.treatment)
    sites = (lay.latitude[: lay.sites], lay.longitude[: lay.sites])
    return lay, as_patients(draw_patients(events, source, hours, count, sites))


def _one(laid: Layout, limits: tuple[float, int], seed: int, number: int) -> Raw:
    lay, who = drawn(laid, limits, seed, number)
    state: State = new_state(lay, who)
    if not run_chain(lay, who, state):
        raise BadRequest(
            f"replication {number} did not end within {lay.rules.most_work:,} steps",
            "so many patients wait for so few means that the queue has no end",
            "look for a rate that is too high or a fleet that is too small, or raise steps in "
            "[limits] of case.toml",
        )
    return _gathered(lay, who, state, number)


def _gathered(lay: Lay, who: Patients, state: State, number: int) -> Raw:
    taken = np.flatnonzero(who.priority != OUTPATIENT)
    facts = np.stack(
        [
            who.site[taken],
            who.cause[taken],
            who.event[taken],
            who.priority[taken],
            who.surgery[taken],
            state.unreached[taken],
            who.place[taken] < 0,
        ],
        axis=1,
    ).astype(np.int32)
    # Patients are numbered anew, so that legs name the row of the patient in the replication.
    place = np.full(who.injured.size, -1, dtype=np.int64)
    place[taken] = np.arange(taken.size)
    legs = state.legs[: int(state.leg_count[0])].copy()
    legs[:, 0] = place[legs[:, 0].astype(np.int64)]
    permitted = state.times[taken, 1] + who.permission[taken]
    times = np.column_stack([who.injured[taken], state.times[taken], permitted])
    return Raw(
        replications=np.array([number]),
        replication=np.full(taken.size, number, dtype=np.int32),
        patient=np.arange(taken.size, dtype=np.int32),
        facts=facts,
        times=times,
        waited=state.waited[taken],
        leg_replication=np.full(len(legs), number, dtype=np.int32),
        legs=legs,
        units=state.unit_tally[None],
        outpatients=state.outpatients[None],
        overflow=state.overflow[None],
        beds=state.beds_by_hour,
        theatres=state.theatres_by_hour,
        histogram=state.bed_histogram,
        events=state.events.copy(),
    )
