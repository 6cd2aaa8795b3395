"""The first step of normalizing: from the syntax tree to selections, with named fragments in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    SelectionNode,
    SelectionSetNode,
)

from router.errors import OperationTooLarge
from router.operation.conditions import conditions_of
from schema.query_graph.arguments import print_arguments
from schema.query_graph.selection import Arguments, Field, InlineFragment, Selection, SelectionSet

MAX_SELECTIONS = 20_000
MAX_DEPTH = 100
MAX_ARGUMENTS = 4_000_000
"""Characters of arguments, fragments in their places: one long text in a fragment is sent as often as it is spread."""
MAX_NAME = 1_000
"""Characters of an alias, which stands in the answer with every object, or of the operation's name."""


def inline(node: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> SelectionSet:
    """Read a selection set. Fragments keep their type conditions, what is literally excluded is gone.

    Raises: `OperationTooLarge`, because fragments that spread fragments grow exponentially, and what is long with them.
    """
    return _Inliner(fragments).selection_set(node, 0)


class _Inliner:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.fragments = fragments
        self.visited = 0
        self.letters = 0

    def selection_set(self, node: SelectionSetNode, depth: int) -> SelectionSet:
        if depth > MAX_DEPTH:
            raise OperationTooLarge(f"The operation is nested deeper than {MAX_DEPTH} levels.")
        return tuple(self.selections(node, depth))

    def selections(self, node: SelectionSetNode, depth: int) -> Iterator[Selection]:
        for selection in node.selections:
            self.visited += 1
            if self.visited > MAX_SELECTIONS:
                raise OperationTooLarge(f"The operation has more than {MAX_SELECTIONS} selections.")
            read = self.selection(selection, depth)
            if read is not None:
                yield read

    def selection(self, node: SelectionNode, depth: int) -> Selection | None:
        conditions = conditions_of(node.directives)
        if conditions is None:
            return None
        match node:
            case FieldNode():
                below = self.selection_set(node.selection_set, depth + 1) if node.selection_set else ()
                return Field(_response_name(node), node.name.value, self.arguments(node), below, conditions)
            case InlineFragmentNode():
                on = node.type_condition.name.value if node.type_condition else None
                return InlineFragment(on, self.selection_set(node.selection_set, depth + 1), conditions)
            case FragmentSpreadNode():
                fragment = self.fragments[node.name.value]
                below = self.selection_set(fragment.selection_set, depth + 1)
                return InlineFragment(fragment.type_condition.name.value, below, conditions)
        raise TypeError(f"Unexpected selection: {node.kind}")

    def arguments(self, node: FieldNode) -> Arguments:
        arguments = print_arguments(node.arguments)
        self.letters += len(arguments.text)
        if self.letters > MAX_ARGUMENTS:
            raise OperationTooLarge(f"The operation has more than {MAX_ARGUMENTS} characters of arguments.")
        return arguments


def _response_name(node: FieldNode) -> str:
    return node.name.value if node.alias is None else chosen_name(node.alias)


def chosen_name(node: NameNode) -> str:
    """Read a name that the client chose. Raises: `OperationTooLarge`."""
    if len(node.value) > MAX_NAME:
        raise OperationTooLarge(f"A name in the operation is longer than {MAX_NAME} characters.")
    return node.value
