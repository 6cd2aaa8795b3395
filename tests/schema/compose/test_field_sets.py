"""What field sets may hold, at the edges."""

from __future__ import annotations

import pytest

from tests.schema.compose.testkit import codes, composed, composed_raw

KEYED = 'type Query {{ t: T }} type T @key(fields: "id") {{ id: ID {} }}'

WEIGHED = (
    'type Query { t: T } type T @key(fields: "id") { id: ID w(unit: %s): Int @external'
    ' b: Int @requires(fields: "w(unit: %s)") } enum E { A B } input I { a: Int! b: [E!] } scalar S'
)
WRONG_VALUES = {
    "text for a number": ("Int", r"\"kg\""),
    "a number that is too large": ("Int", "2147483648"),
    "a fraction for a whole number": ("Int", "1.5"),
    "a name for a text": ("String", "kg"),
    "a text for a truth": ("Boolean", r"\"true\""),
    "a value that the enum does not have": ("E", "C"),
    "null where there is none": ("Int!", "null"),
    "null in a list without": ("[Int!]", "[1, null]"),
    "an object without what is required": ("I", "{b: A}"),
    "an object with too much": ("I", "{a: 1, c: 1}"),
    "a value for an object": ("I", "1"),
    "a variable": ("S", "$x"),
}
RIGHT_VALUES = {
    "a whole number for a fraction": ("Float!", "1"),
    "a number for an id": ("ID", "1"),
    "one value for a list of it": ("[[Int]]", "1"),
    "null": ("[Int!]", "null"),
    "an object": ("I!", "{a: 1, b: A}"),
    "anything for a scalar": ("S", "{x: [Y]}"),
}
REFUSED = {
    "the type of what is resolved here": (
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        KEYED.format('a: Int @requires(fields: "__typename")'),
    ),
    "a field of an interface, of which one implementation is external": (
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        (
            'type Query { i: I @provides(fields: "a") } interface I { a: Int }'
            ' type T implements I @key(fields: "id") { id: ID a: Int @external }'
        ),
    ),
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


@pytest.mark.parametrize("case", WRONG_VALUES)
def test_an_argument_of_what_is_required_may_not_be(case: str) -> None:
    result = composed(a=WEIGHED % WRONG_VALUES[case])
    assert codes(result) == ["REQUIRES_INVALID_FIELDS"]


@pytest.mark.parametrize("case", RIGHT_VALUES)
def test_an_argument_of_what_is_required_may_be(case: str) -> None:
    sdl = WEIGHED % RIGHT_VALUES[case]
    owner = sdl.partition(" enum")[0].replace("@external", "").partition(" b: Int")[0] + " } enum"
    assert codes(composed(a=sdl, b=owner.replace("type Query { t: T } ", "") + sdl.partition(" enum")[2])) == []


def test_types_are_no_requirement_of_federation_1() -> None:
    result = composed_raw(a=KEYED.format('a: Int @requires(fields: "__typename")'))
    assert codes(result) == []


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
