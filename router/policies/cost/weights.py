"""What `@cost` and `@listSize` say of a supergraph, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from graphql import (
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from router.request import Json
from schema.federation import COST
from schema.link import directive_name, read_links
from schema.value import read_value

Element = GraphQLNamedType | GraphQLField | GraphQLArgument | GraphQLInputField

COMPOSITE = 1
"""What an object costs if nothing else is said; a leaf costs nothing."""


@dataclass(frozen=True, slots=True)
class ListSize:
    """How long a list is taken to be. Slicing arguments may be paths into input objects, `page.first`."""

    assumed: int | None = None
    slicing: tuple[str, ...] = ()
    sized_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """What one field costs: once for each object it gives, and for its arguments.

    Shapes: defaults by argument; inputs by argument, those that cost something.
    """

    weight: float
    is_list: bool
    type: str
    list_size: ListSize | None
    defaults: Mapping[str, Json]
    inputs: Mapping[str, InputWeight]


@dataclass(frozen=True, slots=True)
class InputWeight:
    """What a given input costs, and which input object it holds."""

    weight: float
    object: str | None


class Weights:
    """The weights of a supergraph, by type and field."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._names = _Names.of(schema)
        self._inputs = {
            one.name: {name: self._input(field) for name, field in one.fields.items()}
            for one in schema.type_map.values()
            if isinstance(one, GraphQLInputObjectType)
        }
        self._fields = {
            (one.name, name): self._field(field)
            for one in schema.type_map.values()
            if isinstance(one, GraphQLObjectType | GraphQLInterfaceType)
            for name, field in one.fields.items()
        }

    def field(self, parent: str, name: str) -> FieldWeight:
        """Give the weight of a field of an object or interface type."""
        return self._fields[parent, name]

    def inputs(self, type_name: str) -> Mapping[str, InputWeight]:
        """Give the weights of the fields of an input object."""
        return self._inputs[type_name]

    def possible_types(self, type_name: str) -> tuple[str, ...]:
        """List the object types that a type stands for, itself if it is one."""
        found = self._schema.type_map[type_name]
        if isinstance(found, GraphQLObjectType):
            return (type_name,)
        return tuple(one.name for one in self._schema.get_possible_types(found))  # type: ignore[arg-type]  # composite

    def _field(self, field: GraphQLField) -> FieldWeight:
        named = get_named_type(field.type)
        own = self._cost(field)
        return FieldWeight(
            weight=self._type(named) if own is None else own,
            is_list=is_list_type(field.type.of_type if is_non_null_type(field.type) else field.type),
            type=named.name,
            list_size=self._list_size(field),
            defaults=dict(_defaults(field)),
            inputs={name: self._input(one) for name, one in field.args.items()},
        )

    def _type(self, named: GraphQLNamedType) -> float:
        """Weigh an object of a type; of an abstract one the dearest object."""
        own = self._cost(named)
        if own is not None or not is_composite_type(named):
            return own or 0
        weights = [self._cost(self._schema.type_map[name]) for name in self.possible_types(named.name)]
        return max((COMPOSITE if weight is None else weight for weight in weights), default=COMPOSITE)

    def _input(self, element: GraphQLArgument | GraphQLInputField) -> InputWeight:
        named = get_named_type(element.type)
        own = self._cost(element)
        weight = self._cost(named) if own is None else own
        return InputWeight(weight or 0, named.name if isinstance(named, GraphQLInputObjectType) else None)

    def _cost(self, element: Element) -> float | None:
        for applied in _applied(element, self._names.cost):
            return float(cast("float", applied["weight"]))
        return None

    def _list_size(self, field: GraphQLField) -> ListSize | None:
        for applied in _applied(field, self._names.list_size):
            return ListSize(
                assumed=cast("int | None", applied.get("assumedSize")),
                slicing=_names(applied.get("slicingArguments")),
                sized_fields=_names(applied.get("sizedFields")),
            )
        return None


@dataclass(frozen=True, slots=True)
class _Names:
    """What the directives are called in this supergraph."""

    cost: str
    list_size: str

    @classmethod
    def of(cls, schema: GraphQLSchema) -> _Names:
        nodes = [node for node in (schema.ast_node, *schema.extension_ast_nodes) if node]
        links = read_links(DocumentNode(definitions=tuple(cast("list[DefinitionNode]", nodes))))
        return cls(directive_name(links, COST, "cost"), directive_name(links, COST, "listSize"))


def _applied(element: Element, name: str) -> Iterator[dict[str, Json]]:
    nodes = [element.ast_node, *(getattr(element, "extension_ast_nodes", None) or ())]
    for node in nodes:
        directives: tuple[DirectiveNode, ...] = getattr(node, "directives", None) or ()
        for one in directives:
            if one.name.value == name:
                yield {argument.name.value: read_value(argument.value) for argument in one.arguments or ()}


def _names(value: Json) -> tuple[str, ...]:
    """Read a list; a single value stands for a list of one."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def _defaults(field: GraphQLField) -> Iterator[tuple[str, Json]]:
    for name, one in field.args.items():
        if one.ast_node is not None and one.ast_node.default_value is not None:
            yield name, read_value(one.ast_node.default_value)
