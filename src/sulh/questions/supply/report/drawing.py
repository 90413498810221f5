"""The map of supply: sources, depots and sites, and the legs between them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from markupsafe import Markup

from sulh.cases.ground import Ground
from sulh.questions.supply.case import Case
from sulh.questions.supply.records import Node

_NAMED = 40  # places whose names can still be told apart


def map_of(case: Case, tonnes: Mapping[str, float], short: Mapping[str, float]) -> Markup:
    """Return the map of a case.

    ``tonnes`` carried by route makes a leg as wide; ``short`` is the share of the weight that a
    place does not get: above one in a hundred it is marked.
    """
    nodes = case.nodes
    ground = Ground.around([(node.latitude, node.longitude) for node in nodes.values()])
    most = max(tonnes.values(), default=0.0) or 1.0
    out = [ground.opened("Map of supply: sources, depots, sites and legs")]
    for route in sorted(case.routes.values(), key=lambda route: case.fleets[route.fleet].mode):
        x1, y1 = _at(ground, nodes[route.origin])
        x2, y2 = _at(ground, nodes[route.destination])
        carried = tonnes.get(route.key, 0.0)
        mode = case.fleets[route.fleet].mode
        out.append(
            Markup(
                '<line class="leg {}" x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{:.1f}">'
                "<title>{}: {:,.0f} t</title></line>"
            ).format(
                *(mode if carried else f"{mode} idle", x1, y1, x2, y2),
                *(1 + 7 * math.sqrt(carried / most), route.key, carried),
            )
        )
    biggest = max((node.persons for node in nodes.values()), default=1) or 1
    # The largest below, so that none hides another.
    order = sorted(nodes.values(), key=lambda node: -node.persons)
    out += [_mark(ground, node, biggest, short.get(node.key, 0.0)) for node in order]
    out += [_name(ground, node, biggest) for node in order[:_NAMED]]
    return Markup("").join([*out, Markup("</svg>")])


def _at(ground: Ground, node: Node) -> tuple[float, float]:
    return ground.at(node.latitude, node.longitude)


def _radius(node: Node, biggest: int) -> float:
    return 8.0 if node.role == "source" else 4 + 14 * math.sqrt(node.persons / biggest)


def _mark(ground: Ground, node: Node, biggest: int, short: float) -> Markup:
    x, y = _at(ground, node)
    told = f"{node.key} ({node.role}): {node.persons:,} persons, {short:.2%} not met"
    if node.role == "source":
        return Markup(
            '<rect class="source" x="{:.1f}" y="{:.1f}" width="16" height="16"><title>{}</title>'
            "</rect>"
        ).format(x - 8, y - 8, told)
    kind = f"{node.role} wanting" if short > 0.01 else node.role
    return Markup(
        '<circle class="{}" cx="{}" cy="{}" r="{:.1f}"><title>{}</title></circle>'
    ).format(kind, x, y, _radius(node, biggest), told)


def _name(ground: Ground, node: Node, biggest: int) -> Markup:
    x, y = _at(ground, node)
    radius = _radius(node, biggest)
    # A source often stands in the town of a site: its name goes above, the others' below.
    down = -radius - 5 if node.role == "source" else radius + 12
    return Markup('<text class="place" x="{}" y="{:.1f}">{}</text>').format(x, y + down, node.key)
