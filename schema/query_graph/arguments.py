"""Arguments of a field in canonical text, so that equal text means equal arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from graphql import (
    ArgumentNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    print_ast,
)
from graphql.language.print_string import print_string

from schema.query_graph.selection import NO_ARGUMENTS, Arguments


def print_arguments(nodes: Sequence[ArgumentNode] | None) -> Arguments:
    """Print arguments sorted by name, and the fields of input objects too: neither is ordered in GraphQL."""
    if not nodes:
        return NO_ARGUMENTS
    ordered = _by_name(nodes)
    text = ",".join(f"{node.name.value}:{print_value(node.value)}" for node in ordered)
    variables = dict.fromkeys(name for node in ordered for name in _variables(node.value))
    return Arguments(f"({text})", tuple(variables))


def print_value(node: ValueNode) -> str:
    """Print one literal or variable without spaces; block strings become plain ones."""
    match node:
        case VariableNode():
            return f"${node.name.value}"
        case ListValueNode():
            return f"[{','.join(map(print_value, node.values))}]"
        case ObjectValueNode():
            return (
                "{"
                + ",".join(f"{field.name.value}:{print_value(field.value)}" for field in _by_name(node.fields))
                + "}"
            )
        case StringValueNode():
            return print_string(node.value)
        case IntValueNode() | FloatValueNode():
            return node.value
        case _:
            return print_ast(node)


Named = TypeVar("Named", ArgumentNode, ObjectFieldNode)


def _by_name(nodes: Sequence[Named]) -> list[Named]:
    return sorted(nodes, key=lambda node: node.name.value)


def _variables(node: ValueNode) -> Iterator[str]:
    match node:
        case VariableNode():
            yield node.name.value
        case ListValueNode():
            for item in node.values:
                yield from _variables(item)
        case ObjectValueNode():
            for field in _by_name(node.fields):
                yield from _variables(field.value)
