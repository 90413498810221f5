"""What prices prove of a case that lacks a nation or an offer."""

from __future__ import annotations

from dataclasses import dataclass

from sulh.questions.forces.case import Case
from sulh.questions.forces.engine.ascent import Ascent
from sulh.questions.forces.engine.model import Model
from sulh.questions.forces.engine.nations import offers_part


@dataclass(frozen=True)
class Withdrawals:
    """Bounds of the objective, in points: without each nation and its offers, without each offer.

    At given prices the bound of a case is a sum, each part of it at most 0 but one: what a nation's
    tours cost at least, what an offer's uses do. Whoever withdraws takes its part away, and no
    other part falls by it.
    """

    nations: dict[str, float]
    offers: dict[str, float]

    @classmethod
    def of(cls, case: Case) -> Withdrawals:
        """Return the bounds of a case; one search for prices, whatever the number of nations."""
        model = Model.of(case)
        used = [0.0] * len(case.offers)
        floors: dict[str, float] = {}
        total = model.empty / model.scale
        if len(model.tours):
            proof = Ascent(model).climb()
            total, used = proof.bound, offers_part(model, proof.prices).tolist()
            floors = dict(zip(model.nation_names, proof.floors.tolist(), strict=True))
        given = {offer.provider: 0.0 for offer in case.offers}
        for offer, part in zip(case.offers, used, strict=True):
            given[offer.provider] += part
        nations = sorted({pledge.nation for pledge in case.pledges} | set(given))
        return cls(
            {n: (total - floors.get(n, 0.0) - given.get(n, 0.0)) * model.scale for n in nations},
            {
                offer.key: (total - part) * model.scale
                for offer, part in zip(case.offers, used, strict=True)
            },
        )
