"""Entities of several paths in one request. Source: query-planning, "Optimising the fetch graph", 7."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from router.planner.fetch_graph import FetchGraph, FetchNode


def batch_entities(graph: FetchGraph) -> FetchGraph:
    """Join entity fetches that ask the same subgraph after as many others: nothing gets more hops, only company.

    What takes variables from a context stays alone: a request has one value for each.
    """
    waves: dict[tuple[object, ...], list[FetchNode]] = defaultdict(list)
    for node in graph.nodes:
        own = () if node.is_entity and not any(one.context for one in node.selects) else (node.id,)
        waves[node.subgraph, node.conditions, graph.levels[node.id], *own].append(node)
    joined_in = {node.id: wave[0].id for wave in waves.values() for node in wave}
    joined = [_joined(wave, joined_in) for wave in waves.values()]
    return graph.with_nodes(sorted(joined, key=lambda node: graph.levels[node.id]))


def _joined(wave: list[FetchNode], joined_in: dict[int, int]) -> FetchNode:
    after = frozenset(joined_in[id] for node in wave for id in node.after)
    return replace(wave[0], selects=tuple(select for node in wave for select in node.selects), after=after)
