"""Selection sets joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from schema.query_graph.selection import Field, Selection, SelectionSet

Identity = tuple[object, ...]


def merged(selections: Iterable[Selection]) -> SelectionSet:
    """Select each thing once: equal fields and equal fragments become one, where the first of them stands."""
    places: dict[Identity, Selection] = {}
    for one in selections:
        identity = _identity(one)
        before = places.get(identity)
        if before is None:
            places[identity] = one
        elif one.selections != before.selections:
            places[identity] = replace(before, selections=merged(before.selections + one.selections))
    return tuple(places.values())


def _identity(one: Selection) -> Identity:
    if isinstance(one, Field):
        return (one.response_name, one.name, one.arguments, one.conditions)
    return (None, one.type_condition, one.conditions)
