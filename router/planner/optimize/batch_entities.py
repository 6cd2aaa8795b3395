"""Entities of several paths in one request. Source: query-planning, "Optimising the fetch graph", 7."""

from __future__ import annotations

from router.planner.fetch_graph import FetchGraph, FetchNode

Wave = tuple[object, ...]


def batch_entities(graph: FetchGraph) -> FetchGraph:
    """Join entity fetches that ask the same subgraph and become ready at the same time."""
    first_of: dict[Wave, FetchNode] = {}
    joined = graph
    for node in graph.nodes:
        if not node.is_entity:
            continue
        wave: Wave = (node.subgraph, node.conditions, graph.nearest(node))
        before = first_of.setdefault(wave, node)
        if before is not node:
            one, other = joined.node(before.id), joined.node(node.id)
            joined = joined.joining(one, other, one.selects + other.selects)
    return joined
