"""What values leaf types have in an answer. Source: GraphQL, "Result Coercion" of scalars and enums."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from graphql import GraphQLEnumType, GraphQLLeafType

from router.request import Json

INVALID = object()
"""What a leaf gives for a value that its type does not have."""

Leaf = Callable[[Json], Json]

MAX_INT = 2**31 - 1
MIN_INT = -(2**31)


def leaf_of(type_: GraphQLLeafType) -> Leaf:
    """Give the check of a leaf type; a custom scalar takes any value."""
    if isinstance(type_, GraphQLEnumType):
        return _one_of(frozenset(type_.values))
    return _SCALARS.get(type_.name, _anything)


def _one_of(names: frozenset[str]) -> Leaf:
    def complete_enum(value: Json) -> Json:
        return value if isinstance(value, str) and value in names else INVALID

    return complete_enum


def _int(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and MIN_INT <= value <= MAX_INT else INVALID


def _float(value: Json) -> Json:
    return value if type(value) is int or (type(value) is float and isfinite(value)) else INVALID


def _string(value: Json) -> Json:
    return value if type(value) is str else INVALID


def _boolean(value: Json) -> Json:
    return value if type(value) is bool else INVALID


def _id(value: Json) -> Json:
    return value if type(value) is str else str(value) if type(value) is int else INVALID


def _anything(value: Json) -> Json:
    return value


_SCALARS: dict[str, Leaf] = {"Int": _int, "Float": _float, "String": _string, "Boolean": _boolean, "ID": _id}
