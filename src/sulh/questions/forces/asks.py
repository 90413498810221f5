"""What can be asked for and what can fail: each a change of the case, and the most it can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sulh.questions.forces import edits, gains
from sulh.questions.forces.case import Case

_EARLIER = (1, 2, 3)


@dataclass(frozen=True)
class Ask:
    """A change of the case that could be asked for, or that could happen.

    ``touched`` are the pledges that it concerns; a change that ``loosens`` leaves every valid plan
    valid. ``most`` is the most points that it can make a difference of between the best plans.
    ``withdrawn`` is the nation or the offer that is taken out.
    """

    kind: str
    what: str
    capability: str
    case: Case
    most: float
    touched: frozenset[str] = frozenset()
    loosens: bool = True
    withdrawn: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells asks of a case apart."""
        return self.kind, self.what

    @property
    def sort(self) -> str:
        """What the ask is the same as but for its month."""
        return self.capability or self.what


def values(case: Case) -> list[Ask]:
    """Return one thing more of everything: units, uses of offers, caveats lifted, readiness."""
    return [*_units(case), *_offers(case), *_caveats(case), *_readiness(case)]


def losses(case: Case) -> list[Ask]:
    """Return every withdrawal: of a nation with its pledges and offers, of a single offer."""
    nations = {pledge.nation for pledge in case.pledges} | {o.provider for o in case.offers}
    found = []
    for nation in sorted(nations):
        own = sum(p.units * gains.of_unit(case, p) for p in case.pledges if p.nation == nation)
        given = sum(gains.of_support(case, o, o.uses) for o in case.offers if o.provider == nation)
        changed = edits.without_nation(case, nation)
        most = own + given
        found.append(Ask("nation", nation, "", changed, most, loosens=False, withdrawn=nation))
    for offer in case.offers:
        changed = edits.without_offer(case, offer.key)
        most = gains.of_support(case, offer, offer.uses)
        what = f"{offer.key} of {offer.provider}"
        found.append(Ask("offer", what, "", changed, most, loosens=False, withdrawn=offer.key))
    return found


def _units(case: Case) -> Iterator[Ask]:
    for capability in sorted({r.capability for r in case.requirements}):
        for first in range(0, case.months, 3):
            changed = edits.one_more(case, capability, first)
            most = gains.of_unit(changed, changed.pledge_of[edits.HYPOTHETICAL])
            yield Ask("unit", f"{capability} from {case.month(first)}", capability, changed, most)


def _offers(case: Case) -> Iterator[Ask]:
    for offer in case.offers:
        more = replace(offer, uses=offer.uses + 1)
        offers = tuple(more if o is offer else o for o in case.offers)
        what = f"one more use of {offer.key} ({offer.kind} by {offer.provider})"
        most = gains.of_support(case, offer, 1)
        yield Ask("offer", what, "", replace(case, offers=offers), most)


def _caveats(case: Case) -> Iterator[Ask]:
    found = {(p.nation, mission) for p in case.pledges for mission in p.excluded_missions}
    for nation, mission in sorted(found):
        touched = {
            p.key for p in case.pledges if p.nation == nation and mission in p.excluded_missions
        }
        changed = edits.without_caveat(case, nation, mission)
        most = sum(
            p.units * gains.of_unit(changed, p, missions={mission})
            for p in changed.pledges
            if p.key in touched
        )
        what = f"{nation} serves in {mission}"
        yield Ask("caveat", what, "", changed, most, frozenset(touched))


def _readiness(case: Case) -> Iterator[Ask]:
    for pledge in case.pledges:
        for months in _EARLIER:
            if pledge.earliest >= months:
                changed = edits.earlier(case, pledge.key, months)
                sooner = changed.pledge_of[pledge.key]
                starts = range(sooner.earliest, pledge.earliest)
                most = pledge.units * gains.of_unit(changed, sooner, starts)
                unit = "month" if months == 1 else "months"
                what = f"{pledge.key} of {pledge.nation} ready {months} {unit} earlier"
                touched = frozenset({pledge.key})
                yield Ask("readiness", what, pledge.capability, changed, most, touched)
