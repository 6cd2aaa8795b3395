"""Mutations happen one after the other. Source: GraphQL, "Mutation"; query-planning, "Mutations"."""

from __future__ import annotations

from dataclasses import replace

from router.planner.fetch_graph import FetchGraph, FetchNode


def chain_mutations(graph: FetchGraph) -> FetchGraph:
    """Let each entry at the root wait for the entry before it, and for all that was fetched because of that one."""
    nodes: list[FetchNode] = []
    since = frozenset[int]()  # the last entry, which waits for all before it, and what it brought
    for node in graph.nodes:
        nodes.append(replace(node, after=node.after | since) if node.stage else node)
        since = frozenset({node.id}) if node.stage else since | {node.id}
    return graph.with_nodes(nodes)
