"""Mutations happen one after the other. Source: GraphQL, "Mutation"; query-planning, "Mutations"."""

from __future__ import annotations

from dataclasses import replace

from router.planner.fetch_graph import FetchGraph, FetchNode


def chain_mutations(graph: FetchGraph) -> FetchGraph:
    """Let each entry at the root wait for the entry before it, and for all that was fetched because of that one."""
    nodes: list[FetchNode] = []
    for node in graph.nodes:
        earlier = frozenset(one.id for one in nodes) if node.stage else frozenset()
        nodes.append(replace(node, after=node.after | earlier))
    return graph.with_nodes(nodes)
