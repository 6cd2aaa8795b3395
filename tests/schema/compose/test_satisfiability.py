"""What composes can be resolved; what cannot, is told with a query and the reasons."""

from __future__ import annotations

import pytest

from schema.compose.satisfiability import walk
from tests.schema.compose.testkit import codes, composed, hints

NO_WAY = "SATISFIABILITY_ERROR"
T_ID = 'type T @key(fields: "id") { id: ID'
CONTEXTUAL = (
    'type O @context(name: "c") { p: String u: U }'
    ' type U @key(fields: "id") { id: ID f(a: String @fromContext(field: "$c { p }")): Int }'
)

UNSATISFIABLE: dict[str, tuple[str, ...]] = {
    "a type without a key": ("type Query { t: T } type T { a: Int }", "type T { b: Int }"),
    "a key that lets no one in": (
        f"type Query {{ t: T }} {T_ID} }}",
        'type T @key(fields: "id", resolvable: false) { id: ID b: Int }',
    ),
    "a key that is nowhere to be had": (
        "type Query { t: T } type T { a: Int }",
        'type T @key(fields: "id") { id: ID b: Int }',
    ),
    "an external key": (
        'type Query { t: T } type T @key(fields: "id") { id: ID @external a: Int }',
        f"{T_ID} b: Int }}",
    ),
    "what is required needs a key back": (
        f"type Query {{ t: T }} {T_ID} }}",
        'type T @key(fields: "id") { id: ID @external a: Int @external b: Int @requires(fields: "a") }',
        f"{T_ID} a: Int }}",
    ),
    "what is required requires itself": (
        f'type Query {{ t: T }} {T_ID} a: Int @external b: Int @requires(fields: "a") }}',
        f'{T_ID} b: Int @external a: Int @requires(fields: "b") }}',
    ),
    "an interface object that cannot be entered": (
        "type Query { i: I } interface I { x: Int } type T implements I { x: Int }",
        'type I @interfaceObject @key(fields: "id") { id: ID b: Int }',
    ),
    "a context that is not set on every way": (f"type Query {{ u: U o: O }} {CONTEXTUAL}",),
}

SATISFIABLE: dict[str, tuple[str, ...]] = {
    "a key": (f"type Query {{ t: T }} {T_ID} }}", f"{T_ID} b: Int }}"),
    "a key that is found by another key": (
        f"type Query {{ t: T }} {T_ID} }}",
        'type T @key(fields: "id") @key(fields: "k") { id: ID k: ID }',
        'type T @key(fields: "k") { k: ID b: Int }',
    ),
    "a field that is provided": (
        'type Query { t: T @provides(fields: "a") } type T { id: ID a: Int @external }',
        "type T { a: Int @shareable }",
    ),
    "what is hidden need not be resolved": (
        "type Query { t: T } type T { a: Int }",
        "type T { b: Int @inaccessible }",
    ),
    "a type that one subgraph never returns": (
        "type Query { u: U @shareable } union U = X | Y type X { a: Int } type Y { a: Int }",
        "type Query { u: U @shareable } union U = X type X { b: Int }",
    ),
    "the root, from anywhere": ("type Query { a: A } type A { q: Query }", "type Query { b: Int }"),
    "a context that is set on the way": (f"type Query {{ o: O }} {CONTEXTUAL}",),
}


def sdls(texts: tuple[str, ...]) -> dict[str, str]:
    return dict(zip("ABC", texts, strict=False))


@pytest.mark.parametrize("texts", SATISFIABLE.values(), ids=SATISFIABLE)
def test_a_query_that_can_be_resolved_composes(texts: tuple[str, ...]) -> None:
    composition = composed(**sdls(texts))
    assert [one.render() for one in composition.errors] == []


@pytest.mark.parametrize("texts", UNSATISFIABLE.values(), ids=UNSATISFIABLE)
def test_a_query_that_cannot_be_resolved_is_an_error(texts: tuple[str, ...]) -> None:
    assert set(codes(composed(**sdls(texts)))) == {NO_WAY}


