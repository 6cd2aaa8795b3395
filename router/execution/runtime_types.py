"""What the supergraph says of the types that turn up in answers."""

from __future__ import annotations

from dataclasses import dataclass

from cachetools import LRUCache, cached
from graphql import (
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_object_type,
)


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """Whether a field is non-null, and the name of its type without wrappers."""

    required: bool
    type: str | None


class RuntimeTypes:
    """Facts of one schema by names, as answers and plans give names."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._fields: dict[tuple[str | None, str], FieldFacts] = {}
        self._satisfied: dict[tuple[str, str], bool] = {}
        self.objects = frozenset(name for name, one in schema.type_map.items() if is_object_type(one))

    def satisfies(self, name: str, condition: str) -> bool:
        """Whether a type is another or a subtype of it."""
        key = (name, condition)
        known = self._satisfied.get(key)
        if known is None:
            known = name == condition or self._is_subtype(name, condition)
            self._satisfied[key] = known
        return known

    def field(self, parent: str | None, name: str) -> FieldFacts:
        """Look a field up; of an unknown one nothing is known."""
        key = (parent, name)
        facts = self._fields.get(key)
        if facts is None:
            facts = self._fields[key] = self._look_up(parent, name)
        return facts

    def _look_up(self, parent: str | None, name: str) -> FieldFacts:
        type_ = self._schema.get_type(parent) if parent else None
        definition = self._schema.get_field(type_, name) if is_composite_type(type_) else None
        if definition is None:
            return FieldFacts(required=False, type=None)
        return FieldFacts(isinstance(definition.type, GraphQLNonNull), get_named_type(definition.type).name)

    def _is_subtype(self, name: str, condition: str) -> bool:
        one, other = self._schema.get_type(name), self._schema.get_type(condition)
        return is_abstract_type(other) and is_composite_type(one) and self._schema.is_sub_type(other, one)


@cached(LRUCache(16), key=id)
def runtime_types(schema: GraphQLSchema) -> RuntimeTypes:
    """Give the facts of a schema; they hold it, so that no other schema gets its id meanwhile."""
    return RuntimeTypes(schema)
