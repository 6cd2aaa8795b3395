"""Supergraph to API schema: what clients may see. Source: federation-directives, "From supergraph to API schema"."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import (
    REMOVE,
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    GraphQLSchema,
    InputValueDefinitionNode,
    NamedTypeNode,
    OperationTypeDefinitionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    Visitor,
    VisitorAction,
    build_ast_schema,
    visit,
)

from schema.federation import INACCESSIBLE, READABLE_FEATURES
from schema.link import Link, directive_name, read_links
from schema.validity import schema_errors

_SHOWN_APPLICATIONS = frozenset({"deprecated", "specifiedBy", "oneOf"})
_SERVER_DIRECTIVES = frozenset({"defer", "stream"})

_Element = (
    TypeDefinitionNode | TypeExtensionNode | FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode
)


class InvalidApiSchema(ValueError):
    """No API schema can be made of this supergraph: it hides too much, or needs a feature that is not there."""


def to_api_schema(supergraph: DocumentNode) -> GraphQLSchema:
    """Make the schema that clients see: no feature of any spec, nothing inaccessible.

    Raises: InvalidApiSchema; InvalidLink when a `@link` cannot be read.
    """
    links = read_links(supergraph)
    _refuse_unsupported(links)
    visitor = _KeepVisible(supergraph, links)
    visible = visit(visitor.drop_types(supergraph), visitor)
    try:
        schema = build_ast_schema(visible, assume_valid_sdl=True)
    except (TypeError, KeyError) as error:
        raise InvalidApiSchema(f"The API schema is not valid: {error}") from error
    errors = schema_errors(schema)
    if errors:
        raise InvalidApiSchema("The API schema is not valid: " + " ".join(error.message for error in errors))
    return schema


def _refuse_unsupported(links: Iterable[Link]) -> None:
    for link in links:
        if link.purpose is not None and link.identity not in READABLE_FEATURES:
            raise InvalidApiSchema(f'The feature "{link.identity}" is linked for {link.purpose}, but is not supported.')


class _KeepVisible(Visitor):
    """Removes what is inaccessible or belongs to a spec, and every application but those of GraphQL itself."""

    def __init__(self, supergraph: DocumentNode, links: tuple[Link, ...]) -> None:
        super().__init__()
        self._links = links
        self._inaccessible = directive_name(links, INACCESSIBLE, "inaccessible")
        types = (one for one in supergraph.definitions if isinstance(one, TypeDefinitionNode | TypeExtensionNode))
        self._hidden_types = frozenset(one.name.value for one in types if self._hides_type(one))

    def drop_types(self, document: DocumentNode) -> DocumentNode:
        """Leave out the types that go, before the members of the others are visited."""
        kept = (
            one
            for one in document.definitions
            if not isinstance(one, TypeDefinitionNode | TypeExtensionNode) or one.name.value not in self._hidden_types
        )
        return DocumentNode(definitions=tuple(kept))

    def _hides(self, node: _Element) -> bool:
        return any(one.name.value == self._inaccessible for one in node.directives or ())

    def _hides_type(self, node: TypeDefinitionNode | TypeExtensionNode) -> bool:
        return self._hides(node) or any(link.owns_type(node.name.value) for link in self._links)

    def _is_of_spec(self, node: DirectiveDefinitionNode) -> bool:
        return any(link.directive_element(node.name.value) is not None for link in self._links)

    def enter_directive_definition(self, node: DirectiveDefinitionNode, *_: object) -> VisitorAction:
        return REMOVE if node.name.value in _SERVER_DIRECTIVES or self._is_of_spec(node) else None

    def enter_operation_type_definition(self, node: OperationTypeDefinitionNode, *_: object) -> VisitorAction:
        return REMOVE if node.type.name.value in self._hidden_types else None

    def enter_field_definition(self, node: FieldDefinitionNode, *_: object) -> VisitorAction:
        return REMOVE if self._hides(node) else None

    def enter_input_value_definition(self, node: InputValueDefinitionNode, *_: object) -> VisitorAction:
        return REMOVE if self._hides(node) else None

    def enter_enum_value_definition(self, node: EnumValueDefinitionNode, *_: object) -> VisitorAction:
        return REMOVE if self._hides(node) else None

    def enter_named_type(self, node: NamedTypeNode, key: str | int, *_: object) -> VisitorAction:
        """Drop hidden names from lists only: members of a union, implemented interfaces."""
        return REMOVE if isinstance(key, int) and node.name.value in self._hidden_types else None

    def enter_directive(self, node: ConstDirectiveNode, *_: object) -> VisitorAction:
        return None if node.name.value in _SHOWN_APPLICATIONS else REMOVE
