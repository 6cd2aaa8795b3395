"""A subgraph as one complete GraphQL document: blocks joined, what federation adds written out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    NameNode,
    Node,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
)

from schema.compose.read.roots import root_names
from schema.compose.read.spec_elements import SpecElements
from schema.elements import Kind, TypeDefinition
from schema.federation import FEDERATION_ROOT_FIELDS
from schema.subgraph import Subgraph

NODES: dict[Kind, type[TypeDefinitionNode]] = {
    Kind.OBJECT: ObjectTypeDefinitionNode,
    Kind.INTERFACE: InterfaceTypeDefinitionNode,
    Kind.UNION: UnionTypeDefinitionNode,
    Kind.ENUM: EnumTypeDefinitionNode,
    Kind.INPUT: InputObjectTypeDefinitionNode,
    Kind.SCALAR: ScalarTypeDefinitionNode,
}
LISTS = ("directives", "interfaces", "fields", "types", "values")
SERVICE = parse(
    "type _Service { sdl: String } scalar _Any type Query { _service: _Service! }", no_location=True
).definitions


def complete_document(subgraph: Subgraph, known: SpecElements) -> DocumentNode:
    """Join the blocks of every type, and add the definitions of federation and of the schema itself."""
    service, any_scalar, query = SERVICE
    types = [_joined(one, query if one.name == "Query" else None) for one in subgraph.types.values()]
    directives = [
        one for one in subgraph.document.definitions if isinstance(one, DirectiveDefinitionNode) and not known.owns(one)
    ]
    definitions: Iterable[DefinitionNode] = (
        _schema(subgraph),
        *known.definitions.values(),
        *directives,
        service,
        any_scalar,
        *types,
    )
    return DocumentNode(definitions=tuple(definitions))


def _schema(subgraph: Subgraph) -> DefinitionNode:
    directives = [
        one
        for node in subgraph.document.definitions
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
        for one in node.directives or ()
    ]
    roots = [name for name in root_names(subgraph.document) if name in subgraph.types and name != "Query"]
    operations = "".join(f" {name.lower()}: {name}" for name in roots)
    schema = parse(f"schema {{ query: Query{operations} }}", no_location=True).definitions[0]
    return SchemaDefinitionNode(directives=tuple(directives), operation_types=getattr(schema, "operation_types", ()))


def _joined(definition: TypeDefinition, extra: Node | None) -> TypeDefinitionNode:
    nodes: list[Any] = [*(block.node for block in definition.blocks), *([extra] if extra is not None else [])]
    lists: dict[str, Any] = {}
    for attribute in LISTS:
        lists[attribute] = tuple(one for node in nodes for one in getattr(node, attribute, None) or ())
    if extra is not None:
        own = lists["fields"][: -len(extra_fields(extra))]
        lists["fields"] = (
            *(one for one in own if one.name.value not in FEDERATION_ROOT_FIELDS),
            *extra_fields(extra),
        )
    kind = NODES[definition.kind]
    first = nodes[0]
    name = NameNode(value=definition.name, loc=first.name.loc)
    return kind(name=name, loc=first.loc, **{key: one for key, one in lists.items() if key in kind.keys})


def extra_fields(node: Node) -> tuple[Node, ...]:
    """The fields of a definition."""
    return tuple(getattr(node, "fields", None) or ())
