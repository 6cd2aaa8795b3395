"""Draws what makes subgraphs depend on each other: overrides, provided fields, requirements."""

from __future__ import annotations

from collections.abc import Iterator

from tests.drawn.model import LEAVES, DrawnField, DrawnType, Kind, World
from tests.drawn.split import declare

LITERALS = {
    "by": ("1", "2"),
    "unit": ("RED", "BLUE"),
    "text": ('\\"a\\"', '\\"b\\"'),
    "where": ("{ color: RED, like: [], limit: 1 }", "{ color: null, like: null, limit: 2 }"),
    "flags": ("[true]", "null"),
    "id": ('\\"7\\"', "null"),
    "factor": ("2.5",),
    "mode": ("FAST", "null"),
    "day": ("{ day: 1, of: [] }", '\\"1\\"'),
    "modes": ("[[FAST], null]", "[]"),
}


def add_directives(world: World) -> None:
    """Add the directives to fields that have their homes."""
    for one, drawn in list(world.coordinates()):
        if len(drawn.owners) > 1 and drawn.base in LEAVES and drawn.name != one.null_key and world.chance(0.2):
            _tighten(world, drawn)
        if one.kind is Kind.ENTITY and world.chance(0.15):
            _override(world, one, drawn)
    for one in world.of_kind(Kind.ENTITY, Kind.ENTITY_INTERFACE):
        for number in range(world.rng.choice([0, 0, 1, 2, 3])):
            _require(world, one, f"{'r' if one.kind is Kind.ENTITY else 'y'}{number}")
    for one in world.of_kind(Kind.ENTITY, Kind.ROOT):
        for drawn in one.fields.values():
            _provide(world, drawn)


def _tighten(world: World, drawn: DrawnField) -> None:
    """Let one of several owners say that a field is never null."""
    if not drawn.type.endswith("!"):
        drawn.plain = drawn.never_null = True
        drawn.homes[world.rng.choice(drawn.owners)].type = f"{drawn.type}!"


def _override(world: World, one: DrawnType, drawn: DrawnField) -> None:
    """Let the owner of a field have taken it from another home, which still declares it."""
    others = [name for name in one.full_homes() if name not in drawn.homes and _is_whole(world, drawn.base, name)]
    if len(drawn.owners) == 1 and others and drawn.name not in one.key_fields():
        (owner,) = drawn.owners
        former = world.rng.choice(others)
        declare(world, drawn, former).moved_to = owner
        drawn.homes[owner].overrides = former
        drawn.homes[owner].label = world.rng.choice([None, None, "percent(40)", "canary", "late"])


def _is_whole(world: World, name: str, subgraph: str) -> bool:
    """Tell whether a subgraph has, or will have, all fields of a value type."""
    one = world.types.get(name)
    if one is None or one.kind is not Kind.VALUE or subgraph not in one.homes:
        return True
    return all(subgraph in drawn.homes for drawn in one.fields.values())


def _require(world: World, one: DrawnType, name: str) -> None:
    """Add a field whose value is made of fields of other subgraphs, earlier requirements among them."""
    homes = [name for name in one.full_homes() if one.kind is Kind.ENTITY or one.homes[name].interface_object]
    if not homes:
        return
    subgraph = world.rng.choice(homes)
    foreign = [drawn for drawn in one.fields.values() if subgraph not in drawn.homes and drawn.owners]
    foreign += _of_interface_objects(world, one, subgraph)
    world.rng.shuffle(foreign)
    if world.chance(0.4):  # what interface objects give comes first
        foreign.sort(key=lambda drawn: drawn.name in one.fields)
    parts = [text for drawn in foreign[: world.rng.randint(1, 3)] if (text := _required(world, drawn, subgraph))]
    if not parts:
        return
    for drawn in foreign:
        if subgraph in drawn.homes:
            one.fields[drawn.name] = drawn
    wanted = " ".join(parts)
    computed = one.fields[name] = DrawnField(name, world.rng.choice(["String", "String!"]))
    computed.computed_of = wanted.replace("\\", "")
    computed.declare(subgraph).requires = wanted


def _of_interface_objects(world: World, one: DrawnType, subgraph: str) -> list[DrawnField]:
    """Copy leaves that a type has only from interface objects elsewhere, for it to require them."""
    return [
        DrawnField(drawn.name, drawn.type, dict(drawn.arguments), computed_of=drawn.computed_of)
        for interface in world.of_kind(Kind.ENTITY_INTERFACE)
        if one.name in interface.members and subgraph not in interface.homes
        for drawn in interface.fields.values()
        if drawn.name not in one.fields and drawn.base in LEAVES and drawn.base != "Shade"
    ]


