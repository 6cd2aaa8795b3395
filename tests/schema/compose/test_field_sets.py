"""What field sets may hold, at the edges."""

from __future__ import annotations

import pytest

from tests.schema.compose.testkit import codes, composed

KEYED = 'type Query {{ t: T }} type T @key(fields: "id") {{ id: ID {} }}'

REFUSED = {
    "nothing": ("REQUIRES_INVALID_FIELDS", KEYED.format('a: Int @requires(fields: "")')),
    "an argument that the field does not have": (
        "KEY_INVALID_FIELDS",
        'type Query { t: T } type T @key(fields: "id(x: 1)") { id: ID }',
    ),
    "nothing of an object": (
        "KEY_INVALID_FIELDS",
        'type Query { t: T } type T @key(fields: "o { }") { o: O } type O { a: ID }',
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_field_set_may_not_hold(case: str) -> None:
    code, sdl = REFUSED[case]
    assert codes(composed(a=sdl)) == [code]


def test_arguments_from_contexts_need_not_be_given_but_are_nullable() -> None:
    sdl = (
        'type Query { t: T } type T @context(name: "c") { p: String! u: U }'
        ' type U @key(fields: "id") { id: ID f(a: String! @fromContext(field: "$c { p }")): Int @external'
        ' g: Int @requires(fields: "f") }'
    )
    owner = 'type U @key(fields: "id") { id: ID f: Int }'
    assert codes(composed(a=sdl, b=owner)) == ["CONTEXT_INVALID_SELECTION"]
    assert codes(composed(a=sdl.replace("a: String!", "a: String"), b=owner)) == []
    in_key = sdl.replace('"id"', '"id f"')
    assert codes(composed(a=in_key, b=owner)) == ["CONTEXT_INVALID_SELECTION", "KEY_FIELDS_HAS_ARGS"]


def test_what_stands_behind_an_unknown_argument_is_not_used() -> None:
    field = 'a: Int @external b: Int @external c: Int @requires(fields: "a(x: 1) b")'
    assert codes(composed(a=KEYED.format(field))) == ["EXTERNAL_UNUSED", "REQUIRES_INVALID_FIELDS"]


def test_a_key_by_alias_is_not_the_key_of_the_implementations() -> None:
    sdl = (
        'type Query { i: I } interface I @key(fields: "x: id") { id: ID }'
        ' type T implements I @key(fields: "id") { id: ID }'
    )
    assert codes(composed(a=sdl)) == ["INTERFACE_KEY_NOT_ON_IMPLEMENTATION", "KEY_INVALID_FIELDS"]


def test_a_fragment_that_never_applies_selects_nothing() -> None:
    sdl = KEYED.format('i: I @external a: Int @requires(fields: "i { ... on X { x } ... on Y { x } }")')
    types = " interface I { x: Int } type X implements I { x: Int @external } type Y { x: Int @external }"
    owner = (
        'type T @key(fields: "id") { id: ID i: I } interface I { x: Int } type X implements I { x: Int }'
        " type Y { x: Int }"
    )
    assert codes(composed(a=sdl + types, b=owner)) == []


def test_what_a_requirement_narrows_to_is_guarded_like_its_fields() -> None:
    own = 'i: I @external a: Int @requires(fields: "i { ... on X { x } }")'
    types = " interface I { x: Int } type X implements I {} { x: Int @external }"
    owner = (
        'type T @key(fields: "id") { id: ID i: I } interface I { x: Int } type X implements I @authenticated { x: Int }'
    )
    for guard, expected in (("", ["MISSING_TRANSITIVE_AUTH_REQUIREMENTS"] * 2), (" @authenticated", [])):
        result = composed(a=KEYED.format(own + guard) + types.replace(" {} {", " {"), b=owner)
        assert codes(result) == expected


def test_provides_on_a_field_of_an_external_type_collides() -> None:
    sdl = 'type Query @external { t: T @provides(fields: "a") } type T @key(fields: "id") { id: ID a: Int @external }'
    assert codes(composed(a=sdl)) == ["EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"]


def test_every_misuse_of_a_context_is_told() -> None:
    sdl = (
        'type Query { t: T } type T @key(fields: "id") { id: ID f(a: Int = 1 @fromContext(field: "$c { p }")): Int }'
        ' type U { g(a: Int @fromContext(field: "nothing")): Int }'
    )
    assert codes(composed(a=sdl)) == ["CONTEXT_NOT_SET", "CONTEXT_NOT_SET", "NO_CONTEXT_IN_SELECTION"]
