"""Root types get their default names, so that subgraphs agree on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    DefinitionNode,
    DocumentNode,
    NamedTypeNode,
    NameNode,
    Node,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    Visitor,
    visit,
)

from schema.errors import Location, Report
from schema.federation import ROOT_TYPES


def rename_roots(document: DocumentNode, report: Report, locate: Callable[[Node], Location]) -> DocumentNode:
    """Call the root types Query, Mutation and Subscription, wherever they are named."""
    renames = {
        operation.type.name.value: operation.operation.value.capitalize()
        for definition in document.definitions
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode)
        for operation in definition.operation_types or ()
    }
    renames = {old: new for old, new in renames.items() if old != new}
    taken = {new: one for new in renames.values() for one in document.definitions if _declares(one, new)}
    for new, node in sorted(taken.items(), key=lambda item: item[0]):
        report.error(
            f"ROOT_{new.upper()}_USED",
            f'The schema has a type named "{new}" but it is not set as the {new.lower()} root type: this is not '
            "supported by federation. If a root type does not use its default name, no other type should use it.",
            [locate(node)],
        )
    if not renames or taken:
        return document
    renamed: DocumentNode = visit(document, _Renamed(renames))
    return renamed


def root_names(document: DocumentNode) -> tuple[str, ...]:
    """Names of the types that are roots, once renamed: those the schema names, or the default ones."""
    schemas = [one for one in document.definitions if isinstance(one, SchemaDefinitionNode)]
    named = {
        operation.type.name.value
        for one in document.definitions
        if isinstance(one, SchemaDefinitionNode | SchemaExtensionNode)
        for operation in one.operation_types or ()
    }
    return tuple(name for name in ROOT_TYPES if not schemas or name in named)


def _declares(definition: DefinitionNode, name: str) -> bool:
    return isinstance(definition, TypeDefinitionNode | TypeExtensionNode) and definition.name.value == name


class _Renamed(Visitor):
    def __init__(self, renames: dict[str, str]) -> None:
        super().__init__()
        self._renames = renames

    def leave_named_type(self, node: NamedTypeNode, *_: object) -> NamedTypeNode | None:
        new = self._renames.get(node.name.value)
        return NamedTypeNode(name=NameNode(value=new), loc=node.loc) if new else None

    def leave(self, node: Node, *_: object) -> Node | None:
        if not isinstance(node, TypeDefinitionNode | TypeExtensionNode) or node.name.value not in self._renames:
            return None
        fields: dict[str, Any] = {key: getattr(node, key, None) for key in (*node.keys, "loc")}
        fields["name"] = NameNode(value=self._renames[node.name.value], loc=node.name.loc)
        return type(node)(**fields)
