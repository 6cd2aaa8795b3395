"""Each error code has a smallest federation that raises it, and nothing else."""

from __future__ import annotations

import pytest

from schema.compose.satisfiability import walk
from tests.schema.compose.testkit import ENTITY, codes, composed, composed_raw, contextual, subgraphs

CONTEXT = 'type T @context(name: "c") { id: ID p: String u: U }'

TRIGGERS: dict[str, tuple[str, ...]] = {
    "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE of an interface object": (
        (
            'type Query { i: I } interface I @key(fields: "id") { id: ID } type T implements I @key(fields: "id") '
            '{ id: ID a: Int @shareable @override(from: "b") }'
        ),
        'type I @interfaceObject @key(fields: "id") { id: ID a: Int @shareable }',
    ),
    "INVALID_LINK_DIRECTIVE_USAGE twins": (
        (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])'
            ' @link(url: "https://specs.apollo.dev/tag/v0.3") type Query { a: Int @tag(name: "x") }'
        ),
    ),
    "MISSING_TRANSITIVE_AUTH_REQUIREMENTS of a context": (
        'type Query { t: T } type T @context(name: "c") { id: ID p: String @authenticated u: U } '
        + contextual("$c { p }"),
    ),
    "SATISFIABILITY_ERROR an external that only a context reads": (
        'type Query { t: T } type T @context(name: "c") { id: ID p: String @external u: U } ' + contextual("$c { p }"),
        "type T { p: String }",
    ),
    "INVALID_GRAPHQL unknown type": ("type Query { a: Unknown }",),
    "INVALID_GRAPHQL unknown query root": (
        f"{ENTITY} q: Query }}",
        f"type Query {{ t: T }} {ENTITY} }}",
    ),
    "INVALID_GRAPHQL syntax": ("type Query { a: }",),
    "INVALID_GRAPHQL an operation": ("type Query { a: Int } query Q { a }",),
    "INVALID_GRAPHQL duplicate type": ("type Query { a: Int } type T { a: Int } type T { b: Int }",),
    "INVALID_GRAPHQL duplicate field": ("type Query { a: Int a: Int }",),
    "INVALID_GRAPHQL extension of another kind": (
        "type Query { a: Int } type T { a: Int } extend interface T { b: Int }",
    ),
    "INVALID_GRAPHQL unknown directive": ("type Query { a: Int @nope }",),
    "INVALID_GRAPHQL directive argument": ("type Query { a: Int @tag(name: 1) }",),
    "INVALID_GRAPHQL default value": ('type Query { a(x: Int = "s"): Int }',),
    "INVALID_GRAPHQL interface not implemented": (
        "type Query { a: T } interface I { a: Int } type T implements I { b: Int }",
    ),
    "INVALID_GRAPHQL location": ("type Query { a: Int } enum E @shareable { X }",),
    "INVALID_GRAPHQL not repeatable": ("type Query { a: Int @inaccessible @inaccessible b: Int }",),
    "DIRECTIVE_DEFINITION_INVALID": ("directive @tag(n: Int) on OBJECT type Query { a: Int }",),
    "DIRECTIVE_DEFINITION_INVALID location": ("directive @shareable on ENUM type Query { a: Int }",),
    "TYPE_DEFINITION_INVALID": ("enum federation__FieldSet { X } type Query { a: Int }",),
    "ROOT_QUERY_USED": ("schema { query: Q1 } type Q1 { a: Int } type Query { b: Int }",),
    "ROOT_MUTATION_USED": (
        "schema { query: Query mutation: M } type Query { a: Int } type M { a: Int } type Mutation { b: Int }",
    ),
    "KEY_INVALID_FIELDS_TYPE": ('type Query { t: T } type T @key(fields: ["id"]) { id: ID }',),
    "KEY_INVALID_FIELDS unknown": ('type Query { t: T } type T @key(fields: "nope") { id: ID }',),
    "KEY_INVALID_FIELDS syntax": ('type Query { t: T } type T @key(fields: "id {") { id: ID }',),
    "KEY_INVALID_FIELDS alias": ('type Query { t: T } type T @key(fields: "x: id") { id: ID }',),
    "KEY_INVALID_FIELDS no selection": ('type Query { t: T } type T @key(fields: "o") { o: O } type O { a: Int }',),
    "KEY_INVALID_FIELDS leaf selection": ('type Query { t: T } type T @key(fields: "id { x }") { id: ID }',),
    "KEY_DIRECTIVE_IN_FIELDS_ARG": ('type Query { t: T } type T @key(fields: "id @include(if: true)") { id: ID }',),
    "KEY_FIELDS_HAS_ARGS": ('type Query { t: T } type T @key(fields: "f") { f(x: Int): ID }',),
    "KEY_FIELDS_SELECT_INVALID_TYPE": (
        (
            'type Query { t: T } type T @key(fields: "i { id }") { i: I } interface I { id: ID } type S'
            " implements I { id: ID }"
        ),
    ),
    "REQUIRES_INVALID_FIELDS": (f'type Query {{ t: T }} {ENTITY} b: Int @requires(fields: "zz") }}',),
    "REQUIRES_FIELDS_MISSING_EXTERNAL": (f'type Query {{ t: T }} {ENTITY} a: Int b: Int @requires(fields: "a") }}',),
    "REQUIRES_DIRECTIVE_IN_FIELDS_ARG": (
        f'type Query {{ t: T }} {ENTITY} a: Int @external b: Int @requires(fields: "a @skip(if: true)") }}',
        f"{ENTITY} a: Int }}",
    ),
    "PROVIDES_FIELDS_MISSING_EXTERNAL": ('type Query { t: T @provides(fields: "a") } type T { a: Int }',),
    "PROVIDES_FIELDS_HAS_ARGS": (
        f'type Query {{ t: T @provides(fields: "a") }} {ENTITY} a(x: Int): Int @external }}',
        f"{ENTITY} a(x: Int): Int @shareable }}",
    ),
    "PROVIDES_ON_NON_OBJECT_FIELD": ('type Query { t: Int @provides(fields: "a") }',),
    "EXTERNAL_UNUSED": (f"type Query {{ t: T }} {ENTITY} a: Int @external }}", f"{ENTITY} a: Int }}"),
    "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE": (
        (
            f'type Query {{ t: T }} {ENTITY} a: X @external @provides(fields: "y")'
            ' b: Int @requires(fields: "a { y }") }'
            " type X { y: Int @external }"
        ),
        f"{ENTITY} a: X @shareable }} type X {{ y: Int @shareable }}",
    ),
    "EXTERNAL_MISSING_ON_BASE": (
        f'type Query {{ t: T }} {ENTITY} a: Int @external b: Int @requires(fields: "a") }}',
        f"{ENTITY} }}",
    ),
    "EXTERNAL_TYPE_MISMATCH": (
        f'type Query {{ t: T }} {ENTITY} a: Int @external b: Int @requires(fields: "a") }}',
        f"{ENTITY} a: String }}",
    ),
    "EXTERNAL_TYPE_MISMATCH nullability": (
        f'type Query {{ t: T }} {ENTITY} a: Int! @external b: Int @requires(fields: "a") }}',
        f"{ENTITY} a: Int }}",
    ),
    "EXTERNAL_ARGUMENT_MISSING": (
        f'type Query {{ t: T }} {ENTITY} a: Int @external b: Int @requires(fields: "a") }}',
        f"{ENTITY} a(x: Int): Int }}",
    ),
    "EXTERNAL_ARGUMENT_TYPE_MISMATCH": (
        f'type Query {{ t: T }} {ENTITY} a(x: String): Int @external b: Int @requires(fields: "a") }}',
        f"{ENTITY} a(x: Int): Int }}",
    ),
    "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH": (
        f'type Query {{ t: T }} {ENTITY} a(x: Int = 1): Int @external b: Int @requires(fields: "a") }}',
        f"{ENTITY} a(x: Int = 2): Int }}",
    ),
    "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL": (
        f'type Query {{ t: T }} {ENTITY} a: Int @external @tag(name: "t") b: Int @requires(fields: "a") }}',
        f"{ENTITY} a: Int }}",
    ),
    "EXTENSION_WITH_NO_BASE": (
        'type Query { t: T } extend type T @key(fields: "id") { id: ID }',
        'extend type T @key(fields: "id") { id: ID }',
    ),
    "TYPE_KIND_MISMATCH": ("type Query { t: T } type T { a: Int }", "interface T { a: Int }"),
    "TYPE_KIND_MISMATCH of an interface with a key": (
        (
            'type Query { i: I } interface I @key(fields: "id") { id: ID }'
            ' type T implements I @key(fields: "id") { id: ID }'
        ),
        'type I @key(fields: "id") { id: ID }',
    ),
    "FIELD_TYPE_MISMATCH": ("type Query { t: Int @shareable }", "type Query { t: String @shareable }"),
    "FIELD_TYPE_MISMATCH crossed": ("type Query { t: [Int!] @shareable }", "type Query { t: [Int]! @shareable }"),
    "FIELD_ARGUMENT_TYPE_MISMATCH": (
        "type Query { f(x: Int): Int @shareable }",
        "type Query { f(x: String): Int @shareable }",
    ),
    "FIELD_ARGUMENT_DEFAULT_MISMATCH": (
        "type Query { f(x: Int = 1): Int @shareable }",
        "type Query { f(x: Int = 2): Int @shareable }",
    ),
    "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH": (
        "type Query { f(x: Int!): Int @shareable }",
        "type Query { f: Int @shareable }",
    ),
    "INPUT_FIELD_DEFAULT_MISMATCH": (
        "type Query { f(i: I): Int @shareable } input I { a: Int = 1 }",
        "type Query { f(i: I): Int @shareable } input I { a: Int = 2 }",
    ),
    "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH": (
        "type Query { f(i: I): Int @shareable } input I { a: Int b: Int! }",
        "type Query { f(i: I): Int @shareable } input I { a: Int }",
    ),
    "EMPTY_MERGED_INPUT_TYPE": (
        "type Query { f(i: I): Int @shareable } input I { a: Int }",
        "type Query { f(i: I): Int @shareable } input I { b: Int }",
    ),
    "ENUM_VALUE_MISMATCH": (
        "type Query { f(e: E): E @shareable } enum E { X Y }",
        "type Query { f(e: E): E @shareable } enum E { X }",
    ),
    "EMPTY_MERGED_ENUM_TYPE": (
        "type Query { f(e: E): Int @shareable } enum E { X }",
        "type Query { f(e: E): Int @shareable } enum E { Y }",
    ),
    "INVALID_FIELD_SHARING": ("type Query { a: Int }", "type Query { a: Int }"),
    "INVALID_FIELD_SHARING unshared subscription": (
        "type Query { a: Int } type Subscription { s: Int }",
        "type Query { b: Int } type Subscription { s: Int }",
    ),
    "INVALID_FIELD_SHARING interface objects": (
        (
            'type Query { i: I } interface I @key(fields: "id") { id: ID }'
            ' type T implements I @key(fields: "id") { id: ID }'
        ),
        'type I @interfaceObject @key(fields: "id") { id: ID a: Int }',
        'type I @interfaceObject @key(fields: "id") { id: ID a: Int }',
    ),
    "KEY_INVALID_FIELDS of an implementation": (
        (
            'type Query { i: I } interface I @key(fields: "id") { id: ID }'
            ' type T implements I @key(fields: "no") { id: ID }'
        ),
    ),
    "CONTEXT_INVALID_SELECTION a type that never sets it": (
        f"type Query {{ t: T v: V }} type V {{ q: String }} {CONTEXT} {contextual('$c ... on T { p } ... on V { q }')}",
    ),
    "CONTEXT_INVALID_SELECTION an argument too few": (
        f"type Query {{ t: T }} {CONTEXT.replace('p: String', 'p(n: Int!): String')} {contextual('$c { p }')}",
    ),
    "CONTEXT_INVALID_SELECTION an argument too many": (
        f"type Query {{ t: T }} {CONTEXT} {contextual('$c { p(n: 1) }')}",
    ),
    "INVALID_FIELD_SHARING subscription": ("type Query { a: Int } type Subscription { s: Int @shareable }",),
    "INVALID_FIELD_SHARING by block": (
        "type Query { t: T } type T @shareable { a: Int } extend type T { b: Int }",
        "type T @shareable { a: Int b: Int }",
    ),
    "INVALID_FIELD_SHARING provided": (
        f'type Query {{ t: T @provides(fields: "a") }} {ENTITY} a: Int @external }}',
        f"{ENTITY} a: Int }}",
    ),
    "INVALID_SHAREABLE_USAGE": (
        "type Query { i: I } interface I { a: Int @shareable } type T implements I { a: Int }",
    ),
    "INVALID_SHAREABLE_USAGE twice": ("type Query { a: Int @shareable @shareable }",),
    "INTERFACE_FIELD_NO_IMPLEM": (
        "type Query { i: I } interface I { a: Int } type T implements I { a: Int }",
        "type Query { j: I } interface I { a: Int b: Int } type U implements I { a: Int b: Int }",
    ),
    "OVERRIDE_FROM_SELF_ERROR": ('type Query { a: Int @override(from: "a") }',),
    "OVERRIDE_LABEL_INVALID": (
        'type Query { a: Int @override(from: "b", label: "percent(101)") }',
        "type Query { a: Int b: Int }",
    ),
    "OVERRIDE_LABEL_INVALID digit": (
        'type Query { a: Int @override(from: "b", label: "1abc") }',
        "type Query { a: Int b: Int }",
    ),
    "INTERFACE_OBJECT_USAGE_ERROR no key": (
        "type Query { a: Int } type I @interfaceObject { a: Int }",
        'interface I @key(fields: "id") { id: ID } type T implements I @key(fields: "id") { id: ID }',
    ),
    "INTERFACE_OBJECT_USAGE_ERROR no interface": (
        'type Query { i: I } type I @interfaceObject @key(fields: "id") { id: ID a: Int }',
    ),
    "INTERFACE_OBJECT_USAGE_ERROR implementation beside": (
        (
            'type Query { i: I } type I @interfaceObject @key(fields: "id") { id: ID a: Int } type T'
            ' @key(fields: "id") { id: ID }'
        ),
        'interface I @key(fields: "id") { id: ID } type T implements I @key(fields: "id") { id: ID }',
    ),
    "INTERFACE_KEY_NOT_ON_IMPLEMENTATION": (
        'type Query { i: I } interface I @key(fields: "id") { id: ID } type T implements I { id: ID }',
    ),
    "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE": (
        (
            'type Query { i: I } interface I @key(fields: "id") { id: ID } type T implements I @key(fields:'
            ' "id") { id: ID }'
        ),
        'type Query { u: U } interface I { id: ID } type U implements I @key(fields: "id") { id: ID }',
    ),
    "DIRECTIVE_COMPOSITION_ERROR no sign": ('extend schema @composeDirective(name: "foo") type Query { a: Int }',),
    "DIRECTIVE_COMPOSITION_ERROR unknown": ('extend schema @composeDirective(name: "@foo") type Query { a: Int }',),
    "DIRECTIVE_COMPOSITION_ERROR unlinked": (
        'extend schema @composeDirective(name: "@foo") directive @foo on OBJECT type Query { a: Int }',
    ),
    "DIRECTIVE_COMPOSITION_ERROR of federation": (
        'extend schema @composeDirective(name: "@key") type Query { a: Int }',
    ),
    "COST_APPLIED_TO_INTERFACE_FIELD": (
        "type Query { i: I } interface I { a: Int @cost(weight: 1) } type T implements I { a: Int }",
    ),
    "LIST_SIZE_APPLIED_TO_NON_LIST": ("type Query { a: Int @listSize(assumedSize: 1) }",),
    "LIST_SIZE_INVALID_ASSUMED_SIZE": ("type Query { a: [Int] @listSize(assumedSize: -1) }",),
    "LIST_SIZE_INVALID_SLICING_ARGUMENT": ('type Query { a(n: String): [Int] @listSize(slicingArguments: ["n"]) }',),
    "LIST_SIZE_INVALID_SIZED_FIELD": (
        'type Query { t: T @listSize(assumedSize: 1, sizedFields: ["nope"]) } type T { a: [Int] }',
    ),
    "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE": (
        "type Query { i: I } interface I @authenticated { a: Int } type T implements I { a: Int }",
    ),
    "MISSING_TRANSITIVE_AUTH_REQUIREMENTS": (
        f'type Query {{ t: T }} {ENTITY} a: Int @external b: Int @requires(fields: "a") }}',
        f"{ENTITY} a: Int @authenticated }}",
    ),
    "REFERENCED_INACCESSIBLE": ("type Query { t: T b: Int } type T @inaccessible { a: Int }",),
    "REFERENCED_INACCESSIBLE argument": ("type Query { t(i: I): Int } input I @inaccessible { a: Int }",),
    "ONLY_INACCESSIBLE_CHILDREN": ("type Query { t: T } type T { a: Int @inaccessible }",),
    "QUERY_ROOT_TYPE_INACCESSIBLE": ("type Query @inaccessible { a: Int }",),
    "IMPLEMENTED_BY_INACCESSIBLE": (
        "type Query { i: I } interface I { a: Int } type T implements I { a: Int @inaccessible b: Int }",
    ),
    "REQUIRED_INACCESSIBLE": ("type Query { f(x: Int! @inaccessible): Int }",),
    "REQUIRED_INACCESSIBLE input": ("type Query { f(i: I): Int } input I { a: Int! @inaccessible b: Int }",),
    "DEFAULT_VALUE_USES_INACCESSIBLE": ("type Query { f(e: E = Y): Int } enum E { X Y @inaccessible }",),
    "CONTEXT_NAME_INVALID": ('type Query { t: T } type T @context(name: "a_b") { id: ID }',),
    "CONTEXT_NOT_SET": (f"type Query {{ u: U }} {contextual('$c { p }')}",),
    "NO_CONTEXT_IN_SELECTION": (f"type Query {{ u: U }} {contextual('p')}",),
    "CONTEXT_INVALID_SELECTION": (f"type Query {{ t: T }} {CONTEXT} {contextual('$c { x }')}",),
    "CONTEXT_INVALID_SELECTION two fields": (f"type Query {{ t: T }} {CONTEXT} {contextual('$c { p id }')}",),
    "CONTEXT_INVALID_SELECTION type": (f"type Query {{ t: T }} {CONTEXT} {contextual('$c { id }')}",),
    "CONTEXT_NO_RESOLVABLE_KEY": (
        f'type Query {{ t: T }} {CONTEXT} type U {{ f(a: String @fromContext(field: "$c {{ p }}")): Int }}',
    ),
    "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS": (
        f"type Query {{ t: T }} {CONTEXT} {contextual('$c { p }')}",
        'type U @key(fields: "id") { id: ID f(a: String!): Int @shareable }',
    ),
    "NO_QUERIES": ("type Mutation { a: Int }",),
    "LINK_IMPORT_NAME_MISMATCH": (
        'type Query { a: Int @tag(name: "x") }',
        (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@tag", as: "@t"}])'
            ' type Query { b: Int @t(name: "x") }'
        ),
    ),
}
"""Code and what is special → federation 2 subgraphs a, b, …; one that links federation itself is taken as it is."""

