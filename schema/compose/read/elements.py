"""AST to elements: every type with its blocks joined, every directive application under its spec name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    Node,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
)

from schema.elements import (
    Application,
    Block,
    Default,
    DirectiveDefinition,
    EnumValue,
    Field,
    InputValue,
    Kind,
    Schema,
    TypeDefinition,
    type_text,
)
from schema.value import read_value

KINDS = {
    "object": Kind.OBJECT,
    "interface": Kind.INTERFACE,
    "union": Kind.UNION,
    "enum": Kind.ENUM,
    "input": Kind.INPUT,
    "scalar": Kind.SCALAR,
}


class ElementReader:
    """Reads definitions of one subgraph; `names` maps its directives to the names their specs give them."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def types(self, definitions: Iterable[DefinitionNode]) -> dict[str, TypeDefinition]:
        """Read all types; the definition of each before its extensions."""
        blocks: dict[str, list[TypeDefinitionNode | TypeExtensionNode]] = defaultdict(list)
        for one in definitions:
            if isinstance(one, TypeDefinitionNode | TypeExtensionNode):
                blocks[one.name.value].append(one)
        return {name: self._type(name, sorted(nodes, key=_is_extension)) for name, nodes in blocks.items()}

    def _type(self, name: str, nodes: list[TypeDefinitionNode | TypeExtensionNode]) -> TypeDefinition:
        blocks = list(enumerate(nodes))
        kind = kind_of(nodes[0])
        return TypeDefinition(
            name=name,
            kind=kind,
            blocks=tuple(Block(_is_extension(node), node) for node in nodes),
            description=next((text for node in nodes if (text := _description(node)) is not None), None),
            applications=tuple(one for block, node in blocks for one in self.applications(node, block)),
            interfaces=tuple(dict.fromkeys(one.name.value for node in nodes for one in _list(node, "interfaces"))),
            fields={}
            if kind is Kind.INPUT
            else {one.name.value: self._field(one, block) for block, node in blocks for one in _list(node, "fields")},
            members=tuple(dict.fromkeys(one.name.value for node in nodes for one in _list(node, "types"))),
            values={
                one.name.value: EnumValue(one.name.value, _description(one), self.applications(one), one)
                for node in nodes
                for one in _list(node, "values")
            },
            input_fields=self._inputs([one for node in nodes for one in _list(node, "fields")])
            if kind is Kind.INPUT
            else {},
        )

    def _field(self, node: FieldDefinitionNode, block: int) -> Field:
        return Field(
            name=node.name.value,
            type=type_text(node.type),
            arguments=self._inputs(node.arguments or ()),
            description=_description(node),
            applications=self.applications(node, block),
            block=block,
            node=node,
        )

    def _inputs(self, nodes: Iterable[InputValueDefinitionNode]) -> dict[str, InputValue]:
        return {
            one.name.value: InputValue(
                name=one.name.value,
                type=type_text(one.type),
                default=None if one.default_value is None else Default(read_value(one.default_value)),
                description=_description(one),
                applications=self.applications(one),
                node=one,
            )
            for one in nodes
        }

    def schema(self, nodes: Sequence[SchemaDefinitionNode | SchemaExtensionNode]) -> Schema:
        """Read what is said of the schema itself, its definition and extensions joined."""
        return Schema(
            applications=tuple(one for node in nodes for one in self.applications(node)),
            description=next((text for node in nodes if (text := _description(node)) is not None), None),
            node=next(iter(nodes), None),
        )

    def directive(self, node: DirectiveDefinitionNode) -> DirectiveDefinition:
        """Read the definition of a directive."""
        return DirectiveDefinition(
            name=node.name.value,
            locations=tuple(one.value for one in node.locations),
            is_repeatable=node.repeatable,
            arguments=self._inputs(node.arguments or ()),
            description=_description(node),
            node=node,
        )

    def applications(self, node: Node, block: int = 0) -> tuple[Application, ...]:
        """Read what is applied to a node."""
        return tuple(self._application(one, block) for one in _list(node, "directives"))

    def _application(self, node: ConstDirectiveNode, block: int) -> Application:
        name = node.name.value
        arguments = {one.name.value: read_value(one.value) for one in node.arguments or ()}
        return Application(name, arguments, self._names.get(name), block, node)


def kind_of(node: TypeDefinitionNode | TypeExtensionNode) -> Kind:
    """The kind of type a block declares."""
    return KINDS[node.kind.partition("_")[0]]


def _is_extension(node: Node) -> bool:
    return isinstance(node, TypeExtensionNode)


def _list(node: Node, attribute: str) -> tuple[Any, ...]:
    return getattr(node, attribute, None) or ()


def _description(node: Node) -> str | None:
    text = getattr(node, "description", None)
    return text.value if isinstance(text, StringValueNode) else None
