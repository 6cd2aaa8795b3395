"""Field sets: the selections inside `@key`, `@requires` and `@provides`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from graphql import (
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from schema.elements import Kind, base_type
from schema.subgraph import Subgraph

Coordinate = tuple[str, str]


def parse_field_set(text: str) -> SelectionSetNode:
    """Parse a field set, with or without outer braces. Raises: GraphQLSyntaxError."""
    braced = text if text.lstrip().startswith("{") else f"{{{text}}}"
    operation = parse(braced, no_location=True, allow_empty_selection_sets=False).definitions[0]
    if not isinstance(operation, OperationDefinitionNode):
        raise TypeError("a field set is one selection set")
    return operation.selection_set


def selected_fields(subgraph: Subgraph, type_name: str, text: str) -> frozenset[Coordinate]:
    """Coordinates of all fields a field set mentions, at any depth; of interfaces also those of the implementations.

    One that is not valid mentions what stands before the mistake, which is reported where field sets are validated.
    """
    found: set[Coordinate] = set()
    with suppress(GraphQLSyntaxError, TypeError, KeyError):
        for coordinate in _selected(subgraph, type_name, parse_field_set(text)):
            found.add(coordinate)  # one by one: the next may be the mistake
    return frozenset(found)


def is_readable(subgraph: Subgraph, type_name: str, text: str) -> bool:
    """The field set parses, and mentions nothing that is unknown."""
    try:
        list(_selected(subgraph, type_name, parse_field_set(text)))
    except (GraphQLSyntaxError, TypeError, KeyError):
        return False
    return True


def _selected(subgraph: Subgraph, type_name: str, selections: SelectionSetNode) -> Iterator[Coordinate]:
    for selection in selections.selections:
        match selection:
            case InlineFragmentNode(type_condition=condition, selection_set=nested):
                yield from _selected(subgraph, condition.name.value if condition else type_name, nested)
            case FieldNode(name=name, arguments=arguments, selection_set=nested) if name.value != "__typename":
                found = subgraph.types[type_name].fields[name.value]
                yield from _declarations(subgraph, type_name, name.value)
                for argument in arguments or ():
                    found.arguments[argument.name.value]  # unknown: a mistake
                if nested is not None:
                    yield from _selected(subgraph, base_type(found.type), nested)
            case _:
                pass


def _declarations(subgraph: Subgraph, type_name: str, field_name: str) -> Iterator[Coordinate]:
    yield type_name, field_name
    definition = subgraph.types[type_name]
    if definition.kind is Kind.INTERFACE:
        for implementation in sorted(subgraph.runtime_types(type_name)):
            if subgraph.field(implementation, field_name) is not None:
                yield implementation, field_name
