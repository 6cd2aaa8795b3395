"""Where a collector begins: as near as possible to what it collects, where each entity comes once."""

from __future__ import annotations

from collections.abc import Sequence

from router.compiled.held import Held, Source
from router.compiled.layout import Layout
from router.compiled.represent import Representing
from schema.query_graph.selection import Field


def entities_beside(source: Source, layout: Layout, representing: Representing) -> tuple[Source, str] | None:
    """Find entities at the same path that have all that is required but for their key, and the name of that."""
    only = representing.only_type(source)
    for other in layout.sources:
        is_beside = other.index in source.behind and other.select.path == source.select.path and other.asks_entities
        if only is not None and is_beside and representing.only_type(other) == only:
            key = [one.field for one in representing.required(other, only)]
            required = [one.field for one in representing.required(source, only)]
            is_whole = _has_all_objects(other, source, layout)
            if len(key) == 1 and is_whole and _has(other, required, key[0], layout.behind(source)):
                return other, key[0].response_name
    return None


def _has_all_objects(other: Source, source: Source, layout: Layout) -> bool:
    """Whether other entities at the path of a source are asked for wherever it is, and come of all objects there."""
    between = (one for one in layout.behind(source) if one is not other and one.index not in other.behind)
    is_sent = set(other.fetch.conditions) <= set(source.fetch.conditions)
    return is_sent and not any(_holds(one, source.names) for one in between)


def _has(other: Source, required: Sequence[Field], key: Field, behind: Sequence[Source]) -> bool:
    """Whether the answer for entities, and their key, have all leaves that are required, and no other answer has."""
    names = {one.response_name for one in required}
    rest = names - {key.response_name}
    elsewhere = any(_holds(one, (*other.names, name)) for one in behind if one is not other for name in rest)
    are_leaves = not any(one.selections for one in (key, *required))
    return are_leaves and key.response_name in names and rest <= other.held.fields.keys() and not elsewhere


def nearest_entities(source: Source, layout: Layout) -> Source | None:
    """Find the deepest entities above a path from which alone it goes on."""
    behind = layout.behind(source)
    for depth in range(len(source.names) - 1, 0, -1):
        holding = [one for one in behind if _holds(one, source.names[: depth + 1])]
        if len(holding) == 1 and holding[0].names == source.names[:depth] and holding[0].asks_entities:
            return holding[0] if _leads_to(holding[0], [*behind, source]) else None
    return None


def _leads_to(nearest: Source, others: Sequence[Source]) -> bool:
    """Whether all that is at or below the entities of a source is there for just those types."""
    depth = len(nearest.names)
    beyond = (one for one in others if one.names[:depth] == nearest.names)
    return all(one.types[: depth + 1] == nearest.types for one in beyond)


def _holds(source: Source, names: tuple[str, ...]) -> bool:
    """Whether an answer may hold a value at a place."""
    depth = len(source.names)
    if names[:depth] != source.names or len(names) <= depth:
        return False
    held: Held | None = source.held
    for name in names[depth:]:
        held = held.fields.get(name) if held is not None else None
    return held is not None
