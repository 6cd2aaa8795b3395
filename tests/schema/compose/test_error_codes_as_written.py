"""Federations as they are written, federation 1 and links among them: the mistakes have codes, and nothing else has."""

from __future__ import annotations

import pytest

from schema.compose import compose
from schema.subgraph import SubgraphSource
from tests.schema.compose.testkit import ENTITY, codes, composed_raw, contextual, fed2, subgraphs

LINKED = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'
QUERY = "type Query { a: Int }"

RAW: dict[str, tuple[str, ...]] = {
    "UNKNOWN_FEDERATION_LINK_VERSION": (fed2("type Query { a: Int }", version="v2.99"),),
    "INVALID_LINK_IDENTIFIER": (
        'extend schema @link(url: "https://specs.apollo.dev/federation") type Query { a: Int }',
    ),
    "INVALID_LINK_DIRECTIVE_USAGE unknown": (fed2("type Query { a: Int }", imports="@unknown"),),
    "INVALID_LINK_DIRECTIVE_USAGE no sign": (fed2("type Query { a: Int }", imports="key"),),
    "INVALID_LINK_DIRECTIVE_USAGE linked twice": (
        f'{LINKED} @link(url: "https://x.dev/foo/v1.2") @link(url: "https://x.dev/foo/v1.3", as: "bar") {QUERY}',
    ),
    "INVALID_LINK_DIRECTIVE_USAGE alias": (f'{LINKED} @link(url: "https://x.dev/foo/v1.2", as: "a__b") {QUERY}',),
    "INVALID_LINK_DIRECTIVE_USAGE alias taken": (
        f'{LINKED} @link(url: "https://x.dev/foo/v1.2", as: "federation") {QUERY}',
    ),
    "INVALID_LINK_DIRECTIVE_USAGE import taken": (
        f'{LINKED} @link(url: "https://x.dev/foo/v1.2", import: ["@key"]) {QUERY}',
    ),
    "INVALID_LINK_DIRECTIVE_USAGE imported twice": (
        (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",'
            f' import: ["@key", {{name: "@key", as: "@k"}}]) {QUERY}'
        ),
    ),
    "INVALID_LINK_DIRECTIVE_USAGE sign lost": (
        (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@key", as: "k"}])'
            " type Query { a: Int }"
        ),
    ),
    "INVALID_GRAPHQL federation 2 directive": ("type Query { a: Int @shareable }",),
    "TYPE_WITH_ONLY_UNUSED_EXTERNAL": (
        "type Query { t: T } type T { a: Int @external }",
        "type Query { u: T } type T { a: Int }",
    ),
    "KEY_UNSUPPORTED_ON_INTERFACE": (
        fed2(
            (
                'type Query { i: I } interface I @key(fields: "id") { id: ID } type T implements I @key(fields:'
                ' "id") { id: ID }'
            ),
            version="v2.2",
            imports="@key",
        ),
    ),
    "EXTENSION_WITH_NO_BASE federation 1": (
        'type Query { t: T } extend type T @key(fields: "id") { id: ID @external }',
    ),
    "INVALID_FIELD_SHARING federation 1 with 2": ("type Query { v: V } type V { x: Int }", fed2("type V { x: Int }")),
}
"""Subgraphs as they are written."""

FINE: dict[str, tuple[str, ...]] = {
    "an extension of an interface repeats its key": (
        fed2('type Query { i: I } interface I @key(fields: "id") { id: ID }'),
        fed2('extend interface I @key(fields: "id") { id: ID @external }'),
    ),
    "a default is the same number, however it is written": (
        fed2("type Query { f(a: Float = 1): Int @shareable }"),
        fed2("type Query { f(a: Float = 1.0): Int @shareable }"),
    ),
    "an extension resolves its key, though another subgraph overrides it": (
        fed2('type Query { t: T } extend type T @key(fields: "id") { id: ID }'),
        fed2('type T @key(fields: "id") { id: ID @override(from: "a") b: Int }'),
    ),
    "federation 1 extends unions, enums, inputs and scalars of others": (
        "type Query { u: U e(i: I): E s: S } union U = T type T { a: Int } enum E { A } input I { a: Int } scalar S",
        (
            "extend union U = V type V { b: Int } extend enum E { B } extend input I { a: Int }"
            ' extend scalar S @specifiedBy(url: "https://s.dev")'
        ),
    ),
    "@external on a type says nothing in federation 1": (
        f"type Query {{ t: T }} {ENTITY} a: Int }}",
        'type T @key(fields: "id") @external { id: ID a: Int }',
    ),
    "interface objects share what they mark": (
        fed2(
            'type Query { i: I } interface I @key(fields: "id") { id: ID }'
            ' type T implements I @key(fields: "id") { id: ID }'
        ),
        fed2('type I @interfaceObject @key(fields: "id") { id: ID a: Int @shareable }'),
        fed2('type I @interfaceObject @key(fields: "id") { id: ID a: Int @shareable }'),
    ),
    "a union sets a context, and its members are told apart": (
        fed2(
            'type Query { o: O } union O @context(name: "c") = T | V'
            f" type T {{ p: String u: U }} type V {{ q: String u: U }} {contextual('$c ... on T { p } ... on V { q }')}"
        ),
    ),
}
"""Subgraphs as they are written, and nothing wrong with them."""


@pytest.mark.parametrize("case", RAW)
def test_a_mistake_in_links_or_of_federation_1_has_its_code(case: str) -> None:
    result = composed_raw(**subgraphs(RAW[case], raw=True))
    assert {error.code for error in result.errors} == {case.split(maxsplit=1)[0]}


@pytest.mark.parametrize("case", FINE)
def test_what_may_look_like_a_mistake_composes(case: str) -> None:
    assert codes(composed_raw(**subgraphs(FINE[case], raw=True))) == []


def test_names_of_subgraphs_are_unique_and_neither_empty_nor_a_blank() -> None:
    for name in ("_", ""):
        assert codes(composed_raw(**{name: QUERY})) == ["INVALID_SUBGRAPH_NAME"]
    twice = [
        SubgraphSource("a", "http://a", "type Query { a: Int }"),
        SubgraphSource("a", "http://b", "type T { a: Int }"),
    ]
    assert codes(compose(twice)) == ["INVALID_SUBGRAPH_NAME"]
    assert codes(composed_raw(a=QUERY, A="type T { a: Int }")) == []
