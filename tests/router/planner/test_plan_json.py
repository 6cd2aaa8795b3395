"""The JSON form, as other routers print it. Source: query-planning, "Plan nodes and JSON"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from router.planner.plan_json import to_json
from router.request import Json
from tests.router.planner.planner import Planner, federation
from tests.router.planner.test_context import SHOP as SHOP_WITH_CONTEXT

SHOP = federation(
    products='type Query { products: [Product!]! } type Product @key(fields: "upc") { upc: ID! }',
    stock='type Product @key(fields: "upc") { upc: ID! inStock(at: String): Int }',
)


def test_each_of_several_paths_declares_the_variables_that_it_uses() -> None:
    shop = federation(
        products='type Query { best: Product worst: Product } type Product @key(fields: "upc") { upc: ID! }',
        stock='type Product @key(fields: "upc") { upc: ID! inStock(at: String): Int }',
    )
    plan = shop.query_plan("query ($at: String) { best { inStock(at: $at) } worst { inStock } }")
    flattened = to_json(plan)["node"]["nodes"][1]["nodes"]
    assert [one["node"]["variableUsages"] for one in flattened] == [["at"], []]
    assert [one["node"]["operation"].partition("{")[0] for one in flattened] == [
        "query($representations:[_Any!]!,$at:String)",
        "query($representations:[_Any!]!)",
    ]


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


MEDIA = federation(
    media="""
      type Query { media: [Media!]! }
      interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! isbn: ID! author: Person }
      type Film implements Media @key(fields: "id") { id: ID! }
      type Person @key(fields: "id") { id: ID! }
    """,
    prices="""
      type Book @key(fields: "id") {
        id: ID!
        price(in: String): Int @external
        isDear: Boolean @requires(fields: "price(in: \\"EUR\\")")
      }
      type Person @key(fields: "id") { id: ID! name: String }
    """,
    bank='type Book @key(fields: "id") { id: ID! price(in: String): Int }',
    reviews='type Media @interfaceObject @key(fields: "id") { id: ID! score: Int }',
)


def nodes_of(source: str, planner: Planner = MEDIA) -> Iterator[Mapping[str, Json]]:
    """List the nodes that are not made of others, from outside in."""
    waiting = [to_json(planner.query_plan(source))]
    while waiting:
        node = waiting.pop(0)
        waiting += [node["node"]] if "node" in node else node.get("nodes", [])
        yield node


def test_required_fields_under_another_name_are_renamed_in_the_representation() -> None:
    (fetch,) = [node for node in nodes_of("{ media { ... on Book { isDear } } }") if "inputRewrites" in node]
    assert fetch["requires"] == [
        {
            "kind": "InlineFragment",
            "typeCondition": "Book",
            "selections": [{"kind": "Field", "name": name} for name in ("__typename", "id", "__req_0")],
        }
    ]
    assert fetch["inputRewrites"] == [
        {"kind": "KeyRenamer", "path": ["... on Book", "__req_0"], "renameKeyTo": "price"}
    ]


def test_entities_of_an_interface_object_are_given_its_name() -> None:
    (fetch,) = [node for node in nodes_of("{ media { score } }") if "inputRewrites" in node]
    assert fetch["inputRewrites"] == [
        {"kind": "ValueSetter", "path": ["... on Media", "__typename"], "setValueTo": "Media"}
    ]


def test_steps_of_a_path_tell_the_types_that_go_on() -> None:
    (flatten,) = [node for node in nodes_of("{ media { ... on Book { author { name } } } }") if "path" in node]
    assert flatten["path"] == ["media", "@|[Book]", "author"]


def test_fetches_in_a_row_under_one_condition_share_its_node() -> None:
    plan = to_json(MEDIA.query_plan("query ($s: Boolean!) { media { id ... on Book { isDear @skip(if: $s) } } }"))
    (_, condition) = plan["node"]["nodes"]
    assert (condition["kind"], condition["condition"]) == ("Condition", "s")
    assert [node["node"]["serviceName"] for node in condition["elseClause"]["nodes"]] == ["bank", "prices"]


def test_a_context_is_read_some_objects_up() -> None:
    (_, flatten) = to_json(SHOP_WITH_CONTEXT.query_plan("{ t { us { f } } }"))["node"]["nodes"]
    assert flatten["node"]["variableUsages"] == ["contextualArgument_1_0"]
    assert flatten["node"]["contextRewrites"] == [
        {"kind": "KeyRenamer", "path": ["..", "... on T", "x"], "renameKeyTo": "contextualArgument_1_0"}
    ]


FOUND = federation(
    media="""
      type Query { found: [Found!]! }
      union Found = Book | Film
      type Book { author: Person! }
      type Film { director: Person! }
      type Person @key(fields: "id") { id: ID! }
    """,
    people='type Person @key(fields: "id") { id: ID! name: String }',
)


BY = "{ found { ... on Book { by: author { name } } ... on Film { by: director { name } } } }"


def test_what_was_renamed_for_the_plan_is_named_as_clients_do_in_each_answer() -> None:
    (root,) = [node for node in nodes_of(BY, FOUND) if "outputRewrites" in node]
    assert root["outputRewrites"] == [
        {"kind": "KeyRenamer", "path": ["found", "... on Film", "by__alias_1"], "renameKeyTo": "by"}
    ]


def test_what_follows_goes_by_the_names_of_clients() -> None:
    assert [node["path"] for node in nodes_of(BY, FOUND) if "path" in node] == [
        ["found", "@|[Book]", "by"],
        ["found", "@|[Film]", "by"],
    ]
