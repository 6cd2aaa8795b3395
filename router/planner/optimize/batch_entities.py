"""Entities of several paths in one request. Source: query-planning, "Optimising the fetch graph", 7."""

from __future__ import annotations

from collections import defaultdict

from router.planner.fetch_graph import FetchGraph, FetchNode, Group


def batch_entities(graph: FetchGraph) -> FetchGraph:
    """Join entity fetches that ask the same subgraph after as many others: nothing gets more hops, only company."""
    waves: dict[tuple[object, ...], list[FetchNode]] = defaultdict(list)
    for node in graph.nodes:
        own = () if node.is_entity else (node.id,)
        waves[node.subgraph, node.conditions, graph.levels[node.id], *own].append(node)
    shared = (wave for wave in waves.values() if len(wave) > 1)
    return graph.joining(Group(tuple(wave), tuple(one for node in wave for one in node.selects)) for wave in shared)
