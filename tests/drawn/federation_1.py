"""Draws which subgraphs are of federation 1, and what they only extend."""

from __future__ import annotations

from tests.drawn.model import Kind, World


def age(world: World) -> None:
    """Let some subgraphs that need nothing newer be of federation 1; there, some entities are extensions."""
    for subgraph in world.subgraphs:
        if world.chance(0.25) and not _is_modern(world, subgraph):
            world.federation_1.add(subgraph)
    for one in world.of_kind(Kind.ENTITY):
        for subgraph in list(one.homes)[1:]:  # the first defines it
            one.homes[subgraph].extension = subgraph in world.federation_1 and world.chance(0.6)


def _is_modern(world: World, subgraph: str) -> bool:
    """Tell whether a subgraph says what federation 1 cannot say."""
    if world.hidden_values or any(one.context_in == subgraph or one.hidden for one in world.types.values()):
        return True
    if all(subgraph not in one.homes for one in world.types.values()):
        return True  # the link is all there is
    if any(subgraph in one.homes and one.homes[subgraph].keys for one in world.of_kind(Kind.ENTITY_INTERFACE)):
        return True
    homes = [(drawn, drawn.homes[subgraph]) for _, drawn in world.coordinates() if subgraph in drawn.homes]
    return any(home.overrides or home.hidden or drawn.hidden_arguments for drawn, home in homes)
