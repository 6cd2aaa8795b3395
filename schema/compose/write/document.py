"""The merged schema as the document its SDL parses to: printing it and parsing that took a fifth of composition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ConstArgumentNode,
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    NameNode,
    ObjectTypeDefinitionNode,
    OperationType,
    OperationTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse_type,
)

from schema.compose.merge.context import Merge
from schema.compose.write.parts import (
    composed_definitions,
    graph_values,
    merged_types,
    root_names,
    schema_applications,
    spec_nodes,
)
from schema.elements import Application, DirectiveDefinition, EnumValue, Field, InputValue, Kind, TypeDefinition
from schema.value import value_node


def supergraph_document(merge: Merge) -> DocumentNode:
    """Make the nodes of everything that is printed, in the same order, without places."""
    build = _Builder()
    own = spec_nodes(merge)
    directives = [one for one in own if isinstance(one, DirectiveDefinitionNode)]
    directives += (build.directive(one) for one in composed_definitions(merge))
    types = [one for one in own if isinstance(one, TypeDefinitionNode)]
    types += (build.type(one) for one in (graph_values(merge), *merged_types(merge)))
    return DocumentNode(definitions=(_schema(build, merge), *_sorted(directives), *_sorted(types)))


def _sorted(nodes: Iterable[Any]) -> list[DefinitionNode]:
    return sorted(nodes, key=lambda one: one.name.value)


def _schema(build: _Builder, merge: Merge) -> SchemaDefinitionNode:
    roots = tuple(
        OperationTypeDefinitionNode(operation=OperationType(name.lower()), type=_named(name))
        for name in root_names(merge)
    )
    return SchemaDefinitionNode(
        description=_description(merge.schema.description),
        directives=build.applied(schema_applications(merge)),
        operation_types=roots,
    )


@dataclass(frozen=True, slots=True)
class _Builder:
    """Elements to nodes; equal types of fields are one node."""

    _types: dict[str, TypeNode] = field(default_factory=dict)

    def type(self, one: TypeDefinition) -> TypeDefinitionNode:
        shared: dict[str, Any] = {
            "name": NameNode(value=one.name),
            "description": _description(one.description),
            "directives": self.applied(one.applications),
        }
        match one.kind:
            case Kind.OBJECT | Kind.INTERFACE:
                node = ObjectTypeDefinitionNode if one.kind is Kind.OBJECT else InterfaceTypeDefinitionNode
                fields = tuple(map(self._field, one.fields.values()))
                return node(**shared, interfaces=tuple(map(_named, one.interfaces)), fields=fields)
            case Kind.UNION:
                return UnionTypeDefinitionNode(**shared, types=tuple(map(_named, one.members)))
            case Kind.ENUM:
                return EnumTypeDefinitionNode(**shared, values=tuple(map(self._value, one.values.values())))
            case Kind.INPUT:
                return InputObjectTypeDefinitionNode(**shared, fields=self._inputs(one.input_fields))
            case Kind.SCALAR:
                return ScalarTypeDefinitionNode(**shared)

    def directive(self, one: DirectiveDefinition) -> DirectiveDefinitionNode:
        return DirectiveDefinitionNode(
            name=NameNode(value=one.name),
            description=_description(one.description),
            arguments=self._inputs(one.arguments),
            repeatable=one.is_repeatable,
            locations=tuple(NameNode(value=location) for location in one.locations),
        )

    def applied(self, applications: Sequence[Application]) -> tuple[ConstDirectiveNode, ...]:
        return tuple(
            ConstDirectiveNode(name=NameNode(value=one.name), arguments=tuple(_arguments(one))) for one in applications
        )

    def _field(self, one: Field) -> FieldDefinitionNode:
        return FieldDefinitionNode(
            name=NameNode(value=one.name),
            description=_description(one.description),
            arguments=self._inputs(one.arguments),
            type=self._type_node(one.type),
            directives=self.applied(one.applications),
        )

    def _inputs(self, inputs: Mapping[str, InputValue]) -> tuple[InputValueDefinitionNode, ...]:
        return tuple(
            InputValueDefinitionNode(
                name=NameNode(value=one.name),
                description=_description(one.description),
                type=self._type_node(one.type),
                default_value=None if one.default is None else value_node(one.default.value),
                directives=self.applied(one.applications),
            )
            for one in inputs.values()
        )

    def _value(self, one: EnumValue) -> EnumValueDefinitionNode:
        return EnumValueDefinitionNode(
            name=NameNode(value=one.name),
            description=_description(one.description),
            directives=self.applied(one.applications),
        )

    def _type_node(self, text: str) -> TypeNode:
        known = self._types.get(text)
        if known is None:
            known = self._types[text] = parse_type(text, no_location=True)
        return known


def _arguments(application: Application) -> Iterator[ConstArgumentNode]:
    for name, value in application.arguments.items():
        yield ConstArgumentNode(name=NameNode(value=name), value=value_node(value))


def _named(name: str) -> NamedTypeNode:
    return NamedTypeNode(name=NameNode(value=name))


def _description(text: str | None) -> StringValueNode | None:
    return None if text is None else StringValueNode(value=text, block=True)
