"""Definitions of federation's own elements that a subgraph writes out."""

from __future__ import annotations

import pytest

from tests.schema.compose.testkit import codes, composed, composed_raw

ENTITY = 'type Query { t: T } type T @key(fields: "id") { id: ID }'

REFUSED = {
    "a scalar that is not the spec's": (
        "DIRECTIVE_DEFINITION_INVALID",
        "scalar _FieldSet directive @key(fields: _FieldSet!) repeatable on OBJECT",
    ),
    "an enum without some values": ("TYPE_DEFINITION_INVALID", "enum link__Purpose { SECURITY }"),
    "a type twice": ("INVALID_GRAPHQL", "scalar _Any scalar _Any"),
    "a type that nothing defines": ("INVALID_GRAPHQL", "extend type Query { _service: _Service! }"),
    "an argument of an output type with a default": (
        "INVALID_GRAPHQL",
        "union U = T input In { u: U = X } extend type Query { a(in: In): Int }",
    ),
}
ALLOWED = {
    "a built-in scalar": "directive @key(fields: String!) repeatable on OBJECT",
    "every value of an enum": "enum link__Purpose { EXECUTION SECURITY }",
    "the service": "extend type Query { _service: _Service! } type _Service { sdl: String }",
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_definition_may_not_have(case: str) -> None:
    code, definition = REFUSED[case]
    assert codes(composed(a=f"{ENTITY} {definition}")) == [code]


@pytest.mark.parametrize("case", ALLOWED)
def test_a_definition_may_have(case: str) -> None:
    assert codes(composed(a=f"{ENTITY} {ALLOWED[case]}")) == []


def test_an_imported_type_of_link_is_no_type_of_the_subgraph() -> None:
    result = composed_raw(
        a='extend schema @link(url: "https://specs.apollo.dev/link/v1.0", import: ["Purpose"])'
        " enum Purpose { SECURITY EXECUTION } type Query { a: Int }"
    )
    assert not result.errors
    assert result.supergraph_sdl is not None
    assert "enum Purpose" not in result.supergraph_sdl


def test_a_type_twice_is_told_before_its_links() -> None:
    sdl = (
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@nope"]) type Query { a: Int }'
    )
    assert codes(composed_raw(a=f"{sdl} scalar S scalar S")) == ["INVALID_GRAPHQL"]
    assert codes(composed_raw(a=f"{sdl} scalar S")) == ["INVALID_LINK_DIRECTIVE_USAGE"]


def test_an_extension_of_federation_1_needs_a_base_of_its_kind() -> None:
    result = composed_raw(
        a='extend type T @key(fields: "id") { id: ID @external }', b="type Query { t: T } enum T { A }"
    )
    assert codes(result) == ["EXTENSION_WITH_NO_BASE"]
