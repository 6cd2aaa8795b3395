"""Type conditions that always hold are dissolved, those that never hold are dropped with what they select."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import GraphQLCompositeType, GraphQLSchema, get_named_type, is_abstract_type, is_composite_type
from graphql.utilities import do_types_overlap

from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet


def narrow_types(selections: SelectionSet, parent: GraphQLCompositeType, schema: GraphQLSchema) -> SelectionSet:
    """Leave only type conditions that tell possible types of the parent apart."""
    return tuple(_narrowed(selections, parent, schema))


def _narrowed(selections: SelectionSet, parent: GraphQLCompositeType, schema: GraphQLSchema) -> Iterator[Selection]:
    for selection in selections:
        match selection:
            case Field():
                yield _field(selection, parent, schema)
            case InlineFragment():
                yield from _fragment(selection, parent, schema)


def _field(field: Field, parent: GraphQLCompositeType, schema: GraphQLSchema) -> Field:
    if not field.selections:
        return field
    below = type_of(field, parent, schema)
    return replace(field, selections=narrow_types(field.selections, below, schema)) if below else field


def _fragment(fragment: InlineFragment, parent: GraphQLCompositeType, schema: GraphQLSchema) -> Iterator[Selection]:
    condition = parent if fragment.type_condition is None else schema.get_type(fragment.type_condition)
    if not is_composite_type(condition) or not do_types_overlap(schema, parent, condition):
        return
    always = condition is parent or (is_abstract_type(condition) and schema.is_sub_type(condition, parent))
    below = narrow_types(fragment.selections, parent if always else condition, schema)
    if always and not fragment.conditions:
        yield from below
    elif below:
        yield InlineFragment(None if always else condition.name, below, fragment.conditions)


def type_of(field: Field, parent: GraphQLCompositeType, schema: GraphQLSchema) -> GraphQLCompositeType | None:
    """Look up what a field selects on; None for a leaf."""
    definition = schema.get_field(parent, field.name)
    named = get_named_type(definition.type) if definition else None
    return named if is_composite_type(named) else None
