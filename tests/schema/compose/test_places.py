"""Every error says where: subgraph, file and line of each place that has to do with it."""

from __future__ import annotations

import pytest

from schema.errors import Location
from tests.schema.compose.testkit import composed, composed_raw, fed2

TWO = {
    "SDL that names a directive otherwise": (
        (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"]) type Query {\n'
            'a: Int @tag(name: "x") }'
        ),
        (
            'extend schema\n@link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@tag", as: "@t"}])'
            ' type T { a: Int @t(name: "x") }'
        ),
        {"a": 1, "b": 2},
    ),
    "a feature in versions that do not go together": (
        (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])\n'
            ' @link(url: "https://x.dev/f/v1.0") @composeDirective(name: "@f") directive @f on OBJECT'
            " type Query @f { a: Int }"
        ),
        (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])'
            ' @link(url: "https://x.dev/f/v2.0") @composeDirective(name: "@f") directive @f on OBJECT'
            " type T @f { a: Int }"
        ),
        {"a": 2, "b": 1},
    ),
}
ONE = {
    "a field of a hidden type": ("type Query {\n a: Int\n t: T }\n type T @inaccessible { b: Int }", 4),
    "an argument of a hidden type": ("type Query {\n f(\n x: I): Int }\n input I @inaccessible { b: Int }", 4),
    "a hidden argument that is required": ("type Query {\n f(x: Int,\n y: Int! @inaccessible): Int }", 4),
    "a default that uses a hidden value": ("enum E { A B @inaccessible }\n type Query { f(\n e: E = B): Int }", 4),
    "a type without anything visible": ("type Query { t: T }\n type T {\n a: Int @inaccessible }", 3),
    "a hidden root": ("type Query @inaccessible { a: Int }", 2),
}


@pytest.mark.parametrize("case", TWO)
def test_each_subgraph_is_told_with_its_line(case: str) -> None:
    first, second, lines = TWO[case]
    (error,) = composed_raw(a=first, b=second).errors
    assert {one.subgraph: one.line for one in error.locations} == lines
    assert {one.file for one in error.locations} == {"a.graphql", "b.graphql"}


@pytest.mark.parametrize("case", ONE)
def test_what_is_wrong_with_the_whole_is_told_where_it_is_written(case: str) -> None:
    sdl, line = ONE[case]
    (error,) = composed(a=sdl, b="extend type T2 { a: Int } type T2 { b: Int }").errors
    assert [(one.subgraph, one.file, one.line) for one in error.locations] == [("a", "a.graphql", line)]


COORDINATES = {
    "T.f(a:)": "type Query { t: T } type T { f(a: Unknown): Int }",
    "T.f": 'type Query { t: T } type T @key(fields: "id") { id: ID f: Int @requires(fields: "no") }',
    "T": 'type Query { t: T } type T @key(fields: "no") { id: ID }',
    "I.a": "type Query { f(i: I): Int } input I { a: Unknown }",
    "Query.f(a:)": "type Query { f(a: Int = true): Int }",
    "E.A": "type Query { e: E } enum E { A A }",
    "@x(a:)": "type Query { a: Int } directive @x(a: Unknown) on FIELD",
}


@pytest.mark.parametrize("coordinate", COORDINATES)
def test_an_error_names_the_element_it_is_about(coordinate: str) -> None:
    (error,) = composed(a=COORDINATES[coordinate]).errors
    assert error.coordinate == coordinate


def test_a_link_is_no_element() -> None:
    (error,) = composed_raw(a=fed2("type Query { a: Int }", version="v2.99", imports="")).errors
    assert error.coordinate is None


def test_where_nothing_is_written_the_files_are_told() -> None:
    (error,) = composed_raw(a=fed2("type T { a: Int }"), b=fed2("type U { a: Int }")).errors
    assert error.locations == (Location("a", "a.graphql"), Location("b", "b.graphql"))
    (error,) = composed_raw(_="type Query { a: Int }").errors
    assert error.locations == (Location("_", "_.graphql"),)
