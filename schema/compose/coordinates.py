"""Which element of a schema stands where. Source: GraphQL, "Schema Coordinates"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLSyntaxError,
    Node,
    Token,
    TypeDefinitionNode,
    TypeExtensionNode,
    parse,
)

from schema.errors import CompositionError, Location
from schema.subgraph import SubgraphSource

Place = tuple[int, int]  # line and column


@dataclass(frozen=True, slots=True)
class _Element:
    coordinate: str
    start: Place
    end: Place


def with_coordinates(
    errors: Iterable[CompositionError], sources: Sequence[SubgraphSource]
) -> Iterator[CompositionError]:
    """Tell of each error the innermost element around its first place; None where there is none, as for links."""
    elements = {one.name: _elements(one.sdl) for one in sources}
    for error in errors:
        first = next(iter(error.locations), Location(""))
        yield replace(error, coordinate=_around(elements.get(first.subgraph, []), (first.line, first.column)))


def _around(elements: Sequence[_Element], place: Place) -> str | None:
    before = elements[: bisect_right(elements, place, key=lambda one: one.start)]
    return next((one.coordinate for one in reversed(before) if one.end >= place), None)


def _elements(sdl: str) -> list[_Element]:
    """Every element in the order of the SDL: what is inside another comes after it."""
    try:
        document = parse(sdl)
    except GraphQLSyntaxError:
        return []
    return [
        _Element(coordinate, _place(node.loc.start_token), _place(node.loc.end_token))
        for node, coordinate in _named(document)
        if node.loc is not None
    ]


def _place(token: Token) -> Place:
    return token.line, token.column


def _named(document: DocumentNode) -> Iterator[tuple[Node, str]]:
    for one in document.definitions:
        if isinstance(one, TypeDefinitionNode | TypeExtensionNode):
            yield one, one.name.value
            for member in (*_list(one, "fields"), *_list(one, "values")):
                yield from _with_arguments(member, f"{one.name.value}.{member.name.value}")
        elif isinstance(one, DirectiveDefinitionNode):
            yield from _with_arguments(one, f"@{one.name.value}")


def _with_arguments(node: Node, coordinate: str) -> Iterator[tuple[Node, str]]:
    yield node, coordinate
    for one in _list(node, "arguments"):
        yield one, f"{coordinate}({one.name.value}:)"


def _list(node: Node, attribute: str) -> tuple[Any, ...]:
    return getattr(node, attribute, None) or ()
