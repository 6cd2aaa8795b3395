"""Changing fields and types of a subgraph, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from schema.compose.read.build import implementations_of
from schema.elements import Application, Field, TypeDefinition
from schema.subgraph import Subgraph


def map_types(subgraph: Subgraph, change: Callable[[TypeDefinition], TypeDefinition | None]) -> Subgraph:
    """Change every type; None removes it."""
    changed = {name: change(one) for name, one in subgraph.types.items()}
    types = {name: one for name, one in changed.items() if one is not None}
    return replace(subgraph, types=types, implementations=implementations_of(types))


def map_fields(subgraph: Subgraph, change: Callable[[TypeDefinition, Field], Field | None]) -> Subgraph:
    """Change every field of every object and interface; None removes it."""

    def changed(definition: TypeDefinition) -> TypeDefinition:
        fields = {name: change(definition, one) for name, one in definition.fields.items()}
        return replace(definition, fields={name: one for name, one in fields.items() if one is not None})

    return map_types(subgraph, changed)


def without(applications: tuple[Application, ...], *elements: str) -> tuple[Application, ...]:
    """All applications but those of some directives."""
    return tuple(one for one in applications if one.element not in elements)


def without_on_field(one: Field, *elements: str) -> Field:
    """The field without some directives."""
    return replace(one, applications=without(one.applications, *elements))
