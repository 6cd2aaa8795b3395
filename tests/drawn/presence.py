"""Draws what is not there: records that a subgraph does not know, and records without a key."""

from __future__ import annotations

from tests.drawn.contexts import READER
from tests.drawn.model import DrawnField, DrawnType, Kind, World

UNKNOWN, KEYLESS = 1, 2  # which record of a type it is that some subgraphs do not have


def draw_absences(world: World) -> None:
    """Let some subgraphs not have the second record of a type, and no others have one whose key is null.

    Where it is reached, the fields of those subgraphs are null; so no other subgraph may be able to resolve them.
    """
    for one in world.of_kind(Kind.ENTITY):
        homes = one.full_homes()
        if len(one.keys) == 1 and one.name != READER and homes:
            others = frozenset(world.subgraphs) - {world.rng.choice(homes)}
            if one.null_key is not None and _is_lost_for_good(world, one, others):
                one.absences[KEYLESS] = others
            dispensable = _dispensable(world, one)
            home = frozenset([world.rng.choice(dispensable)] if dispensable and world.chance(0.3) else ())
            if home and _is_lost_for_good(world, one, home):
                one.absences[UNKNOWN] = home


def _dispensable(world: World, one: DrawnType) -> list[str]:
    """Name the subgraphs that may lack a record: none that tells which type an interface object is."""
    interface = world.entity_interface_of(one)
    if interface is None:
        homes = one.full_homes()
        return homes if len(homes) > 1 else []
    telling = {name for name, home in interface.homes.items() if home.keys and not home.interface_object}
    return [name for name in dict.fromkeys([*one.homes, *interface.homes]) if name not in telling]


def is_lost(one: DrawnType, drawn: DrawnField, record: int) -> bool:
    """Tell whether nobody who has a record can resolve a field of it."""
    absent = one.absences.get(record, frozenset())
    unreachable = bool(drawn.computed_of) and one.null_key is not None and record == KEYLESS
    return drawn.name not in one.key_fields() and (absent.issuperset(drawn.owners) or unreachable) and bool(absent)


def _is_lost_for_good(world: World, one: DrawnType, absent: frozenset[str]) -> bool:
    """Tell whether nothing else shows what is lost: no other owner, no way that provides it, no requirement."""
    for drawn in world.fields_of(one):
        if drawn.name in one.key_fields():
            continue
        lost = absent.issuperset(drawn.owners)
        if drawn.shared or drawn.labelled or (lost and drawn.plain and drawn.type.endswith("!")):
            return False
        if not lost and absent.intersection(drawn.owners):
            return False
    return True
