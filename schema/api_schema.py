"""Supergraph to API schema: what clients may see. Source: federation-directives, "From supergraph to API schema"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import is_not
from typing import Any, TypeVar

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    GraphQLSchema,
    NamedTypeNode,
    Node,
    OperationTypeDefinitionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    build_ast_schema,
)

from schema.federation import INACCESSIBLE
from schema.link import Link, directive_name, read_links
from schema.validity import schema_errors

_SHOWN_APPLICATIONS = frozenset({"deprecated", "specifiedBy", "oneOf"})
_SERVER_DIRECTIVES = frozenset({"defer", "stream"})

_N = TypeVar("_N", bound=Node)


class InvalidApiSchema(ValueError):
    """No API schema can be made of this supergraph: it hides too much, or needs a feature that is not there."""


def to_api_schema(supergraph: DocumentNode) -> GraphQLSchema:
    """Make the schema that clients see: no feature of any spec, nothing inaccessible.

    Raises: InvalidApiSchema; InvalidLink when a `@link` cannot be read.
    """
    links = read_links(supergraph)
    visible = _Visible(supergraph, links).of(supergraph)
    try:
        schema = build_ast_schema(visible, assume_valid_sdl=True)
    except (TypeError, KeyError) as error:
        raise InvalidApiSchema(f"The API schema is not valid: {error}") from error
    errors = schema_errors(schema)
    if errors:
        raise InvalidApiSchema("The API schema is not valid: " + " ".join(error.message for error in errors))
    return schema


class _Visible:
    """Leaves out what is inaccessible or belongs to a spec, and every application but those of GraphQL itself."""

    def __init__(self, supergraph: DocumentNode, links: tuple[Link, ...]) -> None:
        self._links = links
        self._inaccessible = directive_name(links, INACCESSIBLE, "inaccessible")
        types = (one for one in supergraph.definitions if isinstance(one, TypeDefinitionNode | TypeExtensionNode))
        self._hidden_types = frozenset(one.name.value for one in types if self._hides_type(one))

    def of(self, node: _N) -> _N:
        """The node without its hidden parts; itself where it has none."""
        changed: dict[str, Any] = {}
        for attribute in _PARTS.get(node.kind, ()):
            parts = getattr(node, attribute) or ()
            kept = tuple(self.of(one) for one in parts if not self._hides(one))
            if len(kept) < len(parts) or any(map(is_not, kept, parts)):
                changed[attribute] = kept
        return replace(node, **changed) if changed else node

    def _hides(self, node: Node) -> bool:
        match node:
            case DirectiveNode():
                return node.name.value not in _SHOWN_APPLICATIONS
            case NamedTypeNode():
                return node.name.value in self._hidden_types
            case OperationTypeDefinitionNode():
                return node.type.name.value in self._hidden_types
            case TypeDefinitionNode() | TypeExtensionNode():
                return node.name.value in self._hidden_types
            case DirectiveDefinitionNode():
                return node.name.value in _SERVER_DIRECTIVES or self._is_of_spec(node)
            case _:
                return self._is_inaccessible(node)

    def _is_inaccessible(self, node: Node) -> bool:
        return any(one.name.value == self._inaccessible for one in getattr(node, "directives", None) or ())

    def _hides_type(self, node: TypeDefinitionNode | TypeExtensionNode) -> bool:
        return self._is_inaccessible(node) or any(link.owns_type(node.name.value) for link in self._links)

    def _is_of_spec(self, node: DirectiveDefinitionNode) -> bool:
        return any(link.directive_element(node.name.value) is not None for link in self._links)


_TYPE_PARTS = {
    "scalar": ("directives",),
    "object": ("interfaces", "directives", "fields"),
    "interface": ("interfaces", "directives", "fields"),
    "union": ("directives", "types"),
    "enum": ("directives", "values"),
    "input_object": ("directives", "fields"),
}
_PARTS: Mapping[str, tuple[str, ...]] = {
    "document": ("definitions",),
    "schema_definition": ("directives", "operation_types"),
    "schema_extension": ("directives", "operation_types"),
    "directive_definition": ("arguments",),
    "field_definition": ("arguments", "directives"),
    "input_value_definition": ("directives",),
    "enum_value_definition": ("directives",),
    **{f"{kind}_type_{form}": parts for kind, parts in _TYPE_PARTS.items() for form in ("definition", "extension")},
}
"""By kind of node, what may have hidden parts."""
