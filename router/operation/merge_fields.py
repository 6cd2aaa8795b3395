"""Equal fields of one selection set become one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import GraphQLCompositeType, GraphQLSchema

from schema.query_graph.selection import Arguments, Condition, Field, InlineFragment, Selection, SelectionSet

Identity = tuple[str, str, Arguments, tuple[Condition, ...]]


def merge_fields(selections: SelectionSet, _parent: GraphQLCompositeType, _schema: GraphQLSchema) -> SelectionSet:
    """Join fields of the same response name, name, arguments and conditions, where the first of them stands.

    What either selects comes in the same order as before: nothing between them selects on the same response name.
    Fragments that follow each other with the same type condition and conditions are joined likewise.
    Source: GraphQL, "Field Collection".
    """
    return _merge(selections)


def _merge(selections: SelectionSet) -> SelectionSet:
    merged: list[Selection] = []
    place_of: dict[Identity, int] = {}
    latest: dict[str, int] = {}  # where each response name was selected last, in a fragment or by itself
    for selection in selections:
        if isinstance(selection, Field):
            identity = (selection.response_name, selection.name, selection.arguments, selection.conditions)
            place = place_of.get(identity, len(merged))
            if selection.selections and place != latest.get(selection.response_name):
                place = len(merged)
            place_of[identity] = place
        else:
            place = len(merged) - 1 if merged and _same_group(merged[-1], selection) else len(merged)
        for name in _response_names(selection):
            latest[name] = max(place, latest.get(name, place))
        if place == len(merged):
            merged.append(selection)
        else:
            merged[place] = replace(merged[place], selections=merged[place].selections + selection.selections)
    return tuple(replace(one, selections=_merge(one.selections)) if one.selections else one for one in merged)


def _response_names(selection: Selection) -> Iterator[str]:
    if isinstance(selection, Field):
        yield selection.response_name
    else:
        for one in selection.selections:
            yield from _response_names(one)


def _same_group(one: Selection, other: InlineFragment) -> bool:
    return (
        isinstance(one, InlineFragment)
        and one.type_condition == other.type_condition
        and one.conditions == other.conditions
    )
