"""Draws arguments that come from an object above: an entity sets a context, one that is only beneath it reads it."""

from __future__ import annotations

from tests.drawn.directives import make_external
from tests.drawn.model import DrawnField, DrawnType, Kind, World
from tests.drawn.split import give_home, own
from tests.records import Json

READER = "C0"
PLAIN = ("String", "Int", "Float", "Boolean", "ID")  # what may be an argument as well


def add_context(world: World) -> None:
    """Let one subgraph read a field of an entity, its own or another's, in an entity beneath it."""
    entities = [one for one in world.of_kind(Kind.ENTITY) if one.full_homes() and not one.name.endswith("Ref")]
    setter = world.rng.choice(entities)
    subgraph = world.rng.choice(setter.full_homes())
    given = [one for one in setter.fields.values() if _can_be_given(one)]
    if not given or not world.chance(0.2):
        return
    wanted = world.rng.choice(given)
    make_external(world, wanted, subgraph)
    setter.context_in = subgraph
    inner = setter.fields["inner"] = DrawnField("inner", READER, plain=True, never_null=True)
    reader = world.types[READER] = DrawnType(READER, Kind.ENTITY, keys=["id"])
    reader.fields["id"] = DrawnField("id", "ID!", plain=True, never_null=True)
    for home in dict.fromkeys([subgraph, world.rng.choice(world.subgraphs)]):
        give_home(world, reader, home, {"id": True})
    inner.declare(subgraph)
    told = reader.fields["told"] = DrawnField("told", wanted.base)
    told.context = (wanted.name, f'x: {wanted.base} @fromContext(field: "$above {{ {wanted.name} }}")')
    told.declare(subgraph)
    other = reader.fields["other"] = DrawnField("other", "String")
    own(world, reader, other)


def link_contexts(world: World, data: dict[str, Json]) -> None:
    """Put each reader beneath one setter, whose value is the truth."""
    for setter in world.types.values():
        if setter.context_in:
            name, _ = world.types[READER].fields["told"].context or ("", "")
            for record, reader in zip(data[setter.name].values(), data[READER], strict=True):
                if record["inner"] is not None:
                    record["inner"] = f"@{reader}"
                value = record[name]
                truth = None if isinstance(value, dict) else value
                data[READER][reader]["told"] = {"$context": "x", "truth": truth}


def _can_be_given(drawn: DrawnField) -> bool:
    simple = drawn.type.rstrip("!") in PLAIN and not drawn.arguments and not drawn.computed_of
    return simple and bool(drawn.owners) and not drawn.labelled
