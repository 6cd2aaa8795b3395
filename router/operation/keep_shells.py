"""An object of which nothing is left to select still has to be asked for: the answer shows `{}` or null."""

from __future__ import annotations

from dataclasses import replace

from graphql import GraphQLCompositeType, GraphQLSchema, is_composite_type

from router.operation.narrow_types import type_of
from schema.query_graph.selection import Field, Selection, SelectionSet

SHELL = Field("__typename", "__typename", internal=True)


def keep_shells(selections: SelectionSet, parent: GraphQLCompositeType, schema: GraphQLSchema) -> SelectionSet:
    """Select an internal `__typename` wherever a composite field selects nothing."""
    return tuple(_kept(selection, parent, schema) for selection in selections)


def _kept(selection: Selection, parent: GraphQLCompositeType, schema: GraphQLSchema) -> Selection:
    if isinstance(selection, Field):
        below = type_of(selection, parent, schema)
        if below is None:
            return selection
        return replace(selection, selections=keep_shells(selection.selections, below, schema) or (SHELL,))
    condition = parent if selection.type_condition is None else schema.get_type(selection.type_condition)
    if not is_composite_type(condition):
        return selection
    return replace(selection, selections=keep_shells(selection.selections, condition, schema))
