"""Contexts on the way: which object above sets one, and the arguments that take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from schema.context import ContextArgument
from schema.query_graph.model import Node
from schema.query_graph.path import EnterEntity, Path, TakeField
from schema.query_graph.selection import Arguments, Field, InlineFragment, SelectionSet


def setter_above(path: Path, argument: ContextArgument) -> Path | None:
    """Go back to the nearest object above the one at the end of a path that sets the context.

    None if there is none, or if it hangs on the object's type, which then has to be told apart first.
    """
    objects = _objects(path)
    next(objects)
    for paths in objects:
        if argument.setters & _possible(paths):
            return next((one for one in paths if one.node.possible_types <= argument.setters), None)
    return None


def _objects(path: Path) -> Iterator[list[Path]]:
    """The ways to each object on a path, the last object first, and the last way to it first."""
    same: list[Path] = []
    for one in path.steps_back():
        same.append(one)
        if isinstance(one.step, TakeField):
            yield same
            same = []
    yield same


def _possible(paths: Iterable[Path]) -> frozenset[str]:
    """The types that an object may have by all that is known of it."""
    return frozenset.intersection(*(one.node.possible_types for one in paths))


def setters_above(path: Path, setters: frozenset[str]) -> tuple[tuple[Node, frozenset[str]], ...]:
    """Name all that a context may take a value of, at the end of a path or above: nodes, and types known on the way."""
    objects = ((paths[0].node, _possible(paths)) for paths in _objects(path)) if setters else ()
    return tuple((node, possible) for node, possible in objects if setters & possible)


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
    """What of a context's selection is meant for the objects of a node: of each type its own, if they differ."""
    selection = argument.selection
    if not node.is_abstract:
        return _meant_for(node.type_name, selection, possible_types)
    if node.type_name in argument.setters and all(isinstance(one, Field) for one in selection):
        return selection
    types = sorted(node.possible_types)
    return tuple(InlineFragment(name, _meant_for(name, selection, possible_types)) for name in types)


def _meant_for(type_name: str, selection: SelectionSet, possible_types: Mapping[str, frozenset[str]]) -> SelectionSet:
    """Fields are for every type; of fragments the first that applies."""
    for one in selection:
        if isinstance(one, Field):
            return selection
        if one.type_condition is None or type_name in possible_types[one.type_condition]:
            return one.selections
    return ()
