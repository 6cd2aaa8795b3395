"""Contexts on the way: which object above sets one, and the arguments that take it."""

from __future__ import annotations

from collections.abc import Mapping

from schema.context import ContextArgument
from schema.query_graph.model import Node
from schema.query_graph.path import Path, TakeField
from schema.query_graph.selection import Arguments, Field, SelectionSet


def setter_above(path: Path, argument: ContextArgument) -> Path | None:
    """Go back to the nearest object above the one at the end of a path that sets the context."""
    is_above = False
    for one in path.steps_back():
        if is_above and argument.setters & {one.node.type_name, *one.node.possible_types}:
            return one
        is_above = is_above or isinstance(one.step, TakeField)
    return None


def with_context(arguments: Arguments, context: Mapping[str, str]) -> Arguments:
    """Add arguments that come from contexts, each by its variable, to those that the client gives."""
    if not context:
        return arguments
    given = [arguments.text[1:-1]] if arguments.text else []
    text = ",".join([*given, *(f"{name}:${variable}" for name, variable in context.items())])
    return Arguments(f"({text})", (*arguments.variables, *context.values()))


def selection_for(argument: ContextArgument, node: Node, possible_types: Mapping[str, frozenset[str]]) -> SelectionSet:
    """What of a context's selection is meant for the objects of a node: fields, or the first fragment that applies."""
    if node.is_abstract:
        return argument.selection
    for one in argument.selection:
        if isinstance(one, Field):
            return argument.selection
        if one.type_condition is None or node.type_name in possible_types[one.type_condition]:
            return one.selections
    return ()
