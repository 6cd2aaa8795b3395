"""A request of which everything is conditional is conditional itself. Source: query-planning, "Plan nodes and JSON"."""

from __future__ import annotations

from dataclasses import replace

from router.planner.fetch_graph import FetchGraph, FetchNode
from router.planner.selections import shared_conditions
from schema.query_graph.selection import Condition, InlineFragment, Selection, SelectionSet


def lift_conditions(graph: FetchGraph) -> FetchGraph:
    """Move conditions that all top-level selections of a fetch share to the fetch."""
    return graph.with_nodes(map(_lifted, graph.nodes))


def _lifted(node: FetchNode) -> FetchNode:
    shared = frozenset.intersection(*(shared_conditions(select.selection) for select in node.selects))
    if not shared:
        return node
    selects = tuple(replace(one, selection=_without(one.selection, shared)) for one in node.selects)
    return replace(node, selects=selects, conditions=tuple(sorted(shared, key=lambda one: (one.variable, one.wanted))))


def _without(selections: SelectionSet, shared: frozenset[Condition]) -> SelectionSet:
    return tuple(kept for one in selections for kept in _without_one(one, shared))


def _without_one(one: Selection, shared: frozenset[Condition]) -> SelectionSet:
    conditions = tuple(condition for condition in one.conditions if condition not in shared)
    if not isinstance(one, InlineFragment):
        return (replace(one, conditions=conditions),)
    selections = _without(one.selections, shared)
    if one.type_condition is None and not conditions:
        return selections
    return (replace(one, conditions=conditions, selections=selections),)
