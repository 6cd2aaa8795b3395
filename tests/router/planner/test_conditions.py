"""`@skip` and `@include` on variables."""

from __future__ import annotations

from tests.router.planner.planner import federation

SHOP = federation(
    inventory="""
      type Query { products: [Product!]! product: Product }
      type Product @key(fields: "upc") {
        upc: ID!
        name: String
        weight: Int @external
        heavy: Boolean @requires(fields: "weight")
      }
    """,
    facts='type Product @key(fields: "upc") { upc: ID! weight: Int note: String }',
)


def test_a_condition_stays_in_the_selection() -> None:
    assert SHOP.plan("query ($s: Boolean!) { products { upc name @include(if: $s) } }") == [
        "Fetch inventory { products { upc name @include(if: $s) } }",
    ]


def test_fetches_that_serve_only_a_conditional_field_are_conditional() -> None:
    assert SHOP.plan("query ($s: Boolean!) { products { upc heavy @include(if: $s) } }") == [
        "Sequence",
        "  Fetch inventory { products { __typename upc } }",
        "  If $s Flatten products.@ Fetch facts (Product { upc }) { weight }",
        "  If $s Flatten products.@ Fetch inventory (Product { upc weight }) { heavy }",
    ]


def test_a_fetch_with_something_unconditional_is_not() -> None:
    assert SHOP.plan("query ($s: Boolean!) { products { heavy @include(if: $s) note } }") == [
        "Sequence",
        "  Fetch inventory { products { __typename upc } }",
        "  Flatten products.@ Fetch facts (Product { upc }) { weight @include(if: $s) note }",
        "  If $s Flatten products.@ Fetch inventory (Product { upc weight }) { heavy }",
    ]


def test_two_conditions_of_a_field_both_hold() -> None:
    assert SHOP.plan("query ($s: Boolean!, $t: Boolean!) { products { upc note @include(if: $s) @skip(if: $t) } }") == [
        "Sequence",
        "  Fetch inventory { products { __typename upc } }",
        "  If $s Unless $t Flatten products.@ Fetch facts (Product { upc }) { note }",
    ]


def test_two_skips_need_a_group() -> None:
    assert SHOP.plan(
        "query ($s: Boolean!, $t: Boolean!) { product { upc ... @skip(if: $s) { name @skip(if: $t) } } }"
    ) == [
        "Fetch inventory { product { upc ... @skip(if: $t) { name @skip(if: $s) } } }",
    ]


def test_a_field_needed_under_either_of_two_conditions_is_asked_under_each() -> None:
    assert SHOP.plan(
        "query ($s: Boolean!, $t: Boolean!) { product { upc name @include(if: $s) } product { name @include(if: $t) } }"
    ) == [
        "Fetch inventory { product { upc name @include(if: $s) name @include(if: $t) } }",
    ]


def test_a_skipped_root_field_makes_no_request() -> None:
    assert SHOP.plan("query ($s: Boolean!) { products @skip(if: $s) { note } }") == [
        "Sequence",
        "  Unless $s Fetch inventory { products { __typename upc } }",
        "  Unless $s Flatten products.@ Fetch facts (Product { upc }) { note }",
    ]


def test_an_object_is_there_when_all_its_fields_are_skipped() -> None:
    assert SHOP.plan("query ($s: Boolean!) { product { name @skip(if: $s) } }") == [
        "Fetch inventory { product { name @skip(if: $s) } }",
    ]


def test_what_is_required_under_a_condition_is_not_awaited_without_it() -> None:
    shop = federation(
        catalog='type Query { product: Product } type Product @key(fields: "upc") { upc: ID! }',
        facts='type Product @key(fields: "upc") { upc: ID! weight: Int! }',
        stock="""
          type Product @key(fields: "upc") {
            upc: ID!
            left: Int
            weight: Int! @external
            heavy: Boolean @requires(fields: "weight")
          }
        """,
    )
    assert shop.plan("query ($s: Boolean!) { product { left heavy @skip(if: $s) } }") == [
        "Sequence",
        "  Fetch catalog { product { __typename upc } }",
        "  Parallel",
        "    Flatten product Fetch stock (Product { upc }) { left }",
        "    Unless $s Flatten product Fetch facts (Product { upc }) { weight }",
        "  Unless $s Flatten product Fetch stock (Product { upc weight }) { heavy }",
    ]
