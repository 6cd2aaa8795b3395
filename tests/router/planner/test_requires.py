"""`@requires`: what a field needs in its representation."""

from __future__ import annotations

from tests.router.planner.planner import federation

SHIPPING = federation(
    inventory="""
      type Query { inStock: [Product!]! }
      type Product @key(fields: "upc") {
        upc: ID!
        weight: Int @external
        price(currency: String): Int @external
        shippingEstimate: Int @requires(fields: "weight price(currency: \\"USD\\")")
        customs: Int @requires(fields: "price(currency: \\"EUR\\")")
        heavy: Boolean @requires(fields: "weight")
      }
    """,
    products="""
      type Product @key(fields: "upc") {
        upc: ID!
        weight: Int
        price(currency: String): Int
        heavy: Boolean @external
        taxed: Boolean @requires(fields: "heavy")
      }
    """,
    facts='type Product @key(fields: "upc") { upc: ID! note: String }',
)


def test_a_required_field_is_fetched_before_the_field_that_needs_it() -> None:
    assert SHIPPING.plan("{ inStock { heavy } }") == [
        "Sequence",
        "  Fetch inventory { inStock { __typename upc } }",
        "  Flatten inStock.@ Fetch products (Product { upc }) { weight }",
        "  Flatten inStock.@ Fetch inventory (Product { upc weight }) { heavy }",
    ]


def test_a_required_field_with_arguments_has_a_name_of_its_own() -> None:
    assert SHIPPING.plan("{ inStock { shippingEstimate } }") == [
        "Sequence",
        "  Fetch inventory { inStock { __typename upc } }",
        '  Flatten inStock.@ Fetch products (Product { upc }) { weight __req_0: price(currency:"USD") }',
        (
            "  Flatten inStock.@ Fetch inventory "
            '(Product { upc weight __req_0: price(currency:"USD") }) { shippingEstimate }'
        ),
    ]


def test_different_arguments_of_one_required_field_are_told_in_two_representations() -> None:
    assert SHIPPING.plan('{ inStock { shippingEstimate customs price(currency: "CHF") } }') == [
        "Sequence",
        "  Fetch inventory { inStock { __typename upc } }",
        (
            "  Flatten inStock.@ Fetch products (Product { upc }) { "
            'weight __req_0: price(currency:"USD") __req_1: price(currency:"EUR") price(currency:"CHF") }'
        ),
        "  Fetch inventory",
        '    Flatten inStock.@ (Product { upc weight __req_0: price(currency:"USD") }) { shippingEstimate }',
        '    Flatten inStock.@ (Product { upc __req_1: price(currency:"EUR") }) { customs }',
    ]


def test_what_is_required_may_require_something_itself() -> None:
    assert SHIPPING.plan("{ inStock { taxed } }") == [
        "Sequence",
        "  Fetch inventory { inStock { __typename upc } }",
        "  Flatten inStock.@ Fetch products (Product { upc }) { weight }",
        "  Flatten inStock.@ Fetch inventory (Product { upc weight }) { heavy }",
        "  Flatten inStock.@ Fetch products (Product { upc heavy }) { taxed }",
    ]


def test_what_does_not_wait_for_a_requirement_is_fetched_beside_it() -> None:
    assert SHIPPING.plan("{ inStock { heavy note weight } }") == [
        "Sequence",
        "  Fetch inventory { inStock { __typename upc } }",
        "  Parallel",
        "    Flatten inStock.@ Fetch products (Product { upc }) { weight }",
        "    Flatten inStock.@ Fetch facts (Product { upc }) { note }",
        "  Flatten inStock.@ Fetch inventory (Product { upc weight }) { heavy }",
    ]
