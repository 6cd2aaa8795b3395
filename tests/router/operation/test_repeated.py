"""What stands in a fragment and around it as well is selected once."""

from __future__ import annotations

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from router.operation.inline import inline
from router.operation.printing import print_selections
from router.operation.repeated import without_repeated
from schema.query_graph.selection import SelectionSet


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("{ a ... on T { a b } }", "{a ... on T{b}}"),
        ("{ ... on T { a } a }", "{a}"),
        ("{ a ... on T { ... on U { a } c } }", "{a ... on T{c}}"),
        ("{ a { b c } ... on T { a { c } } }", "{a{b c}}"),
        ("{ o { a ... on T { a b } } }", "{o{a ... on T{b}}}"),
        ("{ a @include(if: $x) ... on T { a @include(if: $x) } }", "{a@include(if:$x)}"),
    ],
)
def test_a_fragment_does_not_select_again_what_is_selected_around_it(given: str, left: str) -> None:
    assert print_selections(without_repeated(_read(given))) == left


@pytest.mark.parametrize(
    "given",
    [
        "{a ... on T{other:a}}",
        "{a(n:1) ... on T{a(n:2)}}",
        "{a@include(if:$x) ... on T{a}}",
        "{a{b} ... on T{a{c}}}",
        "{... on T{a} ... on U{a}}",
    ],
)
def test_what_is_not_there_in_any_case_stays(given: str) -> None:
    assert print_selections(without_repeated(_read(given))) == given


def _read(text: str) -> SelectionSet:
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    no_fragments: dict[str, FragmentDefinitionNode] = {}
    return inline(operation.selection_set, no_fragments)
