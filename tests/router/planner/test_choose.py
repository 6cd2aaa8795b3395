"""The cheapest of several ways."""

from __future__ import annotations

from tests.router.planner.planner import federation

USERS = federation(
    a="""
      type Query { user: User @shareable again: Query }
      type User @key(fields: "id") { id: ID! name: String @shareable a: Int }
    """,
    b="""
      type Query { user: User @shareable b: Int }
      type User @key(fields: "id") { id: ID! name: String @shareable b: Int }
    """,
    details="""
      type Product @key(fields: "id pid") { id: ID! pid: ID! category: Category @shareable }
      type Category { id: ID! @shareable details: String }
    """,
    listing="""
      type Query { products: [Product!]! }
      type Product @key(fields: "id pid") { id: ID! pid: ID! category: Category @shareable }
      type Category { id: ID! @shareable }
    """,
)


def test_the_first_subgraph_is_taken_where_all_cost_the_same() -> None:
    assert USERS.plan("{ user { name } }") == [
        "Fetch a { user { name } }",
    ]


def test_a_shared_field_is_taken_where_the_others_are() -> None:
    assert USERS.plan("{ user { name b } }") == [
        "Fetch b { user { name b } }",
    ]


def test_two_requests_at_once_come_before_two_in_a_row() -> None:
    assert USERS.plan("{ user { a b } }") == [
        "Parallel",
        "  Fetch a { user { a } }",
        "  Fetch b { user { b } }",
    ]


def test_a_child_without_a_key_is_reached_through_its_parent() -> None:
    assert USERS.plan("{ products { category { id details } } }") == [
        "Sequence",
        "  Fetch listing { products { __typename category { id } id pid } }",
        "  Flatten products.@ Fetch details (Product { id pid }) { category { details } }",
    ]


def test_the_query_type_is_entered_anew_below_a_field() -> None:
    assert USERS.plan("{ again { b } }") == [
        "Sequence",
        "  Fetch a { again { __typename } }",
        "  Flatten again Fetch b { b }",
    ]


PAIRS = federation(
    root='type Query { p: P } type P @key(fields: "id") { id: ID! }',
    **{
        f"s{one:02}": f"""type P @key(fields: "id") {{
          id: ID! f{one}: Int @shareable f{(one + 1) % 22}: Int @shareable
        }}"""
        for one in range(22)
    },
)


def test_many_fields_that_each_two_subgraphs_have_are_asked_of_half_of_them() -> None:
    query = PAIRS.query_plan(f"{{ p {{ {' '.join(f'f{one}' for one in range(22))} }} }}")
    assert len(query.fetches) == 1 + 22 // 2
