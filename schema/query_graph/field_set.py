"""Field sets, the language of `@key`, `@requires` and `@provides`, as selection sets."""

from __future__ import annotations

from functools import lru_cache

from graphql import (
    FieldNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from schema.query_graph.arguments import print_arguments
from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet


class InvalidFieldSet(ValueError):
    """The text is no selection set."""


@lru_cache(maxsize=4096)
def parse_field_set(text: str) -> SelectionSet:
    """Read the argument of `@key`, `@requires` or `@provides`; the outer braces may be missing.

    Raises: InvalidFieldSet.
    """
    source = text.strip()
    try:
        document = parse(source if source.startswith("{") else f"{{{source}}}", no_location=True)
    except GraphQLSyntaxError as error:
        raise InvalidFieldSet(f'The field set "{text}" cannot be read: {error.message}') from error
    match document.definitions:
        case (OperationDefinitionNode(selection_set=selection_set),) if selection_set.selections:
            return _selections(selection_set)
        case _:
            raise InvalidFieldSet(f'The field set "{text}" is not one selection set.')


def _selections(node: SelectionSetNode | None) -> SelectionSet:
    return tuple(_selection(one) for one in node.selections) if node else ()


def _selection(node: object) -> Selection:
    match node:
        case FieldNode():
            name = node.name.value
            response_name = node.alias.value if node.alias else name
            return Field(response_name, name, print_arguments(node.arguments), _selections(node.selection_set))
        case InlineFragmentNode():
            condition = node.type_condition.name.value if node.type_condition else None
            return InlineFragment(condition, _selections(node.selection_set))
        case _:
            raise InvalidFieldSet("A field set has no named fragments.")
