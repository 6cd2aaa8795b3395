"""One request instead of two for the same objects. Source: query-planning, "Optimising the fetch graph", 4 and 5."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from router.planner.fetch_graph import FetchGraph, FetchNode, Representation, Select
from router.planner.selections import conditions_at_top, merged, shared_conditions
from schema.query_graph.selection import Field, SelectionSet


def merge_same_path(graph: FetchGraph) -> FetchGraph:
    """Join fetches that ask the same subgraph at the same path, unless anything would wait longer."""
    kept: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for node in graph.nodes:
        alike = kept[node.subgraph, node.stage, node.selects[0].path]
        for id in alike:
            joined = _joined(graph, graph.node(id), graph.node(node.id))
            if joined is not None:
                graph = joined
                break
        else:
            alike.append(node.id)
    return graph


def _joined(graph: FetchGraph, one: FetchNode, other: FetchNode) -> FetchGraph | None:
    if _waits(graph, one, other):
        return None
    first, second = one.selects[0], other.selects[0]
    select = _joined_select(first, second)
    if select is None or not (_has_what(first, second) and _has_what(second, first)):
        return None
    joined = graph.joining(one, other, (select,))
    return joined if joined.depth <= graph.depth else None


def _waits(graph: FetchGraph, first: FetchNode, second: FetchNode) -> bool:
    return first.id in graph.ancestors[second.id] or second.id in graph.ancestors[first.id]


def _joined_select(one: Select, other: Select) -> Select | None:
    if bool(one.representations) != bool(other.representations):
        return None
    representations = _representations((*one.representations, *other.representations))
    selection = merged(one.selection + other.selection)
    if representations is None or not _is_one_operation(selection) or not _may_be_asked_alike(one, other):
        return None
    context = tuple(dict.fromkeys(one.context + other.context))
    return replace(one, selection=selection, representations=representations, context=context)


def _may_be_asked_alike(one: Select, other: Select) -> bool:
    """Whether all objects may be asked for everything: an interface object does not tell types apart."""
    representations = one.representations + other.representations
    if all(it.typename is None for it in representations):
        return True
    same_types = {it.type_name for it in one.representations} == {it.type_name for it in other.representations}
    return same_types or len({frozenset(it.selection) for it in representations}) == 1


def _has_what(one: Select, other: Select) -> bool:
    """Whether what only `other` is told of an entity is there whenever `one` is asked: its conditions hold for both."""
    known = {of_type.type_name: set(of_type.selection) for of_type in one.representations}
    more = any(set(it.selection) - known.get(it.type_name, set(it.selection)) for it in other.representations)
    return not more or conditions_at_top(other.selection) <= shared_conditions(one.selection)


def _is_one_operation(selections: SelectionSet) -> bool:
    """Whether no response name stands for two fields, as it may when types part the entities but not the selection."""
    fields = [one for one in selections if isinstance(one, Field)]
    meanings = {(one.response_name, one.name, one.arguments) for one in fields}
    names = {one.response_name for one in fields}
    return len(meanings) == len(names) and all(_is_one_operation(one.selections) for one in selections)


def _representations(all_of: tuple[Representation, ...]) -> tuple[Representation, ...] | None:
    """Join them type by type; None if they contradict one another."""
    by_type: dict[str, Representation] = {}
    for one in all_of:
        before = by_type.setdefault(one.type_name, one)
        selection = merged(before.selection + one.selection)
        if before.keys != one.keys or not _is_unambiguous(selection):
            return None
        by_type[one.type_name] = replace(before, selection=selection)
    if len({one.typename for one in all_of}) > 1 or not _same_keys(tuple(by_type.values())):
        return None
    return tuple(by_type.values())


def _same_keys(representations: tuple[Representation, ...]) -> bool:
    """Whether no type has a field that may be null but is a key of another type."""
    keys = frozenset[str]().union(*(one.keys for one in representations))
    return all(not (_names(one.selection) & keys) - one.keys for one in representations)


def _names(selection: SelectionSet) -> set[str]:
    return {one.name for one in selection if isinstance(one, Field)}


def _is_unambiguous(selection: SelectionSet) -> bool:
    """Whether each field is read from one place: the representation has room for one value only."""
    read_from: dict[str, str] = {}
    for one in selection:
        if isinstance(one, Field) and read_from.setdefault(one.name, one.response_name) != one.response_name:
            return False
        if not _is_unambiguous(one.selections):
            return False
    return True
