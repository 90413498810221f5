"""Cases small enough to try every plan, and the trying."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

from hypothesis import strategies as st

from sulh.questions.forces.case import Case
from sulh.questions.forces.plan import Plan, Tour, objective, violations
from sulh.questions.forces.records import Mission, Nation, Offer, Pledge, Requirement, Weights
from sulh.questions.forces.tours import earliest_start, matches, tour_end

MONTHS = 5


def month(index: int) -> str:
    return f"2026-{index + 1:02d}"


def requirement(key: str, **changes: object) -> Requirement:
    plain = Requirement(
        key, "UNMISS", "company", 1, month(0), month(MONTHS - 1), 2.0, frozenset(), 0, MONTHS - 1
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def pledge(key: str, nation: str = "KEN", **changes: object) -> Pledge:
    plain = Pledge(
        key, nation, "company", 1, 100, 10, "rdl", month(0), None, 2, 1, None, frozenset({"en"}),
        frozenset(), (), 20_000, 50_000, 0, MONTHS - 1,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def offer(key: str, **changes: object) -> Offer:
    plain = Offer(
        key, "FRA", "airlift", None, frozenset(), 1, month(0), month(MONTHS - 1), 30_000, 0,
        MONTHS - 1,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def case(
    requirements: list[Requirement],
    pledges: list[Pledge],
    offers: list[Offer] | None = None,
    **changes: object,
) -> Case:
    plain = Case(
        "toy", month(0), MONTHS, 1000, {"rdl": 0}, Weights(1_000_000, 1, 2000),
        tuple(requirements), tuple(pledges), tuple(offers or ()), {}, {},
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def every_tour(case_: Case) -> list[Tour]:
    """Every tour that could be in a plan, by units and with every choice of offers of one kind."""
    found = []
    for p in case_.pledges:
        for r in case_.requirements:
            if not matches(p, r):
                continue
            for first in range(max(earliest_start(p, r), 0), min(r.last, p.latest) + 1):
                choices = [(o.key,) for o in case_.offers] if p.needs else [()]
                found += [
                    Tour(p.key, unit, r.key, first, tour_end(p, r, first), chosen)
                    for unit in range(1, p.units + 1)
                    for chosen in choices
                ]
    return [tour for tour in found if not violations(case_, Plan((tour,)))]


def by_enumeration(case_: Case) -> float:
    """The least objective of all valid plans, every set of tours tried.

    A subset of a valid plan is valid, so sets that hold an invalid pair are passed over.
    """
    tours = every_tour(case_)
    fits = cache(lambda a, b: not violations(case_, Plan((tours[a], tours[b]))))
    best = objective(case_, Plan())

    def extend(chosen: tuple[int, ...]) -> None:
        nonlocal best
        for new in range(chosen[-1] + 1 if chosen else 0, len(tours)):
            if not all(fits(old, new) for old in chosen):
                continue
            plan = Plan(tuple(tours[i] for i in (*chosen, new)))
            if len(chosen) > 1 and violations(case_, plan):
                continue
            best = min(best, objective(case_, plan))
            extend((*chosen, new))

    extend(())
    return best


def interval_optimum(spans: list[tuple[int, int, float]]) -> float:
    """The greatest weight of disjoint spans (first, last, weight), every subset tried."""
    best = 0.0
    for size in range(len(spans) + 1):
        for some in combinations(sorted(spans), size):
            if all(a[1] < b[0] for a, b in pairwise(some)):
                best = max(best, sum(span[2] for span in some))
    return best


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case of two nations, at most three pledges and two requirements, five months."""
    missions = ("UNMISS", "UNIFIL")
    wanted = []
    for i in range(draw(st.integers(1, 2))):
        first = draw(st.integers(0, 2))
        last = draw(st.integers(first, MONTHS - 1))
        wanted.append(
            requirement(
                f"R{i}",
                mission=draw(st.sampled_from(missions)),
                units=draw(st.integers(1, 2)),
                first=first,
                last=last,
                first_month=month(first),
                last_month=month(last),
                priority=draw(st.sampled_from([0.05, 0.2, 1.5])),
            )
        )
    pledged = [
        pledge(
            f"P{i}",
            draw(st.sampled_from(["KEN", "GHA"])),
            units=draw(st.integers(1, 2)) if i == 0 else 1,
            strength=draw(st.sampled_from([60, 100])),
            women=draw(st.sampled_from([0, 20])),
            tour_months=draw(st.integers(2, 3)),
            reset_months=draw(st.integers(0, 1)),
            max_tours=draw(st.sampled_from([None, 1])),
            excluded_missions=draw(st.sampled_from([frozenset(), frozenset({"UNIFIL"})])),
            needs=draw(st.sampled_from([(), ("airlift",)])),
        )
        for i in range(draw(st.integers(1, 2)))
    ]
    offers = [offer(f"O{i}", uses=1, cost_usd=30_000 + 20_000 * i) for i in range(2)]
    most = draw(st.sampled_from([None, 100, 150]))
    nations = {key: Nation(key, most, draw(st.sampled_from([None, 1]))) for key in ("KEN", "GHA")}
    targets = {key: Mission(key, draw(st.sampled_from([None, 100])), 0.15) for key in missions}
    return case(wanted, pledged, offers, nations=nations, missions=targets)
