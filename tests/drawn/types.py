"""Draws the types of the monolith, before anything is split."""

from __future__ import annotations

import random

from tests.drawn.model import LEAVES, DrawnField, DrawnType, Kind, World

ARGUMENTS = (
    ("by", "Int"),
    ("unit", "Color = RED"),
    ("text", 'String! = "none"'),
    ("where", "Where"),
    ("flags", "[Boolean!]"),
    ("id", "ID"),
    ("factor", "Float! = 1.5"),
    ("mode", "Mode = FAST"),
    ("modes", "[[Mode!]]"),
    ("day", "Date"),
)
WRAPPERS = ("{}",) * 4 + ("{}!",) * 3 + ("[{}]", "[{}!]", "[{}!]!", "[{}]!", "[[{}]]", "[[{}!]!]!")
ENDING = ("{}", "{}", "[{}]")  # of what could hold itself without end


def draw_types(rng: random.Random) -> World:
    """Draw 2 to 5 subgraphs' names, entities, value types and abstract types, with plain fields.

    Only entities have fields of the value type W0: it can be split.
    """
    world = World(rng, [f"s{number}" for number in range(rng.randint(2, 5))])
    for number in range(rng.randint(0, 2)):
        _add(world, f"V{number}", Kind.VALUE)
    for number in range(rng.randint(1, 4)):
        _keys(world, _add(world, f"T{number}", Kind.ENTITY))
    _entity_interface(world)
    _abstract_types(world)
    outer = composite_names(world)
    inner = [*outer, *[_add(world, f"W{number}", Kind.VALUE).name for number in range(rng.randint(0, 1))]]
    for one in world.of_kind(Kind.ENTITY, Kind.VALUE):
        for number in range(rng.randint(1, 4) if not one.name.endswith("Ref") else 0):
            draw_field(world, one, f"f{number}", inner if one.kind is Kind.ENTITY else outer)
    return world


def composite_names(world: World) -> list[str]:
    """Name the types that fields may have. Implementations of an entity interface are reached through it only."""
    hidden = {member for one in world.of_kind(Kind.ENTITY_INTERFACE) for member in one.members}
    return [name for name in world.types if name not in hidden and not name.endswith("Ref")]


def draw_field(world: World, owner: DrawnType, name: str, composites: list[str]) -> DrawnField:
    """Draw one field of a type: of a leaf type, or of one of the composite ones."""
    base = world.rng.choice(composites if owner.kind is Kind.ROOT or world.chance(0.45) else list(LEAVES))
    ends = owner.kind is not Kind.VALUE or base in LEAVES or world.types[base].kind is Kind.ENTITY
    one = DrawnField(name, world.rng.choice(WRAPPERS if ends else ENDING).format(base))
    if world.chance(0.3):
        one.arguments = dict(world.rng.sample(ARGUMENTS, world.rng.randint(1, 2)))
    owner.fields[name] = one
    return one


def _add(world: World, name: str, kind: Kind) -> DrawnType:
    world.types[name] = DrawnType(name, kind)
    return world.types[name]


def _keys(world: World, one: DrawnType) -> None:
    """Give an entity one or two keys: single, compound or nested."""
    kinds = world.rng.sample(["id", "code region", "ref { id }", "serial"], world.rng.choice([1, 1, 2]))
    for key in kinds:
        if "{" in key:
            nested = _add(world, f"{one.name}Ref", Kind.VALUE)
            nested.fields["id"] = DrawnField("id", "ID!", plain=True, never_null=True)
            one.fields["ref"] = DrawnField("ref", f"{nested.name}!", plain=True, never_null=True)
        else:
            for name in key.split():
                type_ = {"id": "ID!", "serial": "Int!"}.get(name, "String!")
                one.fields[name] = DrawnField(name, type_, plain=True, never_null=True)
        one.keys.append(key)
    if len(kinds) == 1 and "{" not in kinds[0] and world.chance(0.15):
        one.null_key = kinds[0].split()[-1]
        nullable = one.fields[one.null_key]
        nullable.type = nullable.type.rstrip("!")


def _abstract_types(world: World) -> None:
    """Draw an interface and a union over the object types; every member has the first field of its interface."""
    objects = [name for name in composite_names(world) if not world.types[name].is_abstract]
    if len(objects) > 1 and world.chance(0.6):
        _interface(world, objects)
    if len(objects) > 1 and world.chance(0.5):
        _add(world, "U0", Kind.UNION).members = world.some(objects, 2)


def _interface(world: World, objects: list[str]) -> None:
    """Draw an interface, and sometimes one that implements it."""
    interface = _add(world, "I0", Kind.INTERFACE)
    interface.members = world.some(objects, 2)
    for number in range(world.rng.randint(1, 3)):
        _interface_field(world, interface, f"i{number}", leaf=number == 0)
    if world.chance(0.4):
        lower = _add(world, "I1", Kind.INTERFACE)
        lower.parent = interface.name
        lower.members = world.some(interface.members)
        lower.fields = {name: DrawnField(name, one.type) for name, one in interface.fields.items()}
        _interface_field(world, lower, "j0", leaf=True)


def _interface_field(world: World, interface: DrawnType, name: str, *, leaf: bool) -> None:
    """Draw a field of an interface; its members may say more of its type."""
    ends = all(world.types[member].kind is Kind.ENTITY for member in interface.members)
    composite = ends and not leaf and world.chance(0.7)
    base = world.rng.choice([interface.name, interface.name, *interface.members] if composite else LEAVES)
    type_ = world.rng.choice(WRAPPERS).format(base)
    interface.fields[name] = DrawnField(name, type_)
    for member in interface.members:
        narrow = type_
        if base == interface.name and world.chance(0.6):
            narrow = type_.replace(base, world.rng.choice(interface.members))
        if not narrow.endswith("!") and world.chance(0.2):
            narrow = f"{narrow}!"
        world.types[member].fields[name] = DrawnField(name, narrow)


def _entity_interface(world: World) -> None:
    """Draw an entity interface with its implementations, which are entities of the same key."""
    if not world.chance(0.4):
        return
    interface = _add(world, "E0", Kind.ENTITY_INTERFACE)
    interface.keys = ["id"]
    interface.fields["id"] = DrawnField("id", "ID!", plain=True, never_null=True)
    interface.fields["e0"] = DrawnField("e0", world.rng.choice(WRAPPERS).format(world.rng.choice(LEAVES)))
    for number in range(world.rng.randint(1, 3)):
        member = _add(world, f"M{number}", Kind.ENTITY)
        member.keys = ["id"]
        for name, one in interface.fields.items():
            member.fields[name] = DrawnField(name, one.type, plain=one.plain, never_null=one.never_null)
        interface.members.append(member.name)
