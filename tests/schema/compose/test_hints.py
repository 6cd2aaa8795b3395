"""Each hint has a smallest federation that raises it, and nothing else."""

from __future__ import annotations

import pytest

from tests.schema.compose.testkit import composed_raw, fed2, hints

HINTS: dict[str, tuple[str, ...]] = {
    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE": ("type Query { a: Int @shareable }", "type Query { a: Int! @shareable }"),
    "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE": (
        "type Query { a(x: Int): Int @shareable }",
        "type Query { a(x: Int!): Int @shareable }",
    ),
    "INCONSISTENT_DEFAULT_VALUE_PRESENCE": (
        "type Query { a(x: Int = 1): Int @shareable }",
        "type Query { a(x: Int): Int @shareable }",
    ),
    "INCONSISTENT_ENTITY": (
        'type Query { t: T } type T @key(fields: "id") { id: ID @shareable }',
        "type Query { u: T } type T { id: ID @shareable }",
    ),
    "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD": (
        "type Query { t: T } type T @shareable { a: Int b: Int }",
        "type T @shareable { a: Int }",
    ),
    "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD": (
        "type Query { t: I } interface I { a: Int b: Int } type T implements I { a: Int b: Int }",
        "interface I { a: Int }",
    ),
    "INCONSISTENT_INPUT_OBJECT_FIELD": (
        "type Query { f(i: I): Int @shareable } input I { a: Int b: Int }",
        "type Query { f(i: I): Int @shareable } input I { a: Int }",
    ),
    "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM": (
        "type Query { f(e: E): Int @shareable } enum E { X Y }",
        "type Query { f(e: E): Int @shareable } enum E { X }",
    ),
    "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM": (
        "type Query { f: E } enum E { X Y }",
        "type Query { g: E } enum E { X }",
    ),
    "UNUSED_ENUM_TYPE": ("type Query { f: Int } enum E { X Y }",),
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE": (
        "directive @x on FIELD type Query { a: Int }",
        "type Query { b: Int }",
    ),
    "NO_EXECUTABLE_DIRECTIVE_INTERSECTION": (
        "directive @x on FIELD type Query { a: Int }",
        "directive @x on QUERY type Query { b: Int }",
    ),
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE": (
        "directive @x on FIELD type Query { a: Int }",
        "directive @x repeatable on FIELD type Query { b: Int }",
    ),
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS": (
        "directive @x on FIELD | QUERY type Query { a: Int }",
        "directive @x on FIELD type Query { b: Int }",
    ),
    "INCONSISTENT_DESCRIPTION": ('"one" type Query { a: Int }', '"two" type Query { b: Int }'),
    "INCONSISTENT_ARGUMENT_PRESENCE": ("type Query { f(x: Int): Int @shareable }", "type Query { f: Int @shareable }"),
    "FROM_SUBGRAPH_DOES_NOT_EXIST": ('type Query { a: Int @override(from: "zz") }',),
    "OVERRIDDEN_FIELD_CAN_BE_REMOVED": ('type Query { a: Int @override(from: "b") }', "type Query { a: Int c: Int }"),
    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED": ('type Query { a: Int @override(from: "b") }', "type Query { c: Int }"),
    "OVERRIDE_MIGRATION_IN_PROGRESS": (
        'type Query { a: Int @override(from: "b", label: "x") }',
        "type Query { a: Int c: Int }",
    ),
    "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": (
        'type Query { a: S } scalar S @specifiedBy(url: "http://1")',
        'type Query { b: S } scalar S @specifiedBy(url: "http://2")',
    ),
    "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": (
        "type Query { a: Int @shareable @cost(weight: 1) }",
        "type Query { a: Int @shareable @cost(weight: 2) }",
    ),
    "DIRECTIVE_COMPOSITION_INFO": ('extend schema @composeDirective(name: "@tag") type Query { a: Int }',),
}


@pytest.mark.parametrize("code", HINTS)
def test_what_may_surprise_is_hinted(code: str) -> None:
    result = composed_raw(**dict(zip("abc", map(fed2, HINTS[code]), strict=False)))
    assert not result.errors
    assert set(hints(result)) == {code}


FOO = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])'
    ' @link(url: "https://x.dev/foo/{version}", import: [{{name: "@foo", as: "@{name}"}}])'
    " directive @{name}(a: Int) on FIELD_DEFINITION"
)


@pytest.mark.parametrize(
    ("version", "name", "expected"),
    [
        ("v1.3", "foo", []),
        ("v1.3", "zoo", ["DIRECTIVE_COMPOSITION_WARN"]),
        ("v2.0", "foo", ["DIRECTIVE_COMPOSITION_INFO"]),
    ],
)
def test_a_subgraph_that_means_a_composed_directive_otherwise_is_hinted(
    version: str, name: str, expected: list[str]
) -> None:
    composing = FOO.format(version="v1.2", name="foo") + ' extend schema @composeDirective(name: "@foo")'
    result = composed_raw(
        A=f"{composing} type Query {{ a: Int @foo(a: 1) }}",
        B=f"{FOO.format(version=version, name=name)} type Query {{ b: Int @{name}(a: 1) }}",
    )
    assert not result.errors
    assert hints(result) == expected
