from __future__ import annotations

from graphql import parse, print_schema

from schema.api_schema import to_api_schema
from tests.schema.compose.testkit import codes, composed, definition


def test_a_field_of_one_subgraph_is_joined_to_it_and_a_shared_one_is_not() -> None:
    result = composed(
        A='type Query { t: T } type T @key(fields: "k") { k: ID }',
        B='type T @key(fields: "k") { k: ID a: Int }',
    )
    assert definition(result, "T") == (
        'type T @join__type(graph: A, key: "k") @join__type(graph: B, key: "k") { k: ID a: Int @join__field(graph: B) }'
    )
    assert definition(result, "Query") == (
        "type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) }"
    )


def test_requires_provides_and_external_are_said_where_they_are() -> None:
    result = composed(
        A="""
        type Query { t: T }
        type T @key(fields: "k") { k: ID a: Int b: Int @shareable }
        """,
        B="""
        type Query { u: T @provides(fields: "b") }
        type T @key(fields: "k") { k: ID a: Int @external b: Int @external c: Int @requires(fields: "a") }
        """,
    )
    assert definition(result, "T") == (
        'type T @join__type(graph: A, key: "k") @join__type(graph: B, key: "k") {'
        " k: ID"
        " a: Int @join__field(graph: A) @join__field(graph: B, external: true)"
        " b: Int @join__field(graph: A) @join__field(graph: B, external: true)"
        ' c: Int @join__field(graph: B, requires: "a") }'
    )


def test_interfaces_and_unions_name_their_members_by_subgraph() -> None:
    result = composed(
        A="type Query { i: I u: U } interface I { a: Int } type S implements I @shareable { a: Int } union U = S",
        B="type S @shareable { a: Int } type T @shareable { b: Int } union U = S | T",
    )
    assert definition(result, "S") == (
        'type S implements I @join__implements(graph: A, interface: "I") @join__type(graph: A) @join__type(graph: B)'
        " { a: Int }"
    )
    assert definition(result, "U") == (
        "union U @join__type(graph: A) @join__type(graph: B)"
        ' @join__unionMember(graph: A, member: "S") @join__unionMember(graph: B, member: "S")'
        ' @join__unionMember(graph: B, member: "T") = S | T'
    )


def test_a_field_with_two_resolvers_must_be_shareable() -> None:
    assert codes(composed(A="type Query { a: Int }", B="type Query { a: Int }")) == ["INVALID_FIELD_SHARING"]


def test_the_supergraph_has_an_api_schema() -> None:
    result = composed(A='type Query { a: Int @tag(name: "x") hidden: Int @inaccessible }')
    assert result.supergraph_sdl is not None
    assert print_schema(to_api_schema(parse(result.supergraph_sdl))) == "type Query {\n  a: Int\n}"
