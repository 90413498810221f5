"""What in a sound case of supply a planner should know before believing an answer."""

from __future__ import annotations

from collections.abc import Iterator

from sulh.methods.geodesy import great_circle_km
from sulh.questions.places import remote
from sulh.questions.supply.case import Case
from sulh.questions.supply.records import Route

SLACK = 0.99
"""A route may be shorter than the great circle by what rounding makes of it: 1 % and 0.1 km."""
LONG, LONG_KM = 5.0, 50.0
"""A route over so many km and so many times the great circle is likely to be a slip."""


def warnings(case: Case) -> Iterator[str]:
    """Yield what is absent or unlikely; none of it keeps a case from being simulated."""
    if not case.persons:
        yield "nobody lives at the places: nothing is needed"
    elif not any(
        case.kg_per_day(node, kind)
        for node in case.nodes.values()
        for kind in case.commodities.values()
    ):
        yield "no commodity is to be brought to anybody: nothing is needed"
    for node in case.nodes.values():
        if far := remote(node.key, node.latitude, node.longitude):
            yield far
    for route in case.routes.values():
        yield from _of_length(case, route)


def _of_length(case: Case, route: Route) -> Iterator[str]:
    """Yield a note where a route's km do not go with the places at its ends."""
    one, other = case.nodes[route.origin], case.nodes[route.destination]
    straight = float(great_circle_km(one.latitude, one.longitude, other.latitude, other.longitude))
    ends = f"route {route.key} has {route.km:,.1f} km"
    if route.km < SLACK * straight - 0.1:
        yield (
            f"{ends}, less than the {straight:,.1f} km of the great circle between {one.key} and "
            f"{other.key}: are the coordinates and the km right?"
        )
    elif route.km > LONG_KM and route.km > LONG * straight:
        yield (
            f"{ends}, more than {LONG:g} times the {straight:,.1f} km of the great circle between "
            f"{one.key} and {other.key}: are the coordinates and the km right?"
        )
