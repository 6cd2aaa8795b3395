"""Splits the monolith over subgraphs so that every field stays reachable.

Satisfiable by construction: an entity has a hub that resolves all its keys; each other home has at least one of
them, resolvable where it owns fields, so that hub and homes reach each other. Values are complete wherever they are.
A field requires only fields that were drawn before it.
"""

from __future__ import annotations

from tests.drawn.model import LEAVES, DrawnField, DrawnType, FieldHome, Kind, TypeHome, World


def split(world: World) -> None:
    """Choose the homes of all types and fields."""
    for one in world.of_kind(Kind.ENTITY):
        if world.entity_interface_of(one) is None:
            _entity_homes(world, one)
    for interface in world.of_kind(Kind.ENTITY_INTERFACE):
        _entity_interface_homes(world, interface)
    for one in world.of_kind(Kind.ENTITY):
        for drawn in one.fields.values():
            if not drawn.homes:
                own(world, one, drawn)
    for interface in world.of_kind(Kind.ENTITY_INTERFACE):
        _own_by_interface_objects(world, interface)


def settle(world: World, name: str, subgraph: str) -> None:
    """Make sure that a subgraph defines a type."""
    one = world.types.get(name)
    if one is None or subgraph in one.homes:
        return
    match one.kind:
        case Kind.ENTITY:
            _refer(world, one, subgraph)
        case Kind.VALUE:
            one.homes[subgraph] = TypeHome()
            for drawn in one.fields.values():
                declare(world, drawn, subgraph)
        case Kind.ENTITY_INTERFACE:
            _settle_entity_interface(world, one, subgraph)
        case _:
            home = one.homes[subgraph] = TypeHome()
            home.members = list(dict.fromkeys([one.members[0], *world.some(one.members)]))
            for member in home.members:
                add_member(world, one, member, subgraph)


def add_member(world: World, one: DrawnType, member: str, subgraph: str) -> None:
    """Let an object type be of an abstract one in a subgraph, and of the interface that this implements."""
    settle(world, member, subgraph)
    if member not in one.homes[subgraph].members:
        one.homes[subgraph].members.append(member)
    _implement(world, one, world.types[member], subgraph)
    if one.parent:
        settle(world, one.parent, subgraph)
        add_member(world, world.types[one.parent], member, subgraph)


def declare(world: World, drawn: DrawnField, subgraph: str) -> FieldHome:
    """Declare a field with the type it needs."""
    settle(world, drawn.base, subgraph)
    return drawn.declare(subgraph)


def _entity_homes(world: World, one: DrawnType) -> None:
    homes = world.rng.sample(world.subgraphs, world.rng.randint(1, len(world.subgraphs)))
    hub, *others = homes
    give_home(world, one, hub, dict.fromkeys(one.keys, True))
    for subgraph in others:
        keys = world.some(one.keys)
        resolvable = dict.fromkeys(keys, True)
        if len(keys) > 1 and world.chance(0.3):
            resolvable[world.rng.choice(keys)] = False
        give_home(world, one, subgraph, resolvable)


def give_home(world: World, one: DrawnType, subgraph: str, keys: dict[str, bool], *, stub: bool = False) -> None:
    """Let a subgraph define an entity, with keys that may be resolvable."""
    one.homes[subgraph] = TypeHome(keys, stub)
    for key in keys:
        for name in key.replace("{ id }", "").split():
            declare(world, one.fields[name], subgraph)


def _refer(world: World, one: DrawnType, subgraph: str) -> None:
    give_home(world, one, subgraph, {key: world.chance(0.3) for key in world.some(one.keys)}, stub=True)


def _implement(world: World, interface: DrawnType, member: DrawnType, subgraph: str) -> None:
    """Give a member the field that every definition of the interface has, and the others where it may own them."""
    for name in list(interface.fields)[:1]:
        declare(world, member.fields[name], subgraph)
    if interface.kind is Kind.INTERFACE and member.kind is Kind.ENTITY:
        own(world, member, member.fields[next(iter(interface.fields))])


