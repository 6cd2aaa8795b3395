"""Paths of errors, cut to what the client asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from router.execution.layers import Key
from router.request import Json
from schema.query_graph.selection import Field, SelectionSet


def client_path(path: Sequence[Key], selections: SelectionSet, values: Mapping[str, Json]) -> tuple[Key, ...] | None:
    """Cut a path before the first field that only the plan asked for; None if nothing is left.

    A field that its conditions leave out is one of those: something else may have required it.
    """
    kept: list[Key] = []
    sets = [selections]
    for key in path:
        if isinstance(key, str):
            fields = [field for one in sets for field in _named(one, key, values)]
            if not fields:
                break
            sets = [field.selections for field in fields]
        kept.append(key)
    return tuple(kept) or None


def _named(selections: SelectionSet, name: str, values: Mapping[str, Json]) -> Iterator[Field]:
    for selection in selections:
        if not all(bool(values.get(one.variable)) is one.wanted for one in selection.conditions):
            continue
        if not isinstance(selection, Field):
            yield from _named(selection.selections, name, values)
        elif selection.response_name == name:
            yield selection
