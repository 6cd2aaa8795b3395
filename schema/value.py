"""Constant values of SDL as Python values, and back to the one way of writing them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from graphql import (
    BooleanValueNode,
    ConstListValueNode,
    ConstObjectFieldNode,
    ConstObjectValueNode,
    ConstValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NameNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
)


class EnumName(str):
    """An enum value: a bare name, unlike a string."""

    __slots__ = ()


class FloatText(str):
    """A float as it was written, so that nothing is lost."""

    __slots__ = ()


Value = Mapping[str, "Value"] | Sequence["Value"] | str | int | bool | None


def read_value(node: ValueNode) -> Value:
    """Read a constant."""
    match node:
        case BooleanValueNode(value=value):
            return value
        case IntValueNode(value=value):
            return int(value)
        case FloatValueNode(value=value):
            return FloatText(value)
        case EnumValueNode(value=value):
            return EnumName(value)
        case StringValueNode(value=value):
            return value
        case _:
            return _read_composite(node)


def _read_composite(node: ValueNode) -> Value:
    if isinstance(node, ListValueNode):
        return [read_value(one) for one in node.values]
    if isinstance(node, ObjectValueNode):
        return {one.name.value: read_value(one.value) for one in node.fields}
    if isinstance(node, NullValueNode):
        return None
    raise TypeError(f"not a constant: {node.kind}")


def value_node(value: Value) -> ConstValueNode:
    """Make the node of a constant."""
    if value is None:
        return NullValueNode()
    if isinstance(value, bool):
        return BooleanValueNode(value=value)
    if isinstance(value, str | int):
        return _LEAVES[type(value)](value=str(value))
    if isinstance(value, Mapping):
        fields = (ConstObjectFieldNode(name=NameNode(value=name), value=value_node(one)) for name, one in value.items())
        return ConstObjectValueNode(fields=tuple(fields))
    return ConstListValueNode(values=tuple(map(value_node, value)))


_LEAVES: Mapping[type, type[EnumValueNode | FloatValueNode | StringValueNode | IntValueNode]] = {
    EnumName: EnumValueNode,
    FloatText: FloatValueNode,
    str: StringValueNode,
    int: IntValueNode,
}


def print_value(value: Value) -> str:
    """Write a constant as SDL."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case EnumName() | FloatText() | int():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            return "{" + ", ".join(f"{name}: {print_value(one)}" for name, one in value.items()) + "}"
        case _:
            return "[" + ", ".join(print_value(one) for one in value) + "]"


def canonical(value: Value) -> str:
    """Equal texts are equal values: the order of object fields does not count, nor how a number is written."""
    match value:
        case FloatText() if float(value).is_integer():
            return str(int(float(value)))
        case Mapping():
            return "{" + ", ".join(f"{name}: {canonical(value[name])}" for name in sorted(value)) + "}"
        case str() | None | bool() | int():
            return print_value(value)
        case _:
            return "[" + ", ".join(canonical(one) for one in value) + "]"
