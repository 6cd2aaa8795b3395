"""Moving between subgraphs by key."""

from __future__ import annotations

from tests.router.planner.planner import federation

SHOP = federation(
    products="""
      type Query { products: [Product!]! product(upc: ID!): Product }
      type Product @key(fields: "upc") { upc: ID! name: String }
    """,
    inventory="""
      type Product @key(fields: "upc") { upc: ID! inStock: Int stores: [[Store!]!] }
      type Store @key(fields: "id", resolvable: false) { id: ID! }
    """,
    stores="""
      type Query { stores: [Store!] }
      type Store @key(fields: "id") { id: ID! number: Int @shareable region: Region @shareable city: String }
      type Region @shareable { code: ID! }
    """,
    rent="""
      type Store @key(fields: "region { code } number") { number: Int @shareable region: Region @shareable rent: Float }
      type Region @shareable { code: ID! }
    """,
)


def test_what_one_subgraph_resolves_is_one_fetch() -> None:
    assert SHOP.plan("{ products { upc name } }") == [
        "Fetch products { products { upc name } }",
    ]


def test_a_field_of_another_subgraph_is_fetched_by_the_key() -> None:
    assert SHOP.plan("{ products { inStock } }") == [
        "Sequence",
        "  Fetch products { products { __typename upc } }",
        "  Flatten products.@ Fetch inventory (Product { upc }) { inStock }",
    ]


def test_independent_root_fields_are_fetched_in_parallel() -> None:
    assert SHOP.plan("query ($upc: ID!) { product(upc: $upc) { inStock } stores { city } }") == [
        "Sequence",
        "  Parallel",
        "    Fetch products { product(upc:$upc) { __typename upc } }",
        "    Fetch stores { stores { city } }",
        "  Flatten product Fetch inventory (Product { upc }) { inStock }",
    ]


def test_every_level_of_a_nested_list_is_entered() -> None:
    assert SHOP.plan("{ products { stores { city } } }") == [
        "Sequence",
        "  Fetch products { products { __typename upc } }",
        "  Flatten products.@ Fetch inventory (Product { upc }) { stores { __typename id } }",
        "  Flatten products.@.stores.@.@ Fetch stores (Store { id }) { city }",
    ]


def test_a_compound_key_is_fetched_where_it_can_be() -> None:
    assert SHOP.plan("{ products { stores { rent } } }") == [
        "Sequence",
        "  Fetch products { products { __typename upc } }",
        "  Flatten products.@ Fetch inventory (Product { upc }) { stores { __typename id } }",
        "  Flatten products.@.stores.@.@ Fetch stores (Store { id }) { region { code } number }",
        "  Flatten products.@.stores.@.@ Fetch rent (Store { region { code } number }) { rent }",
    ]


def test_a_nested_key_is_selected_beside_the_fields() -> None:
    assert SHOP.plan("{ stores { rent } }") == [
        "Sequence",
        "  Fetch stores { stores { __typename region { code } number } }",
        "  Flatten stores.@ Fetch rent (Store { region { code } number }) { rent }",
    ]


def test_entities_at_two_paths_travel_in_one_request() -> None:
    assert SHOP.plan("{ a: products { inStock } b: products { inStock name } }") == [
        "Sequence",
        "  Fetch products { a: products { __typename upc } b: products { __typename upc name } }",
        "  Fetch inventory",
        "    Flatten a.@ (Product { upc }) { inStock }",
        "    Flatten b.@ (Product { upc }) { inStock }",
    ]


def test_a_key_whose_name_the_client_gave_away_has_a_name_of_its_own() -> None:
    assert SHOP.plan("{ products { upc: name inStock } }") == [
        "Sequence",
        "  Fetch products { products { __typename upc: name __req_0: upc } }",
        "  Flatten products.@ Fetch inventory (Product { __req_0: upc }) { inStock }",
    ]


def test_a_root_typename_makes_no_fetch() -> None:
    assert SHOP.plan("{ __typename }") == []