def _required(world: World, drawn: DrawnField, subgraph: str) -> str | None:
    """Write a required field, with a leaf beneath it if it needs one; both become external here."""
    if subgraph in drawn.homes:  # since what was required before it
        return None
    if drawn.base in LEAVES:
        make_external(world, drawn, subgraph)
        return drawn.name + _arguments(world, drawn)
    if world.types[drawn.base].kind is Kind.ENTITY_INTERFACE:
        return None
    declare(world, drawn, subgraph).external = True
    below = next(_beneath(world, world.types[drawn.base], subgraph), None)
    if below is None:
        del drawn.homes[subgraph]
        return None
    member, leaf = below
    make_external(world, drawn, subgraph)
    make_external(world, leaf, subgraph)
    selected = f"{leaf.name}{_arguments(world, leaf)}"
    if world.types[drawn.base].is_abstract:
        selected = f"... on {member.name} {{ {selected} }}"
    return f"{drawn.name}{_arguments(world, drawn)} {{ {selected} }}"


def _beneath(world: World, one: DrawnType, subgraph: str) -> Iterator[tuple[DrawnType, DrawnField]]:
    """Find leaves that can be selected on a type in a subgraph, and the object types they are on."""
    members = one.homes[subgraph].members if one.is_abstract else [one.name]
    found = [
        (world.types[member], leaf)
        for member in members
        for leaf in world.types[member].fields.values()
        if leaf.base in LEAVES and leaf.owners and (subgraph not in leaf.homes or not leaf.homes[subgraph].moved_to)
    ]
    world.rng.shuffle(found)
    yield from found


def make_external(world: World, drawn: DrawnField, subgraph: str) -> None:
    """Let a subgraph know of a field that is read from another one; no error of it may take others with it."""
    drawn.plain = True
    if subgraph not in drawn.homes:
        declare(world, drawn, subgraph).external = True
    for other, twin in world.coordinates():
        if twin.name == drawn.name and other.name in _implementations(world, drawn):
            twin.plain = True


def _implementations(world: World, drawn: DrawnField) -> list[str]:
    return [
        name
        for one in world.of_kind(Kind.ENTITY_INTERFACE)
        if one.fields.get(drawn.name) is drawn
        for name in one.members
    ]


def _arguments(world: World, drawn: DrawnField) -> str:
    """Write every argument, so that no default has to be known."""
    given = ", ".join(f"{name}: {world.rng.choice(LITERALS[name])}" for name in drawn.arguments)
    return f"({given})" if given else ""


def _provide(world: World, drawn: DrawnField) -> None:
    """Let a field resolve, in some subgraphs, a leaf of its type that is external there."""
    if drawn.base in world.types:
        for subgraph in (name for name in drawn.owners if world.chance(0.3)):
            _provide_in(world, drawn, subgraph)


def _provide_in(world: World, drawn: DrawnField, subgraph: str) -> None:
    """Provide a leaf that is resolved elsewhere; something here may require it."""
    one = world.types[drawn.base]
    for member, leaf in _beneath(world, one, subgraph):
        home = leaf.homes.get(subgraph)
        if member.kind is Kind.ENTITY and not leaf.arguments and not leaf.computed_of and (not home or home.external):
            declare(world, leaf, subgraph).external = leaf.shared = True
            selected = _further(world, member, subgraph, leaf.name)
            drawn.homes[subgraph].provides = f"... on {member.name} {{ {selected} }}" if one.is_abstract else selected
            return


def _further(world: World, one: DrawnType, subgraph: str, selected: str) -> str:
    """Add, sometimes, an object that is provided too, with a leaf of it."""
    for drawn in one.fields.values():
        below = world.types.get(drawn.base)
        free = not drawn.arguments and subgraph not in drawn.homes and drawn.owners
        if free and below and below.kind is Kind.ENTITY and subgraph in below.homes and world.chance(0.5):
            for member, leaf in _beneath(world, below, subgraph):
                if leaf.arguments or leaf.computed_of or leaf.name == selected or member.kind is not Kind.ENTITY:
                    continue
                home = leaf.homes.get(subgraph)
                if home and home.wider:
                    continue
                if home is None or home.external:
                    declare(world, leaf, subgraph).external = leaf.shared = True
                declare(world, drawn, subgraph).external = drawn.shared = True
                return f"{selected} {drawn.name} {{ {leaf.name} }}"
    return selected
