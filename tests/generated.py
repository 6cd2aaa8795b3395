"""Valid queries drawn from an API schema: fields, aliases, fragments, variables and conditions, to a bounded depth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
    parse,
    validate,
)
from hypothesis import strategies as st

from router.request import Json

DEPTH = 4
WIDTH = 3
SCALARS: Mapping[str, st.SearchStrategy[Json]] = {
    "Int": st.integers(0, 3),
    "Float": st.sampled_from([0.5, 2.0]),
    "Boolean": st.booleans(),
    "ID": st.sampled_from(["1", "2", "404"]),
}
TEXT = st.sampled_from(["USD", "CHF", "a text"])
SHADOWS = ("id", "name", "title")  # aliases that are names of other fields


@dataclass(frozen=True, slots=True)
class GeneratedQuery:
    """An operation with the values of its variables; printed as a person would run it."""

    text: str
    variables: Mapping[str, Json]

    def __repr__(self) -> str:
        return f"{self.text}\nvariables: {json.dumps(dict(self.variables))}"


@dataclass(slots=True)
class _Selected:
    """A selection: a field, or a fragment when `condition` is there."""

    name: str
    arguments: str = ""
    alias: str | None = None
    directive: str = ""
    condition: str | None = None
    named: bool = False
    selections: list[_Selected] = field(default_factory=list)


@dataclass(slots=True)
class _Variables:
    declared: list[str] = field(default_factory=list)
    values: dict[str, Json] = field(default_factory=dict)


@st.composite
def queries(draw: st.DrawFn, schema: GraphQLSchema) -> GeneratedQuery:
    """Draw one query. Aliases that would clash give way to aliases of their own."""
    assert schema.query_type is not None
    variables = _Variables()
    selections = _selections(draw, schema, schema.query_type, DEPTH, variables)
    for aliases in ("drawn", "none", "unique"):
        text = _print(selections, variables, aliases)
        if not validate(schema, parse(text), [OverlappingFieldsCanBeMergedRule]):  # the rest is valid by construction
            return GeneratedQuery(text, variables.values)
    raise AssertionError(f"The generator made an invalid query: {text}")


def _selections(
    draw: st.DrawFn, schema: GraphQLSchema, parent: GraphQLNamedType, depth: int, variables: _Variables
) -> list[_Selected]:
    width = draw(st.integers(1, WIDTH))
    return [_selection(draw, schema, parent, depth, variables) for _ in range(width)]


def _selection(
    draw: st.DrawFn, schema: GraphQLSchema, parent: GraphQLNamedType, depth: int, variables: _Variables
) -> _Selected:
    kind = draw(st.sampled_from(["field"] * 6 + ["fragment"] * 2 + ["typename"]))
    if kind == "fragment" and depth:
        return _fragment(draw, schema, parent, depth - 1, variables)
    fields: Mapping[str, GraphQLField] = getattr(parent, "fields", {})
    usable = [name for name, one in fields.items() if depth or is_leaf_type(get_named_type(one.type))]
    if kind == "typename" or not usable:
        return _Selected("__typename", alias=draw(st.sampled_from([None, "kind"])))
    name = draw(st.sampled_from(usable))
    below = get_named_type(fields[name].type)
    return _Selected(
        name,
        _arguments(draw, fields[name].args, variables),
        draw(st.sampled_from([None, None, None, "x", *SHADOWS])),
        _directive(draw, variables),
        selections=_selections(draw, schema, below, depth - 1, variables) if is_composite_type(below) else [],
    )


def _fragment(
    draw: st.DrawFn, schema: GraphQLSchema, parent: GraphQLNamedType, depth: int, variables: _Variables
) -> _Selected:
    condition = draw(st.sampled_from([one.name for one in _overlapping(schema, parent)]))
    below = schema.type_map[condition]
    return _Selected(
        "",
        directive=_directive(draw, variables),
        condition=condition,
        named=draw(st.booleans()),
        selections=_selections(draw, schema, below, depth, variables),
    )


def _overlapping(schema: GraphQLSchema, parent: GraphQLNamedType) -> list[GraphQLNamedType]:
    wanted = _possible(schema, parent)
    named = [one for one in schema.type_map.values() if not one.name.startswith("__") and is_composite_type(one)]
    return [one for one in named if one is parent or wanted & _possible(schema, one)]


def _possible(schema: GraphQLSchema, one: GraphQLNamedType) -> frozenset[str]:
    if is_abstract_type(one):
        return frozenset(possible.name for possible in schema.get_possible_types(one))
    return frozenset({one.name}) if is_object_type(one) else frozenset()


def _directive(draw: st.DrawFn, variables: _Variables) -> str:
    name = draw(st.sampled_from(["", "", "", "", "skip", "include"]))
    if not name:
        return ""
    value = draw(st.booleans())
    if draw(st.booleans()):
        return f" @{name}(if: {json.dumps(value)})"
    return f" @{name}(if: {_variable('Boolean!', value, variables)})"


def _arguments(draw: st.DrawFn, arguments: Mapping[str, GraphQLArgument], variables: _Variables) -> str:
    given = []
    for name, argument in arguments.items():
        if draw(st.booleans()) or is_required_argument(argument):
            given.append(f"{name}: {_value(draw, argument.type, variables)}")
    return f"({', '.join(given)})" if given else ""


def _value(draw: st.DrawFn, type_: GraphQLInputType, variables: _Variables) -> str:
    value = draw(_values(type_))
    if draw(st.booleans()):
        return _variable(str(type_), value, variables)
    return _literal(value, type_)


def _variable(type_name: str, value: Json, variables: _Variables) -> str:
    name = f"v{len(variables.declared)}"
    variables.declared.append(f"${name}: {type_name}")
    variables.values[name] = value
    return f"${name}"


def _values(type_: GraphQLInputType) -> st.SearchStrategy[Json]:
    """Draw a JSON value of an input type."""
    if not isinstance(type_, GraphQLNonNull):
        return st.one_of(_non_null(type_), st.none())
    return _non_null(type_.of_type)


def _non_null(type_: GraphQLInputType) -> st.SearchStrategy[Json]:
    match type_:
        case GraphQLList():
            return st.lists(_values(type_.of_type), max_size=2)
        case GraphQLEnumType():
            return st.sampled_from(sorted(type_.values))
        case GraphQLInputObjectType():
            return st.fixed_dictionaries({name: _values(one.type) for name, one in type_.fields.items()})
        case _:
            return SCALARS.get(str(type_), TEXT)


def _literal(value: Json, type_: GraphQLInputType) -> str:
    match type_:
        case GraphQLNonNull():
            return _literal(value, type_.of_type)
        case GraphQLList() if value is not None:
            return f"[{', '.join(_literal(item, type_.of_type) for item in value)}]"
        case GraphQLInputObjectType() if value is not None:
            given = (f"{name}: {_literal(one, type_.fields[name].type)}" for name, one in value.items())
            return f"{{{', '.join(given)}}}"
        case GraphQLEnumType() if value is not None:
            return str(value)
        case _:
            return json.dumps(value)


def _print(selections: list[_Selected], variables: _Variables, aliases: str) -> str:
    declared = f"({', '.join(variables.declared)})" if variables.declared else ""
    printer = _Printer(aliases)
    body = printer.print(selections)
    return "\n\n".join([f"query Generated{declared} {body}", *printer.fragments])


class _Printer:
    """Prints a tree of selections; named fragments gather beside it."""

    def __init__(self, aliases: str) -> None:
        self._aliases = aliases
        self._count = 0
        self.fragments: list[str] = []

    def print(self, selections: list[_Selected]) -> str:
        return f"{{ {' '.join(self._lines(selections))} }}"

    def _lines(self, selections: list[_Selected]) -> Iterator[str]:
        for one in selections:
            below = f" {self.print(one.selections)}" if one.selections else ""
            if one.condition is None:
                yield f"{self._alias(one)}{one.name}{one.arguments}{one.directive}{below}"
            elif one.named:
                name = f"F{len(self.fragments)}"
                self.fragments.append(f"fragment {name} on {one.condition}{below}")
                yield f"...{name}{one.directive}"
            else:
                yield f"... on {one.condition}{one.directive}{below}"

    def _alias(self, one: _Selected) -> str:
        if self._aliases == "drawn":
            return f"{one.alias}: " if one.alias else ""
        if self._aliases == "none" and not one.arguments:
            return ""
        self._count += 1
        return f"a{self._count}: "
