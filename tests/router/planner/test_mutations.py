"""Mutations happen in order. Source: GraphQL, "Mutation"."""

from __future__ import annotations

from tests.router.planner.planner import federation

ITEMS = federation(
    a="""
      type Query { q: Int }
      type Mutation { addA: Item alsoA: Int both: Item @shareable }
      type Item @key(fields: "id") { id: ID! a: Int }
    """,
    b="""
      type Mutation { addB: Item both: Item @shareable }
      type Item @key(fields: "id") { id: ID! b: Int }
    """,
)


def test_neighbours_of_one_subgraph_share_a_request_and_the_next_waits_for_all_before() -> None:
    assert ITEMS.plan("mutation { addA { a b } alsoA addB { a b } again: alsoA }") == [
        "Sequence",
        "  Fetch a { addA { __typename a id } alsoA }",
        "  Flatten addA Fetch b (Item { id }) { b }",
        "  Fetch b { addB { __typename id b } }",
        "  Flatten addB Fetch a (Item { id }) { a }",
        "  Fetch a { again: alsoA }",
    ]


def test_a_shared_field_runs_in_one_subgraph_only() -> None:
    assert ITEMS.plan("mutation { both { a b } }") == [
        "Sequence",
        "  Fetch a { both { __typename a id } }",
        "  Flatten both Fetch b (Item { id }) { b }",
    ]


def test_a_shared_field_runs_where_we_are() -> None:
    assert ITEMS.plan("mutation { addB { b } both { b } }") == [
        "Fetch b { addB { b } both { b } }",
    ]
