"""Questions made from a schema: every field it has, asked with ids that somebody else may know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

DEPTH = 4


@dataclass(frozen=True, slots=True)
class Question:
    """One operation, what it asks about, and the ids it names: an answer may repeat those."""

    about: str
    query: str
    variables: Mapping[str, Any]
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prober:
    """Knows ids by type name, and the text to search for."""

    schema: GraphQLSchema
    ids: Mapping[str, Sequence[str]]
    text: str

    def entity_questions(self) -> Iterator[Question]:
        """Ask `_entities` for every field of every entity that the schema resolves, with every known id."""
        for type_ in self.schema.type_map.values():
            if is_resolvable_entity(type_) and self.ids.get(type_.name):
                ids = self.ids[type_.name]
                selection = self._selection(type_, DEPTH)
                query = (
                    f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {type_.name} {selection} }} }}"
                )
                representations = [{"__typename": type_.name, "id": one, **self._required(type_)} for one in ids]
                yield Question(f"_entities {type_.name}", query, {"r": representations}, frozenset(ids))

    def root_questions(self) -> Iterator[Question]:
        """Ask every field of Query, one by one, with every known id where it takes one."""
        assert self.schema.query_type
        for name, field in self.schema.query_type.fields.items():
            if name.startswith("_"):
                continue
            takes_id = [key for key, one in field.args.items() if str(get_named_type(one.type)) == "ID"]
            known = {one for ids in self.ids.values() for one in ids} if takes_id else {""}
            for one in sorted(known):
                arguments = self._arguments(field.args, one)
                query = f"{{ {name}{arguments} {self._sub_selection(field, DEPTH, one)} }}"
                yield Question(f"Query.{name}({one})", query, {}, frozenset({one}))

    def _selection(self, type_: GraphQLNamedType, depth: int, one: str = "") -> str:
        """Ask everything; of an abstract type only the kinds that the id `one` is known for, where there are such."""
        fields = ["__typename"]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                if depth > 1 or is_leaf_type(get_named_type(field.type)):
                    fields.append(f"{name}{self._arguments(field.args, None)} {self._sub_selection(field, depth - 1)}")
        if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
            kinds = self.schema.get_possible_types(type_)
            for possible in [kind for kind in kinds if one in self.ids.get(kind.name, ())] or kinds:
                # Members may have fields of one name and different types: an alias apiece keeps them from clashing.
                inner = self._aliased(possible, depth - 1) if depth > 1 else "{ __typename }"
                fields.append(f"... on {possible.name} {inner}")
        return "{ " + " ".join(fields) + " }"

    def _aliased(self, type_: GraphQLObjectType, depth: int) -> str:
        fields = ["__typename"]
        for name, field in type_.fields.items():
            if depth > 1 or is_leaf_type(get_named_type(field.type)):
                inner = self._sub_selection(field, depth - 1)
                fields.append(f"{type_.name}_{name}: {name}{self._arguments(field.args, None)} {inner}")
        return "{ " + " ".join(fields) + " }"

    def _sub_selection(self, field: GraphQLField, depth: int, one: str = "") -> str:
        type_ = get_named_type(field.type)
        return "" if is_leaf_type(type_) else self._selection(type_, depth, one)

    def _arguments(self, arguments: Mapping[str, GraphQLArgument], one: str | None) -> str:
        given = []
        for name, argument in arguments.items():
            named_id = str(get_named_type(argument.type)) == "ID" and one
            if isinstance(argument.type, GraphQLNonNull) or named_id or name == "last":
                given.append(f"{name}: {self._value(name, argument.type, one)}")
        return f"({', '.join(given)})" if given else ""

    def _value(self, name: str, type_: GraphQLInputType, one: str | None) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._value(name, type_.of_type, one)
        if isinstance(type_, GraphQLList):
            return f"[{self._value(name, type_.of_type, one)}]"
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, one)
        if type_.name == "ID":
            return f'"{one or next(iter(self.ids["Project"]))}"'
        return {"Int": "20", "Float": "1.0", "Boolean": "true"}.get(type_.name, f'"{self.text}"')

    def _object(self, type_: GraphQLInputObjectType, one: str | None) -> str:
        given = [
            f"{name}: {self._value(name, field.type, one)}"
            for name, field in type_.fields.items()
            if (isinstance(field.type, GraphQLNonNull) and field.default_value is None) or name == "query"
        ]
        if "targets" in type_.fields:
            given.append("targets: [DOCUMENT, MESSAGE]")
        return "{" + ", ".join(given) + "}"

    def _required(self, type_: GraphQLNamedType) -> dict[str, Any]:
        """What a representation carries for fields with @requires: a price list, the only such thing here."""
        fields = type_.fields if isinstance(type_, GraphQLObjectType) else {}
        return {"pricing": {"inputPerMTokUsd": 1.0, "outputPerMTokUsd": 1.0}} if "pricing" in fields else {}


def is_resolvable_entity(type_: GraphQLNamedType) -> bool:
    """Whether the schema can be entered at the type by `id`."""
    return any(_is_key_by_id(directive) for directive in type_.ast_node.directives or ()) if type_.ast_node else False


def _is_key_by_id(directive: DirectiveNode) -> bool:
    arguments = {argument.name.value: getattr(argument.value, "value", None) for argument in directive.arguments or ()}
    return (
        directive.name.value == "key" and arguments.get("fields") == "id" and arguments.get("resolvable") is not False
    )


def texts(answer: Any) -> Iterator[str]:  # noqa: ANN401 (any JSON)
    """Every string of an answer."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, Mapping):
        for value in answer.values():
            yield from texts(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from texts(value)
