"""Draws what clients do not see: inaccessible fields, arguments, values and types."""

from __future__ import annotations

from tests.drawn.model import MODES, SHADES, DrawnField, Kind, World

CLOSED = ("by", "flags", "id", "where", "day")  # arguments without a default: what is hidden is never given


def hide(world: World) -> None:
    """Mark some of what no client needs as inaccessible, in one of its subgraphs or in all."""
    if not world.chance(0.35):
        return
    _hide_fields(world)
    _hide_keys(world)
    for _, drawn in world.coordinates():
        if world.chance(0.1):
            drawn.hidden_arguments = [name for name in drawn.arguments if name in CLOSED]
    world.hidden_values = {one for one in (SHADES[-1], MODES[1]) if world.chance(0.4)}
    for union in world.of_kind(Kind.UNION):
        for name in union.members[1:]:
            world.types[name].hidden = not _is_named(world, name) and world.chance(0.4)


def _hide_fields(world: World) -> None:
    for one in world.of_kind(Kind.ENTITY, Kind.VALUE):
        bound = {name for other in world.types.values() if one.name in other.members for name in other.fields}
        hidden = [drawn for drawn in one.fields.values() if drawn.name not in bound and world.chance(0.15)]
        for drawn in hidden[: len(one.fields) - 1]:
            _hide_field(world, drawn)


def _hide_keys(world: World) -> None:
    """Hide the key of an entity interface: there alone, or on its implementations too."""
    for interface in world.of_kind(Kind.ENTITY_INTERFACE):
        if world.chance(0.4):
            _hide_field(world, interface.fields["id"])
            for name in interface.members if world.chance(0.5) else ():
                _hide_field(world, world.types[name].fields["id"])


def _hide_field(world: World, drawn: DrawnField) -> None:
    homes = [home for home in drawn.homes.values() if not home.external]
    for home in homes if world.chance(0.5) else homes[:1]:
        home.hidden = True


def _is_named(world: World, name: str) -> bool:
    """Tell whether a field has a type, or an interface demands its fields: then it must be seen."""
    interfaces = any(name in one.members for one in world.of_kind(Kind.INTERFACE, Kind.ENTITY_INTERFACE))
    return interfaces or any(drawn.base == name for _, drawn in world.coordinates())
