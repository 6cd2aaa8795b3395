"""Type conditions that always hold are dissolved, those that never hold are dropped with what they select."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from graphql import (
    GraphQLCompositeType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet


def narrow_types(selections: SelectionSet, parent: GraphQLCompositeType, schema: GraphQLSchema) -> SelectionSet:
    """Leave only type conditions that tell possible types of the parent apart."""
    return _Scope(schema, parent, _possible(parent, schema)).narrow(selections)


def type_of(field: Field, parent: GraphQLCompositeType, schema: GraphQLSchema) -> GraphQLCompositeType | None:
    """Look up what a field selects on; None for a leaf."""
    definition = schema.get_field(parent, field.name)
    named = get_named_type(definition.type) if definition else None
    return named if is_composite_type(named) else None


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a selection set stands: `type` gives the fields, `possible` the object types, by all conditions around."""

    schema: GraphQLSchema
    type: GraphQLCompositeType
    possible: frozenset[GraphQLObjectType]

    def narrow(self, selections: SelectionSet) -> SelectionSet:
        return tuple(narrowed for one in selections for narrowed in self._selection(one))

    def _selection(self, selection: Selection) -> Iterator[Selection]:
        if isinstance(selection, InlineFragment):
            yield from self._fragment(selection)
        elif below := type_of(selection, self.type, self.schema):
            yield replace(selection, selections=narrow_types(selection.selections, below, self.schema))
        else:
            yield selection

    def _fragment(self, fragment: InlineFragment) -> Iterator[Selection]:
        condition = self.type if fragment.type_condition is None else self.schema.get_type(fragment.type_condition)
        if not is_composite_type(condition):
            return
        possible = self.possible & _possible(condition, self.schema)
        is_dissolved = self._has_all_fields_of(condition)
        inner = self if is_dissolved else _Scope(self.schema, condition, possible)
        below = inner.narrow(fragment.selections) if possible else ()
        if is_dissolved and not fragment.conditions:
            yield from below
        elif below:
            yield InlineFragment(None if is_dissolved else condition.name, below, fragment.conditions)

    def _has_all_fields_of(self, condition: GraphQLCompositeType) -> bool:
        """Whether a condition always holds and its fields can be selected without it."""
        if condition is self.type:
            return True
        return (
            is_abstract_type(condition)
            and not isinstance(self.type, GraphQLUnionType)
            and self.schema.is_sub_type(condition, self.type)
        )


def _possible(type_: GraphQLCompositeType, schema: GraphQLSchema) -> frozenset[GraphQLObjectType]:
    return frozenset({type_} if isinstance(type_, GraphQLObjectType) else schema.get_possible_types(type_))
