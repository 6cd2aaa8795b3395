"""Prints what is drawn as the SDL of each subgraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tests.drawn.model import COLORS, DrawnField, DrawnType, FieldHome, Kind, World

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@shareable", "@external", '
    '"@requires", "@provides", "@override", "@interfaceObject", "@inaccessible", "@context", "@fromContext"])'
)


def sdl_of(world: World, subgraph: str) -> str:
    """Print one subgraph."""
    blocks = [_block(world, one, subgraph) for one in world.types.values() if subgraph in one.homes]
    text = "\n\n".join(blocks)
    used: list[str] = []
    for name, definition in _leaves_and_inputs(world, subgraph).items():
        if re.search(rf"\b{name}\b", " ".join([text, *used])):
            used.append(definition)
    head = [] if subgraph in world.federation_1 else [LINK]
    return "\n\n".join([*head, *used, text]) + "\n"


def _leaves_and_inputs(world: World, subgraph: str) -> dict[str, str]:
    """Print what is not drawn as a type; what uses others comes first."""
    wider = ", extra: Int" if subgraph in world.wider_inputs else ""
    return {
        "Where": f"input Where {{ color: Color = GREEN, mode: Mode, like: [String!], limit: Int!{wider} }}",
        "Color": _enum(world, "Color", COLORS),
        "Shade": _enum(world, "Shade", world.shades[subgraph]),
        "Mode": _enum(world, "Mode", world.modes[subgraph]),
        "Date": "scalar Date",
    }


def _enum(world: World, name: str, values: Sequence[str]) -> str:
    shown = (f"{one} @inaccessible" if one in world.hidden_values else one for one in values)
    return f"enum {name} {{ {' '.join(shown)} }}"


def _block(world: World, one: DrawnType, subgraph: str) -> str:
    home = one.homes[subgraph]
    if one.kind is Kind.UNION:
        return f"union {one.name} = {' | '.join(home.members)}"
    keys = "".join(
        f' @key(fields: "{key}"{"" if resolvable else ", resolvable: false"})' for key, resolvable in home.keys.items()
    )
    is_interface = one.is_abstract and not home.interface_object
    kind = "interface" if is_interface else "extend type" if home.extension else "type"
    head = f"{kind} {one.name}{_implements(world, one, subgraph)}{keys}"
    head += " @interfaceObject" if home.interface_object else ""
    head += " @inaccessible" if one.hidden else ""
    head += ' @context(name: "above")' if one.context_in == subgraph else ""
    fields = _interface_fields(world, one, subgraph) if is_interface else _fields(world, one, subgraph)
    return f"{head} {{\n" + "\n".join(f"  {line}" for line in fields) + "\n}"


def _implements(world: World, one: DrawnType, subgraph: str) -> str:
    interfaces = [
        other.name
        for other in world.of_kind(Kind.INTERFACE, Kind.ENTITY_INTERFACE)
        if subgraph in other.homes and (one.name in other.homes[subgraph].members or _inherits(world, one, other))
    ]
    return f" implements {' & '.join(interfaces)}" if interfaces else ""


def _inherits(world: World, one: DrawnType, other: DrawnType) -> bool:
    """Tell whether an interface can implement another: wherever a field of that is, it is somewhere a field of this."""
    if one.parent != other.name:
        return False
    own, wanted = (
        {line.split("(")[0].split(":")[0] for name in each.homes for line in _interface_fields(world, each, name)}
        for each in (one, other)
    )
    return wanted <= own


def _interface_fields(world: World, one: DrawnType, subgraph: str) -> Iterator[str]:
    """Print the fields that all members here declare, so that the members are valid."""
    members = [world.types[name] for name in one.homes[subgraph].members]
    for drawn in one.fields.values():
        own = [member.fields[drawn.name] for member in members if drawn.name in member.fields]
        declared = len(own) == len(members) and all(subgraph in narrow.homes for narrow in own)
        if declared and all(_fits(world, narrow, drawn, subgraph) for narrow in own):
            home = drawn.homes.get(subgraph)
            yield f"{drawn.name}{_arguments(drawn)}: {drawn.type}{' @inaccessible' if home and home.hidden else ''}"


def _fits(world: World, narrow: DrawnField, wide: DrawnField, subgraph: str) -> bool:
    """Tell whether a member's field may stand for its interface's, as far as this subgraph knows."""
    home = world.types[wide.base].homes.get(subgraph) if wide.base in world.types else None
    return narrow.base == wide.base or (home is not None and narrow.base in home.members)


def _fields(world: World, one: DrawnType, subgraph: str) -> Iterator[str]:
    for drawn in one.fields.values():
        if home := drawn.homes.get(subgraph):
            old = subgraph in world.federation_1
            echoes = one.homes[subgraph].extension and drawn.name in _keys_here(one, subgraph)
            directives = "".join(
                f" {text}" for text in _directives(one, drawn, home) if not old or text != "@shareable"
            )
            directives += " @external" if echoes and "@external" not in directives else ""
            yield f"{drawn.name}{_arguments(drawn, wider=home.wider)}: {home.type}{directives}"


def _keys_here(one: DrawnType, subgraph: str) -> set[str]:
    return {name for key in one.homes[subgraph].keys for name in key.replace("{ id }", "").split()}


def _arguments(drawn: DrawnField, *, wider: bool = False) -> str:
    hidden = dict.fromkeys(drawn.hidden_arguments, " @inaccessible")
    given = [f"{name}: {type_}{hidden.get(name, '')}" for name, type_ in drawn.arguments.items()]
    given += ["extra: Int"] if wider else []
    given += [drawn.context[1]] if drawn.context else []
    return f"({', '.join(given)})" if given else ""


def _directives(one: DrawnType, drawn: DrawnField, home: FieldHome) -> Iterator[str]:
    if home.external:
        yield "@external"
    elif drawn.shared or len(drawn.owners) > 1 or one.kind is Kind.VALUE:
        yield "@shareable"
    for name, fields in (("requires", home.requires), ("provides", home.provides)):
        if fields:
            yield f'@{name}(fields: "{fields}")'
    if home.overrides:
        label = f', label: "{home.label}"' if home.label else ""
        yield f'@override(from: "{home.overrides}"{label})'
    if home.hidden:
        yield "@inaccessible"
