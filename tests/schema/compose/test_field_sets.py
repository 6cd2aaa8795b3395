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


def test_arguments_from_contexts_need_not_be_given() -> None:
    sdl = (
        'type Query { t: T } type T @context(name: "c") { p: String! u: U }'
        ' type U @key(fields: "id") { id: ID f(a: String! @fromContext(field: "$c { p }")): Int @external'
        ' g: Int @requires(fields: "f") }'
    )
    owner = 'type U @key(fields: "id") { id: ID f: Int }'
    assert codes(composed(a=sdl, b=owner)) == []
    assert codes(composed(a=sdl.replace('"id"', '"id f"'), b=owner)) == ["KEY_FIELDS_HAS_ARGS"]


def test_what_stands_behind_an_unknown_argument_is_not_used() -> None:
    field = 'a: Int @external b: Int @external c: Int @requires(fields: "a(x: 1) b")'
    assert codes(composed(a=KEYED.format(field))) == ["EXTERNAL_UNUSED", "REQUIRES_INVALID_FIELDS"]


def test_a_key_by_alias_is_not_the_key_of_the_implementations() -> None:
    sdl = (
        'type Query { i: I } interface I @key(fields: "x: id") { id: ID }'
        ' type T implements I @key(fields: "id") { id: ID }'
    )
    assert codes(composed(a=sdl)) == ["INTERFACE_KEY_NOT_ON_IMPLEMENTATION", "KEY_INVALID_FIELDS"]