TOGETHER: dict[str, tuple[str, ...]] = {
    "EXTERNAL_ON_INTERFACE EXTERNAL_UNUSED": (
        "type Query { i: I } interface I { a: Int @external } type T implements I { a: Int }",
    ),
    "OVERRIDE_SOURCE_HAS_OVERRIDE INVALID_FIELD_SHARING": (
        'type Query { a: Int @override(from: "b") }',
        'type Query { a: Int @override(from: "a") }',
    ),
    "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE INVALID_FIELD_SHARING": (
        f'type Query {{ t: T }} {ENTITY} a: Int @override(from: "b") x: Int }}',
        f'{ENTITY} a: Int @requires(fields: "x") x: Int @external }}',
    ),
    "REQUIRES_UNSUPPORTED_ON_INTERFACE REQUIRES_FIELDS_MISSING_EXTERNAL": (
        (
            'type Query { i: I } interface I { a: Int b: Int @requires(fields: "a") } type T implements I { a:'
            " Int b: Int }"
        ),
    ),
    "PROVIDES_UNSUPPORTED_ON_INTERFACE PROVIDES_FIELDS_MISSING_EXTERNAL": (
        (
            'type Query { i: I } interface I { a: O @provides(fields: "x") } type O { x: Int } type T implements'
            " I { a: O }"
        ),
    ),
}
"""Codes that come together."""