def test_the_message_has_the_query_and_every_reason() -> None:
    composition = composed(
        A="type Query { t(x: Int!, y: [E!]!, z: In): T } type T { a: Int } enum E { X } input In { n: Float! o: Int }",
        B='type T @key(fields: "id") { id: ID @shareable b: Int }',
    )
    unusable = (
        'cannot move to subgraph "B" using @key(fields: "id") of "T", the key field(s) cannot be resolved from '
        'subgraph "A"'
    )
    [first, second] = sorted(composition.errors, key=lambda one: one.message)
    assert first.message.splitlines() == [
        "The following supergraph API query:",
        "{",
        "  t(x: 0, y: [], z: {n: 3.14}) {",
        "    b",
        "  }",
        "}",
        "cannot be satisfied by the subgraphs because:",
        '- from subgraph "A":',
        '  - cannot find field "T.b".',
        f"  - {unusable}.",
    ]
    assert [(one.subgraph, one.line) for one in first.locations] == [("B", 2)]
    assert "id" in second.message


def test_narrowing_is_part_of_the_query() -> None:
    composition = composed(A="type Query { u: U } union U = X type X { a: Int }", B="type X { o: O } type O { c: Int }")
    lines = composition.errors[0].message.splitlines()
    assert lines[1:9] == ["{", "  u {", "    ... on X {", "      o {", "        ...", "      }", "    }", "  }"]


def test_a_mutation_may_fail_in_all_subgraphs_but_one() -> None:
    sharing = "type Query { q: Int @shareable } type Mutation { m: T @shareable }"
    able = f"{sharing} {T_ID} @shareable }}"
    unable = f"{sharing} type T {{ a: Int @shareable }}"
    assert codes(composed(A=able, B=unable, C=f"{T_ID} @shareable a: Int @shareable }}")) == []
    [error] = composed(A=unable, B=f"{sharing} type T {{ b: Int }}").errors
    assert error.code == NO_WAY
    assert '- When calling "Mutation.m" at top-level from subgraph "A":' in error.message
    assert "  mutation {" in error.message.splitlines()


@pytest.mark.parametrize(("label", "expected"), [("x", [NO_WAY]), (None, [])])
def test_a_field_must_be_there_whether_its_label_is_active_or_not(label: str | None, expected: list[str]) -> None:
    given = f', label: "{label}"' if label else ""
    composition = composed(
        A=f"type Query {{ t: T }} {T_ID} }}",
        B=f'{T_ID} a: Int @override(from: "C"{given}) }}',
        C="type T { a: Int }",
    )
    assert sorted(set(codes(composition))) == expected


def test_shared_fields_return_something_in_common() -> None:
    def returning(types: str) -> str:
        return f"type Query {{ u: U @shareable }} union U = {types} " + " ".join(
            f"type {name.strip()} @shareable {{ a: Int }}" for name in types.split("|")
        )

    assert codes(composed(A=returning("X"), B=returning("Y"))) == ["SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"]
    differing = composed(A=returning("X | Y"), B=returning("Y"))
    assert codes(differing) == []
    assert "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN" in hints(differing)
    assert "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN" not in hints(composed(A=returning("X"), B=returning("X")))


def test_there_is_a_limit_to_the_ways_that_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "LIMIT", 0)
    composition = composed(A="type Query { t: T } type T { a: Int }")
    assert codes(composition) == ["MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"]


def test_objects_that_are_had_alike_wait_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "LIMIT", 200)
    types = [f"T{number}" for number in range(20)]
    implementations = {
        name: " ".join(f'type {one} implements I @key(fields: "id") {{ id: ID {name}: I }}' for one in types)
        for name in ("a", "b", "c")
    }
    sdls = {name: f"interface I {{ id: ID }} {text}" for name, text in implementations.items()}
    assert codes(composed(**sdls | {"a": f"type Query {{ i: I all: [I] }} {sdls['a']}"})) == []
