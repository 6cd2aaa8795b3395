"""Draws what subgraphs define differently: fields of value types, enum values, input fields, optional arguments."""

from __future__ import annotations

from collections.abc import Iterator

from tests.drawn.model import MODES, SHADES, DrawnField, DrawnType, Kind, World
from tests.drawn.split import declare


def add_variants(world: World) -> None:
    """Leave out, in some subgraphs, what others have, so that everything stays reachable."""
    for subgraph in world.subgraphs:
        world.shades[subgraph] = [SHADES[0], *world.some(list(SHADES[1:]))]
        world.modes[subgraph] = [MODES[0], MODES[1], *(one for one in MODES[2:] if world.chance(0.5))]
        if world.chance(0.3):
            world.wider_inputs.add(subgraph)
    for one in world.of_kind(Kind.VALUE):
        if not one.name.endswith("Ref") and not _is_behind_others(world, one) and world.chance(0.7):
            _twin(world, one)
            _thin(world, one)
    for one, drawn in world.coordinates():
        shared = len(drawn.homes) > 1 and all(home.resolvable for home in drawn.homes.values())
        if shared and drawn.name not in one.key_fields() and not one.name.endswith("Ref") and world.chance(0.15):
            drawn.homes[world.rng.choice(list(drawn.homes))].wider = True


def _is_behind_others(world: World, one: DrawnType) -> bool:
    """Tell whether a value is reached by ways that cannot be gone twice: from other values, or as an abstract type."""
    members = any(one.name in other.members for other in world.types.values())
    return members or any(
        drawn.base == one.name and parent.kind not in (Kind.ENTITY, Kind.ROOT) for parent, drawn in world.coordinates()
    )


def _twin(world: World, one: DrawnType) -> None:
    """Let what leads to a value be shared."""
    for parent, drawn in list(world.coordinates()):
        candidates = parent.full_homes() if parent.kind is Kind.ENTITY else list(parent.homes)
        if drawn.base == one.name and len(drawn.owners) == 1 and parent.name != "Mutation" and world.chance(0.6):
            declare(world, drawn, world.rng.choice(candidates))


def _thin(world: World, one: DrawnType) -> None:
    """Leave fields of a value to some of the subgraphs; whoever reaches it elsewhere can reach it there too."""
    for drawn in one.fields.values():
        for subgraph in list(drawn.homes):
            kept = [other for other in one.fields.values() if other is not drawn and subgraph in other.homes]
            if kept and world.chance(0.4) and all(_elsewhere(way, drawn, subgraph) for way in _ways(world, one)):
                del drawn.homes[subgraph]


def _ways(world: World, one: DrawnType) -> Iterator[DrawnField]:
    return (drawn for _, drawn in world.coordinates() if drawn.base == one.name)


def _elsewhere(way: DrawnField, drawn: DrawnField, subgraph: str) -> bool:
    """Tell whether a field that leads to a value leads to it also where it will keep another field."""
    others = [name for name in way.owners if name != subgraph and name in drawn.homes]
    return subgraph not in way.homes or bool(others)