@pytest.mark.parametrize("case", TRIGGERS)
def test_a_mistake_has_its_code(case: str) -> None:
    result = composed_raw(**subgraphs(TRIGGERS[case], raw=False))
    assert {error.code for error in result.errors} == {case.split(maxsplit=1)[0]}
    assert result.supergraph_sdl is None


@pytest.mark.parametrize("case", TOGETHER)
def test_one_mistake_may_break_two_rules(case: str) -> None:
    result = composed_raw(**subgraphs(TOGETHER[case], raw=False))
    assert {error.code for error in result.errors} == set(case.split())


def test_ways_through_subgraphs_are_tried_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = f"type Query {{ t: T }} {ENTITY} }}", f"{ENTITY} b: Int }}"
    assert codes(composed(a=a, b=b)) == []
    monkeypatch.setattr(walk, "LIMIT", 0)
    assert codes(composed(a=a, b=b)) == ["MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"]


def test_every_error_of_every_subgraph_is_told_at_once() -> None:
    result = composed(
        a='type Query { t: T } type T @key(fields: "no") { id: ID }',
        b='type U @key(fields: "no") {\n id: ID\n a: Int @external }',
    )
    assert [(error.code, str(error.locations[0])) for error in result.errors] == [
        ("KEY_INVALID_FIELDS", "a a.graphql:2"),
        ("KEY_INVALID_FIELDS", "b b.graphql:2"),
        ("EXTERNAL_UNUSED", "b b.graphql:4"),
    ]
