"""Subgraphs of federation 1, at the edges of their upgrade."""

from __future__ import annotations

from tests.schema.compose.testkit import codes, composed_raw, fed2


def test_an_extension_beside_a_definition_is_not_shared() -> None:
    shared = fed2("type V @shareable { x: Int y: Int }")
    assert codes(composed_raw(a="type Query { v: V } type V { x: Int y: Int }", b=shared)) == []
    apart = "type Query { v: V } type V { x: Int } extend type V { y: Int }"
    assert codes(composed_raw(a=apart, b=shared)) == ["INVALID_FIELD_SHARING"]


def test_what_requires_cannot_read_is_told_though_it_is_resolved_here() -> None:
    sdl = (
        'type Query {{ t: T }} type T @key(fields: "id") {{ id: ID o: O a: Int @requires(fields: "{}") }}'
        " type O {{ x: Int }}"
    )
    assert codes(composed_raw(a=sdl.format("o { x }"))) == []
    assert codes(composed_raw(a=sdl.format("o"))) == ["REQUIRES_INVALID_FIELDS"]


def test_a_definition_that_says_of_itself_it_extends_is_a_base_for_others() -> None:
    extension = 'type Query { t: T } extend type T @key(fields: "id") { id: ID @external a: Int }'
    base = 'type T @extends @key(fields: "id") { id: ID b: Int }'
    assert codes(composed_raw(a=extension, b=fed2(base))) == []


def test_keys_of_interfaces_serve_no_interface_object() -> None:
    keyed = (
        'type Query { i: I } interface I @key(fields: "id") { id: ID }'
        ' type T implements I @key(fields: "id") { id: ID }'
    )
    views = fed2('type I @interfaceObject @key(fields: "id") { id: ID views: Int }')
    assert codes(composed_raw(a=keyed, b=views)) == ["INTERFACE_OBJECT_USAGE_ERROR"]
    assert codes(composed_raw(a=fed2(keyed), b=views)) == []
