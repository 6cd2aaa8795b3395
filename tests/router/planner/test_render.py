"""The JSON form, as other routers print it. Source: query-planning, "Plan nodes and JSON"."""

from __future__ import annotations

from router.planner.render import to_json
from tests.router.planner.planner import federation

SHOP = federation(
    products='type Query { products: [Product!]! } type Product @key(fields: "upc") { upc: ID! }',
    stock='type Product @key(fields: "upc") { upc: ID! inStock(at: String): Int }',
)


def test_an_entity_fetch_is_flattened_and_conditional() -> None:
    plan = SHOP.query_plan(
        'query Q($s: Boolean!, $at: String = "a") { products { inStock(at: $at) @include(if: $s) } }'
    )
    assert to_json(plan) == {
        "kind": "QueryPlan",
        "node": {
            "kind": "Sequence",
            "nodes": [
                {
                    "kind": "Fetch",
                    "serviceName": "products",
                    "variableUsages": ["s"],
                    "operation": "query Q__products__0($s:Boolean!){products{__typename upc@include(if:$s)}}",
                    "operationKind": "query",
                    "operationName": "Q__products__0",
                },
                {
                    "kind": "Condition",
                    "condition": "s",
                    "ifClause": {
                        "kind": "Flatten",
                        "path": ["products", "@"],
                        "node": {
                            "kind": "Fetch",
                            "serviceName": "stock",
                            "variableUsages": ["at"],
                            "operation": 'query Q__stock__1($representations:[_Any!]!,$at:String="a")'
                            "{_entities(representations:$representations){... on Product{inStock(at:$at)}}}",
                            "operationKind": "query",
                            "operationName": "Q__stock__1",
                            "requires": [
                                {
                                    "kind": "InlineFragment",
                                    "typeCondition": "Product",
                                    "selections": [
                                        {"kind": "Field", "name": "__typename"},
                                        {"kind": "Field", "name": "upc"},
                                    ],
                                }
                            ],
                        },
                    },
                },
            ],
        },
    }


def test_a_plan_that_fetches_nothing_has_no_node() -> None:
    assert to_json(SHOP.query_plan("{ __typename }")) == {"kind": "QueryPlan"}
