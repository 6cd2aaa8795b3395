"""What of the schema an operation uses, as schema coordinates. Source: GraphQL, "Schema Coordinates"."""

from __future__ import annotations

from collections.abc import Iterator
from sys import intern
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    get_named_type,
    type_from_ast,
    visit,
)

from router.telemetry.usage import Coordinates


def used_coordinates(document: DocumentNode, operation: OperationDefinitionNode, schema: GraphQLSchema) -> Coordinates:
    """List fields, arguments, enum values and input fields that a valid operation uses, each once, in order.

    A variable may have any value of its type: all enum values and input fields of the type count as used.
    """
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    found = _Finder(schema)
    pending: list[OperationDefinitionNode | FragmentDefinitionNode] = [operation]
    while pending:
        visit(pending.pop(), TypeInfoVisitor(found.types, found))
        pending += [fragments.pop(name) for name in found.spread if name in fragments]
    return Coordinates(tuple(map(intern, sorted(found.names))))  # one text for all operations


class _Finder(Visitor):
    """Collects what is used, and the names of fragments that are."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.types = TypeInfo(schema)
        self.names: set[str] = set()
        self.spread: list[str] = []
        self._schema = schema

    def enter_field(self, node: FieldNode, *_: Any) -> None:  # noqa: ANN401  # the library's
        parent = self.types.get_parent_type()
        if parent is not None and not node.name.value.startswith("__"):
            self.names.add(f"{parent.name}.{node.name.value}")

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:  # noqa: ANN401
        parent, field = self.types.get_parent_type(), self.types.get_field_def()
        if self.types.get_directive() is not None or parent is None or field is None:
            return
        name = next((name for name, one in getattr(parent, "fields", {}).items() if one is field), None)
        if name is not None:
            self.names.add(f"{parent.name}.{name}({node.name.value}:)")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:  # noqa: ANN401
        parent = get_named_type(self.types.get_parent_input_type())
        if parent is not None:
            self.names.add(f"{parent.name}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:  # noqa: ANN401
        type_ = get_named_type(self.types.get_input_type())
        if isinstance(type_, GraphQLEnumType):
            self.names.add(f"{type_.name}.{node.value}")

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:  # noqa: ANN401
        self.spread.append(node.name.value)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:  # noqa: ANN401
        self.names.update(_all_of(get_named_type(type_from_ast(self._schema, node.type)), set()))


def _all_of(type_: object, seen: set[str]) -> Iterator[str]:
    """List all that a value of an input type may use."""
    if isinstance(type_, GraphQLEnumType):
        yield from (f"{type_.name}.{value}" for value in type_.values)
    elif isinstance(type_, GraphQLInputObjectType) and type_.name not in seen:
        seen.add(type_.name)
        for name, field in type_.fields.items():
            yield f"{type_.name}.{name}"
            yield from _all_of(get_named_type(field.type), seen)
