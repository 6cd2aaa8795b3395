"""The values of an operation's variables, as they go to subgraphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cachetools import cached
from graphql import GraphQLError as SourceError
from graphql import (
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    TypeNode,
    Undefined,
    coerce_input_value,
    is_input_type,
    parse_type,
    parse_value,
    print_ast,
    specified_scalar_types,
    validate_input_value,
)
from graphql.pyutils import print_path_list
from graphql.utilities import coerce_input_literal

from cache.bounded import BoundedCache
from router.errors import VariableError
from router.operation.conditions import conditions_in
from router.operation.model import Operation
from router.operation.size import CACHED_BYTES, bytes_of
from router.request import Json

MAX_MISTAKES = 10
"""Mistakes told about the values of one request: to describe one takes as long as the value is large."""


@dataclass(frozen=True, slots=True)
class Variables:
    """Coerced values in JSON form: what the client supplied or a default filled; what is absent stays absent."""

    values: Mapping[str, Json]


NO_VARIABLES = Variables(MappingProxyType({}))


class _Enough(Exception):
    """Ends the description of a value."""


@dataclass(frozen=True, slots=True)
class _Input:
    name: str
    type: GraphQLInputType
    default: Json


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What an operation takes; holds what it was made of, so that no other object gets their ids meanwhile."""

    operation: Operation
    schema: GraphQLSchema
    inputs: tuple[_Input, ...]


def coerce_variables(operation: Operation, values: Mapping[str, Json], api_schema: GraphQLSchema) -> Variables:
    """Check and complete the values that a client sent, against the API schema: hidden values are unknown values.

    Raises: `VariableError` with the first mistakes. Source: GraphQL, "Coercing Variable Values".
    """
    if not operation.variables:
        return NO_VARIABLES
    coerced: dict[str, Json] = {}
    mistakes: list[tuple[str, str]] = []
    for one in _inputs(operation, api_schema).inputs:
        if len(mistakes) >= MAX_MISTAKES:
            break
        if one.name in values:
            value = _coerce(one, values[one.name], mistakes)
        elif one.default is Undefined and isinstance(one.type, GraphQLNonNull):
            mistakes.append((one.name, f"Variable '${one.name}' of required type '{one.type}' was not provided."))
            continue
        else:
            value = one.default
        if value is not Undefined:
            coerced[one.name] = value
    if mistakes:
        raise VariableError(mistakes)
    return Variables(coerced)


def _coerce(one: _Input, value: Json, mistakes: list[tuple[str, str]]) -> Json:
    def report(error: SourceError, path: list[str | int]) -> None:
        place = f" at '{one.name}{print_path_list(path).removeprefix(' at ')}'" if path else ""
        mistakes.append((one.name, f"Variable '${one.name}' has an invalid value{place}: {error.message}"))
        if len(mistakes) >= MAX_MISTAKES:
            raise _Enough

    try:
        coerced = coerce_input_value(value, one.type)
        if coerced is Undefined:
            validate_input_value(value, one.type, report)
    except _Enough:
        return Undefined
    except RecursionError:
        mistakes.append((one.name, f"Variable '${one.name}' is nested too deeply."))
        return Undefined
    return coerced


@cached(
    BoundedCache(4096, CACHED_BYTES, lambda inputs: bytes_of(inputs.operation.selections)),
    key=lambda operation, schema: (id(operation), id(schema)),
)
def _inputs(operation: Operation, schema: GraphQLSchema) -> _Inputs:
    inputs = []
    deciding = conditions_in(operation.selections)
    for definition in operation.variables:
        type_ = _input_type(parse_type(definition.type), schema)
        if definition.name in deciding and not isinstance(type_, GraphQLNonNull):
            type_ = GraphQLNonNull(type_)  # valid only with a default; null decides nothing
        default = Undefined
        if definition.default is not None:
            default = coerce_input_literal(parse_value(definition.default), type_)
        inputs.append(_Input(definition.name, type_, default))
    return _Inputs(operation, schema, tuple(inputs))


def _input_type(node: TypeNode, schema: GraphQLSchema) -> GraphQLInputType:
    """Read a type; the scalars of the specification may be named even if the schema has no use for them."""
    match node:
        case NonNullTypeNode(type=inner):
            return GraphQLNonNull(_input_type(inner, schema))  # type: ignore[arg-type] # "T!!" cannot be parsed
        case ListTypeNode(type=inner):
            return GraphQLList(_input_type(inner, schema))
        case NamedTypeNode(name=name):
            named = schema.get_type(name.value) or specified_scalar_types.get(name.value)
            if is_input_type(named):
                return named
    raise ValueError(f"'{print_ast(node)}' is no input type.")
