"""Draws root fields: queries here and there, some shared, and mutations."""

from __future__ import annotations

from tests.drawn.model import DrawnField, DrawnType, Kind, TypeHome, World
from tests.drawn.split import declare
from tests.drawn.types import composite_names, draw_field


def add_roots(world: World) -> None:
    """Give each type a way in, most often."""
    query = DrawnType("Query", Kind.ROOT)
    mutation = DrawnType("Mutation", Kind.ROOT)
    for number, name in enumerate(composite_names(world)):
        if number == 0 or world.chance(0.8):
            _place(world, query, draw_field(world, query, f"q{number}", [name]))
    entities = [name for name in composite_names(world) if world.types[name].kind is Kind.ENTITY]
    for number in range(world.rng.randint(1, 4) if world.chance(0.4) else 0):
        name = f"m{number}"
        mutation.fields[name] = DrawnField(name, world.rng.choice(entities), {"text": "String!"})
        _place(world, mutation, mutation.fields[name], shared=0)
    world.types["Query"] = query
    if mutation.fields:
        world.types["Mutation"] = mutation


def _place(world: World, root: DrawnType, drawn: DrawnField, shared: float = 0.25) -> None:
    count = world.rng.randint(2, 3) if world.chance(shared) else 1
    for subgraph in world.rng.sample(world.subgraphs, min(count, len(world.subgraphs))):
        declare(world, drawn, subgraph)
        root.homes.setdefault(subgraph, TypeHome())