def own(world: World, one: DrawnType, drawn: DrawnField) -> None:
    """Let one home of an entity, or several that share it, resolve a field."""
    candidates = one.full_homes()
    count = 1 if world.chance(0.7) else world.rng.randint(1, len(candidates))
    for subgraph in world.rng.sample(candidates, count):
        declare(world, drawn, subgraph)


def cover(world: World) -> None:
    """Let covariant fields be of the interfaces that declare them: their types become members where both are."""
    for interface in world.of_kind(Kind.INTERFACE):
        for subgraph, home in interface.homes.items():
            for drawn in interface.fields.values():
                wider = world.types.get(drawn.base)
                for member in list(home.members):
                    narrow = world.types[member].fields[drawn.name]
                    if wider and narrow.base != drawn.base and subgraph in narrow.homes and subgraph in wider.homes:
                        add_member(world, wider, narrow.base, subgraph)


def _entity_interface_homes(world: World, interface: DrawnType) -> None:
    first, *others = world.rng.sample(world.subgraphs, len(world.subgraphs))
    _full_interface(world, interface, first)
    for subgraph in others:
        match world.rng.choice(["none", "interface", "plain", "object", "object", "members", "members"]):
            case "interface":
                _full_interface(world, interface, subgraph)
            case "plain":
                _plain_interface(world, interface, subgraph)
            case "object":
                _interface_object(interface, subgraph)
            case "members":
                for name in world.some(interface.members):
                    give_home(world, world.types[name], subgraph, {"id": True})
            case _:
                pass


def _settle_entity_interface(world: World, interface: DrawnType, subgraph: str) -> None:
    if any(subgraph in world.types[name].homes for name in interface.members) or world.chance(0.3):
        world.rng.choice([_full_interface, _plain_interface])(world, interface, subgraph)
    else:
        _interface_object(interface, subgraph)


def _full_interface(world: World, interface: DrawnType, subgraph: str) -> None:
    interface.homes[subgraph] = TypeHome({"id": True}, members=list(interface.members))
    for name in interface.members:
        member = world.types[name]
        if subgraph not in member.homes:
            give_home(world, member, subgraph, {"id": True})
        declare(world, member.fields["e0"], subgraph)
    for drawn in interface.fields.values():
        if drawn.name in ("id", "e0"):
            drawn.declare(subgraph)


def _plain_interface(world: World, interface: DrawnType, subgraph: str) -> None:
    """Let a subgraph have an interface without its key, be it of federation 1, and only some implementations."""
    here = [name for name in interface.members if subgraph in world.types[name].homes]
    members = list(dict.fromkeys([interface.members[0], *here, *world.some(interface.members)]))
    interface.homes[subgraph] = TypeHome(members=members)
    for name in members:
        if subgraph not in world.types[name].homes:
            give_home(world, world.types[name], subgraph, {"id": True})
    interface.fields["id"].declare(subgraph)


def _interface_object(interface: DrawnType, subgraph: str) -> None:
    interface.homes[subgraph] = TypeHome({"id": True}, interface_object=True)
    interface.fields["id"].declare(subgraph)


def _own_by_interface_objects(world: World, interface: DrawnType) -> None:
    """Draw fields that only subgraphs with the interface object resolve, for all implementations."""
    homes = [name for name, home in interface.homes.items() if home.interface_object]
    for number in range(world.rng.randint(1, 3) if homes else 0):
        name = f"x{number}"
        type_ = world.rng.choice([*LEAVES, *world.types])
        if type_ in interface.members or type_.endswith("Ref"):
            type_ = "String"
        interface.fields[name] = DrawnField(name, type_)
        for subgraph in homes if world.chance(0.2) else [world.rng.choice(homes)]:
            declare(world, interface.fields[name], subgraph)
