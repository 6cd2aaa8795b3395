"""Contexts on the way: which object above sets one, and the arguments that take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schema.context import ContextArgument
from schema.query_graph.model import Node
from schema.query_graph.path import EnterEntity, Path, TakeField
from schema.query_graph.selection import Arguments, Field, SelectionSet


def setter_above(path: Path, argument: ContextArgument) -> Path | None:
    """Go back to the nearest object above the one at the end of a path that sets the context."""
    is_above = False
    for one in path.steps_back():
        if is_above and argument.setters & {one.node.type_name, *one.node.possible_types}:
            return one
        is_above = is_above or isinstance(one.step, TakeField)
    return None


def setters_above(path: Path, setters: frozenset[str]) -> tuple[Node, ...]:
    """Name all that a context may take a value of, at the end of a path or above."""
    nodes = (one.node for one in path.steps_back()) if setters else ()
    return tuple(node for node in nodes if setters & {node.type_name, *node.possible_types})


def of_one_object(path: Path) -> Iterator[Path]:
    """A path, then those that led to the same object before another subgraph was entered with it."""
    one: Path | None = path
    while one is not None:
        yield one
        one = one.parent if isinstance(one.step, EnterEntity) else None


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
