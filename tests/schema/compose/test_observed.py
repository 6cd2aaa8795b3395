"""What small federations become: the supergraph text of one type."""

from __future__ import annotations

import pytest

from schema.supergraph import Supergraph
from tests.schema.compose.testkit import composed_raw, definition, fed2

AB = "@join__type(graph: A) @join__type(graph: B)"
KEYED = '@join__type(graph: A, key: "id") @join__type(graph: B, key: "id")'
CONNECTED = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])'
    ' @link(url: "https://specs.apollo.dev/connect/v0.2", import: [{name: "@connect", as: "@rest"}])'
    ' @connect__source(name: "v1", http: {baseURL: "http://t.dev"})'
    ' type Query { t: T @rest(source: "v1", http: {GET: "/t"}, selection: "id") } type T @key(fields: "id") { id: ID }'
)
CACHING = "@key @cacheTag"
CUSTOM = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])'
    ' @link(url: "https://x.dev/foo/v1.2", import: [{name: "@foo", as: "@bar"}])'
)
BAR = "directive @bar(a: Int) repeatable on FIELD_DEFINITION"

BECOMES: dict[str, tuple[dict[str, str], str]] = {
    "a federation 1 extension repeats its key": (
        {
            "A": 'type Query { t: T } type T @key(fields: "id") { id: ID! }',
            "B": 'extend type T @key(fields: "id") { id: ID! @external b: Int }',
        },
        f"type T {KEYED} {{ id: ID! b: Int @join__field(graph: B) }}",
    ),
    "an input of which one field is given stays one": (
        {
            "A": fed2("type Query { f(i: I): Int } input I @oneOf { a: Int b: Int }"),
            "B": fed2("directive @oneOf on INPUT_OBJECT type Query { g(i: I): Int } input I { a: Int b: Int }"),
        },
        f"input I {AB} @oneOf {{ a: Int b: Int }}",
    ),
    "a federation 2 extension repeats its key": (
        {
            "A": fed2('type Query { t: T } type T @key(fields: "id") { id: ID! }'),
            "B": fed2('extend type T @key(fields: "id") { id: ID! @external b: Int }'),
        },
        (
            'type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", extension: true)'
            " { id: ID! b: Int @join__field(graph: B) }"
        ),
    ),
    "a definition's external key is external": (
        {
            "A": fed2('type Query { t: T } type T @key(fields: "id") { id: ID! }'),
            "B": fed2('type T @key(fields: "id") { id: ID! @external b: Int }'),
        },
        (
            f"type T {KEYED} {{ id: ID! @join__field(graph: A) @join__field(graph: B, external: true)"
            " b: Int @join__field(graph: B) }"
        ),
    ),
    "types that differ are told": (
        {
            "A": fed2(
                "type Query { i: I @shareable } interface I { a: Int } type T implements I @shareable { a: Int }"
            ),
            "B": fed2("type Query { i: T! @shareable } type T @shareable { a: Int }"),
        },
        f'type Query {AB} {{ i: I @join__field(graph: A, type: "I") @join__field(graph: B, type: "T!") }}',
    ),
    "an interface object gives fields to implementations": (
        {
            "A": fed2(
                'type Query { i: I } interface I @key(fields: "id") { id: ID }'
                ' type T implements I @key(fields: "id") { id: ID }'
            ),
            "B": fed2('type I @interfaceObject @key(fields: "id") { id: ID r: Int @tag(name: "x") }'),
        },
        (
            'type T implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id")'
            ' { id: ID r: Int @join__field @tag(name: "x") }'
        ),
    ),
    "a labelled override joins both": (
        {
            "A": fed2(
                'type Query { t: T } type T @key(fields: "id") { id: ID a: Int @override(from: "B", label: "x") }'
            ),
            "B": fed2('type T @key(fields: "id") { id: ID a: Int }'),
        },
        (
            f'type T {KEYED} {{ id: ID a: Int @join__field(graph: A, override: "B", overrideLabel: "x")'
            ' @join__field(graph: B, overrideLabel: "x") }'
        ),
    ),
    "an overridden key field is still used": (
        {
            "A": fed2('type Query { t: T } type T @key(fields: "id") { id: ID @override(from: "B") }'),
            "B": fed2('type T @key(fields: "id") { id: ID b: Int }'),
        },
        (
            f'type T {KEYED} {{ id: ID @join__field(graph: A, override: "B")'
            " @join__field(graph: B, usedOverridden: true) b: Int @join__field(graph: B) }"
        ),
    ),
    "an overridden field that nothing uses is gone": (
        {"A": fed2('type Query { a: Int @override(from: "B") }'), "B": fed2("type Query { a: Int b: Int }")},
        f'type Query {AB} {{ a: Int @join__field(graph: A, override: "B") b: Int @join__field(graph: B) }}',
    ),
    "a key of federation 1 may be a list": (
        {"A": 'type Query { t: T } type T @key(fields: ["id", "a"]) { id: ID a: Int }'},
        'type T @join__type(graph: A, key: "id a") { id: ID a: Int }',
    ),
    "federation 1 shares without a mark": (
        {
            "A": 'type Query { t: T } type T @key(fields: "id") { id: ID a: Int }',
            "B": 'type T @key(fields: "id") { id: ID a: Int }',
        },
        f"type T {KEYED} {{ id: ID a: Int }}",
    ),
    "every subgraph is in Query": (
        {"A": fed2("type T { a: Int }"), "B": fed2("type Query { a: Int }")},
        f"type Query {AB} {{ a: Int @join__field(graph: B) }}",
    ),
    "tags are united": (
        {
            "A": fed2('type Query { a: Int @shareable @tag(name: "x") }'),
            "B": fed2('type Query { a: Int @shareable @tag(name: "x") @tag(name: "y") }'),
        },
        f'type Query {AB} {{ a: Int @tag(name: "x") @tag(name: "y") }}',
    ),
    "scopes are asked for together": (
        {
            "A": fed2('type Query { a: Int @shareable @requiresScopes(scopes: [["a", "b"], ["c"]]) }'),
            "B": fed2('type Query { a: Int @shareable @requiresScopes(scopes: [["c"], ["d"]]) }'),
        },
        f'type Query {AB} {{ a: Int @requiresScopes(scopes: [["c"], ["a", "b", "d"]]) }}',
    ),
    "the larger cost counts": (
        {
            "A": fed2("type Query { a: Int @shareable @cost(weight: 2) }"),
            "B": fed2("type Query { a: Int @shareable @cost(weight: 5) }"),
        },
        f"type Query {AB} {{ a: Int @cost(weight: 5) }}",
    ),
    "an input's field is as required as anywhere": (
        {
            "A": fed2("type Query { f(i: I): Int @shareable } input I { a: Int! }"),
            "B": fed2("type Query { f(i: I): Int @shareable } input I { a: Int }"),
        },
        f'input I {AB} {{ a: Int! @join__field(graph: A, type: "Int!") @join__field(graph: B, type: "Int") }}',
    ),
    "a hidden input field needs not be everywhere": (
        {
            "A": fed2("type Query { f(i: I): Int @shareable } input I { a: Int b: Int @inaccessible }"),
            "B": fed2("type Query { f(i: I): Int @shareable } input I { a: Int }"),
        },
        f"input I {AB} {{ a: Int b: Int @join__field(graph: A) @inaccessible }}",
    ),
    "an output enum is the union": (
        {"A": fed2("type Query { e: E } enum E { X }"), "B": fed2("type Query { f: E } enum E { X Y }")},
        f"enum E {AB} {{ X @join__enumValue(graph: A) @join__enumValue(graph: B) Y @join__enumValue(graph: B) }}",
    ),
    "an input enum is the intersection": (
        {
            "A": fed2("type Query { f(e: E): Int } enum E { X }"),
            "B": fed2("type Query { g(e: E): Int } enum E { X Y }"),
        },
        f"enum E {AB} {{ X @join__enumValue(graph: A) @join__enumValue(graph: B) }}",
    ),
    "an argument only some have is dropped": (
        {
            "A": fed2("type Query { f(x: Int, y: Int = 1): Int @shareable }"),
            "B": fed2("type Query { f(x: Int!): Int @shareable }"),
        },
        f"type Query {AB} {{ f(x: Int!): Int }}",
    ),
    "what guards implementations guards the interface": (
        {
            "A": fed2(
                "type Query { i: I } interface I { a: Int } type U implements I { a: Int }"
                ' type T implements I @authenticated { a: Int @policy(policies: [["p"]]) }'
            )
        },
        'interface I @join__type(graph: A) @authenticated { a: Int @policy(policies: [["p"]]) }',
    ),
    "names of subgraphs become enum values": (
        {
            "1a-b": fed2("type Query { a: Int }"),
            "x.1": fed2("type Query { b: Int }"),
            "x_1": fed2("type Query { c: Int }"),
        },
        (
            'enum join__Graph { _1A_B @join__graph(name: "1a-b", url: "http://1a-b")'
            ' X_1__1 @join__graph(name: "x.1", url: "http://x.1") X_1__2 @join__graph(name: "x_1", url: "http://x_1") }'
        ),
    ),
    "an executable directive keeps what all have": (
        {
            "A": fed2("directive @x(a: Int) on FIELD | QUERY type Query { a: Int }"),
            "B": fed2("directive @x(a: Int) on FIELD type Query { b: Int }"),
        },
        "directive @x(a: Int) on FIELD",
    ),
    "a contextual argument is the router's to give": (
        {
            "a-x": fed2(
                'type Query { t: T } type T @context(name: "c") { p: String! u: U! }'
                ' type U @key(fields: "id") { id: ID f(a: String @fromContext(field: "$c { p }"), b: Int): Int }'
            )
        },
        (
            'type U @join__type(graph: A_X, key: "id") { id: ID f(b: Int): Int @join__field(graph: A_X,'
            ' contextArguments: [{context: "a-x__c", name: "a", type: "String", selection: " { p }"}]) }'
        ),
    ),
    "a context says whose it is": (
        {"a-x": fed2('type Query { t: T } type T @context(name: "c") { p: String! }')},
        'type T @join__type(graph: A_X) @context(name: "a-x__c") { p: String! }',
    ),
    "cache tags stay apart": (
        {
            "A": fed2(
                'type Query { t: T } type T @key(fields: "id") @cacheTag(format: "x") { id: ID }', "v2.12", CACHING
            ),
            "B": fed2(
                'type T @key(fields: "id") @cacheTag(format: "x") @cacheTag(format: "y") { id: ID }', "v2.12", CACHING
            ),
        },
        (
            f"type T {KEYED}"
            ' @join__directive(graphs: [A, B], name: "federation__cacheTag", args: {format: "x"})'
            ' @join__directive(graphs: [B], name: "federation__cacheTag", args: {format: "y"}) { id: ID }'
        ),
    ),
    "connectors stay apart, under the names they have there": (
        {"A": CONNECTED, "B": fed2('type T @key(fields: "id") { id: ID b: Int }')},
        (
            f'type Query {AB} {{ t: T @join__field(graph: A) @join__directive(graphs: [A], name: "rest",'
            ' args: {source: "v1", http: {GET: "/t"}, selection: "id"}) }'
        ),
    ),
    "links to connectors stay apart": (
        {"A": CONNECTED},
        (
            'schema @link(url: "https://specs.apollo.dev/link/v1.0")'
            ' @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)'
            ' @link(url: "https://specs.apollo.dev/connect/v0.3", for: EXECUTION)'
            ' @join__directive(graphs: [A], name: "link", args: {url: "https://specs.apollo.dev/connect/v0.2",'
            ' import: [{name: "@connect", as: "@rest"}]})'
            ' @join__directive(graphs: [A], name: "connect__source",'
            ' args: {name: "v1", http: {baseURL: "http://t.dev"}}) { query: Query }'
        ),
    ),
    "a custom directive keeps the applications of those who compose it": (
        {
            "A": f'{CUSTOM} @composeDirective(name: "@bar") {BAR} type Query {{ a: Int @bar(a: 1) @bar(a: 2) }}',
            "B": f"{CUSTOM} {BAR} type Query {{ b: Int @bar(a: 3) }}",
        },
        f"type Query {AB} {{ a: Int @join__field(graph: A) @bar(a: 1) @bar(a: 2) b: Int @join__field(graph: B) }}",
    ),
    "a custom feature is linked with its imports": (
        {"A": f'{CUSTOM} @composeDirective(name: "@bar") {BAR} type Query {{ a: Int @bar(a: 1) }}'},
        (
            'schema @link(url: "https://specs.apollo.dev/link/v1.0")'
            ' @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)'
            ' @link(url: "https://x.dev/foo/v1.2", import: [{name: "@foo", as: "@bar"}]) { query: Query }'
        ),
    ),
    "an old federation has an old join": (
        {"A": fed2("type Query { a: Int }", "v2.0", "@key")},
        (
            'schema @link(url: "https://specs.apollo.dev/link/v1.0")'
            ' @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }'
        ),
    ),
    "an external object type": (
        {
            "A": fed2('type Query { t: T } type T @key(fields: "id") { id: ID o: O } type O { x: Int }'),
            "B": fed2(
                'type T @key(fields: "id") { id: ID o: O @external b: Int @requires(fields: "o { x }") }'
                " type O @external { x: Int }"
            ),
        },
        f"type O {AB} {{ x: Int @join__field(graph: A) @join__field(graph: B, external: true) }}",
    ),
}


@pytest.mark.parametrize("case", BECOMES)
def test_a_federation_becomes_its_supergraph(case: str) -> None:
    sdls, expected = BECOMES[case]
    result = composed_raw(**sdls)
    words = expected.split()
    name = words[1].partition("(")[0]
    assert definition(result, name) == expected


def test_the_schema_has_the_description_that_a_subgraph_gives_it() -> None:
    result = composed_raw(a='"one" schema { query: Query } type Query { a: Int }', b="type Query { b: Int }")
    assert result.supergraph_sdl is not None
    assert Supergraph.parse(result.supergraph_sdl).api_schema.description == "one"
