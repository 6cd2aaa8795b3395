"""Values in field sets: each must be of its argument's type. Source: GraphQL, "Values of Correct Type"."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    print_ast,
)

from schema.elements import Kind, TypeDefinition
from schema.subgraph import Subgraph

_BUILT_IN: dict[str, tuple[type[ValueNode], ...]] = {
    "Int": (IntValueNode,),
    "Float": (IntValueNode, FloatValueNode),
    "String": (StringValueNode,),
    "Boolean": (BooleanValueNode,),
    "ID": (StringValueNode, IntValueNode),
}
_INT = range(-(2**31), 2**31)


def wrong_values(subgraph: Subgraph, node: ValueNode, type_text: str) -> Iterator[str]:
    """Tell every part of a value that is not of the type; a custom scalar takes anything but a variable."""
    if isinstance(node, VariableNode):
        yield f"{print_ast(node)} is a variable, which nothing gives a value"
    elif isinstance(node, NullValueNode):
        if type_text.endswith("!"):
            yield f'null is not of the non-null type "{type_text}"'
    elif type_text.rstrip("!").startswith("["):
        items = node.values if isinstance(node, ListValueNode) else (node,)  # one value may stand for a list of it
        for one in items:
            yield from wrong_values(subgraph, one, type_text.rstrip("!")[1:-1])
    else:
        yield from _wrong_named(subgraph, node, type_text.rstrip("!"))


def _wrong_named(subgraph: Subgraph, node: ValueNode, type_name: str) -> Iterator[str]:
    definition = subgraph.types.get(type_name)
    if definition is not None and definition.kind is Kind.INPUT and isinstance(node, ObjectValueNode):
        yield from _wrong_fields(subgraph, node, definition)
    elif not _is_leaf_of(node, type_name, definition):
        yield f'{print_ast(node)} is not of type "{type_name}"'


def _is_leaf_of(node: ValueNode, type_name: str, definition: TypeDefinition | None) -> bool:
    if definition is None:
        in_range = type_name != "Int" or not isinstance(node, IntValueNode) or int(node.value) in _INT
        return in_range and isinstance(node, _BUILT_IN.get(type_name, ()))
    if definition.kind is Kind.ENUM:
        return isinstance(node, EnumValueNode) and node.value in definition.values
    return definition.kind is Kind.SCALAR


def _wrong_fields(subgraph: Subgraph, node: ObjectValueNode, definition: TypeDefinition) -> Iterator[str]:
    given = {one.name.value: one.value for one in node.fields}
    for name in given.keys() - definition.input_fields.keys():
        yield f'"{definition.name}" has no field "{name}"'
    for name, one in definition.input_fields.items():
        if name in given:
            yield from wrong_values(subgraph, given[name], one.type)
        elif one.is_required:
            yield f'{print_ast(node)} lacks the required field "{name}" of "{definition.name}"'
