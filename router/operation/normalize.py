"""From a valid document to the operation the router reasons about."""

from __future__ import annotations

from collections.abc import Callable

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLCompositeType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    print_ast,
)

from router.operation.inline import chosen_name, inline
from router.operation.keep_shells import keep_shells
from router.operation.merge_fields import merge_fields
from router.operation.model import Operation, OperationKind, VariableDefinition
from router.operation.narrow_types import narrow_types
from router.operation.separate_names import separate_names
from schema.query_graph.arguments import print_value
from schema.query_graph.selection import SelectionSet

PASSES: tuple[Callable[[SelectionSet, GraphQLCompositeType, GraphQLSchema], SelectionSet], ...] = (
    narrow_types,
    merge_fields,
    keep_shells,
)


def normalize(document: DocumentNode, operation: OperationDefinitionNode, api_schema: GraphQLSchema) -> Operation:
    """Bring one operation of a valid document to its simplest form with the same answer for every variable.

    Raises: `OperationTooLarge`.
    """
    root = api_schema.get_root_type(operation.operation)
    if root is None:
        raise ValueError(f"The schema has no type for '{operation.operation.value}' operations.")
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    selections = inline(operation.selection_set, fragments)
    for simplify in PASSES:
        selections = simplify(selections, root, api_schema)
    selections, client_names = separate_names(selections)
    return Operation(
        kind=OperationKind(operation.operation.value),
        name=chosen_name(operation.name) if operation.name else None,
        root_type=root.name,
        variables=tuple(map(_variable, operation.variable_definitions or ())),
        selections=selections,
        client_names=client_names,
    )


def _variable(node: VariableDefinitionNode) -> VariableDefinition:
    default = print_value(node.default_value) if node.default_value else None
    return VariableDefinition(node.variable.name.value, print_ast(node.type), default)
