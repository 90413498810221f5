"""What is proven of a case without a nation or an offer, against trying every plan of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from tests.forces.engine.small_cases import by_enumeration, case, cases, offer, pledge, requirement

from sulh.questions.forces.case import Case
from sulh.questions.forces.edits import without_nation, without_offer
from sulh.questions.forces.engine.withdrawals import Withdrawals


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(cases())
def test_no_bound_without_a_nation_or_an_offer_is_above_the_optimum(case_: Case) -> None:
    found = Withdrawals.of(case_)
    assert set(found.nations) >= {pledge.nation for pledge in case_.pledges}
    for nation, bound in found.nations.items():
        assert bound <= by_enumeration(without_nation(case_, nation)) * (1 + 1e-9)
    for key, bound in found.offers.items():
        assert bound <= by_enumeration(without_offer(case_, key)) * (1 + 1e-9)


def test_who_gives_the_one_offer_takes_it_along() -> None:
    wanted = [requirement("R")]
    pledged = [pledge("P", needs=("airlift",)), pledge("Q", nation="RWA", capability="hospital")]
    case_ = case(wanted, pledged, [offer("O", uses=2)])
    best, found = by_enumeration(case_), Withdrawals.of(case_)
    # Without KEN or FRA nothing is covered: 2.0 * 1,000,000 * 5 months at most.
    assert found.nations["FRA"] == found.offers["O"]
    assert best < found.nations["KEN"] <= 10_000_000
    # RWA could never serve: it may go, and the bound is that of the whole case.
    assert found.nations["RWA"] == pytest.approx(best, rel=0.02)


def test_without_possible_tours_everybody_could_go() -> None:
    found = Withdrawals.of(case([requirement("R", capability="hospital")], [pledge("P")]))
    assert found.nations == {"KEN": 10_000_000}
