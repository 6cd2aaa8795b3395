"""Arguments from contexts: `@context` and `@fromContext`."""

from __future__ import annotations

import pytest

from router.planner.model import ContextVariable, Each, EntitySelection
from schema.compose.compose import compose
from schema.query_graph.selection import Field
from schema.subgraph import SubgraphSource
from schema.supergraph import Supergraph
from tests.router.planner.planner import Planner

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@external", "@shareable", "@context", "@fromContext"])
"""


def federation(**subgraphs: str) -> Planner:
    composition = compose([SubgraphSource(name, f"http://{name}", LINK + sdl) for name, sdl in subgraphs.items()])
    assert composition.supergraph_sdl is not None, composition.errors
    return Planner(Supergraph.parse(composition.supergraph_sdl))


SHOP = federation(
    a="""
      type Query { t: T ts: [T!]! }
      type T @key(fields: "id") @context(name: "c") { id: ID! x: Int us: [U!]! more: W }
      type U @key(fields: "id") {
        id: ID!
        plain: Int
        f(of: Int, a: Int @fromContext(field: "$c { x }")): Int
      }
      type W { u: U }
    """,
    b="""
      type Query { others: [T!]! }
      type T @key(fields: "id") { id: ID! y: Int }
      type U @key(fields: "id") { id: ID! other: Int }
    """,
)
UNION = federation(
    a="""
      type Query { any: [Any!]! }
      union Any = V | W
      type V @context(name: "c") { v: Int u: U @shareable }
      type W @context(name: "c") { w: Int u: U @shareable }
      type U @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c ... on V { v } ... on W { w }")): Int }
    """,
    b='type U @key(fields: "id") { id: ID! other: Int }',
)


def test_the_object_is_entered_again_when_the_value_is_known() -> None:
    assert SHOP.plan("{ t { us { plain f } } }") == [
        "Sequence",
        "  Fetch a { t { us { __typename plain id } x } }",
        "  Flatten t.us.@ Fetch a (U { id }) { f(a:$contextualArgument_1_0) } with $contextualArgument_1_0 = t { x }",
    ]


def test_the_value_is_read_of_the_object_that_set_it() -> None:
    (_, again) = SHOP.query_plan("{ ts { us { f(of: 3) } } }").fetches
    (select,) = again.selections
    assert isinstance(select, EntitySelection)
    assert select.context == (
        ContextVariable("contextualArgument_1_0", "Int", ("ts", Each.ITEM), "T", (Field("x", "x"),)),
    )
    assert [(one.name, one.type) for one in again.variables] == [("contextualArgument_1_0", "Int")]


def test_the_object_may_be_deep_below_and_come_from_another_subgraph() -> None:
    assert SHOP.plan("{ others { more { u { f } } } }") == [
        "Sequence",
        "  Fetch b { others { __typename id } }",
        "  Flatten others.@ Fetch a (T { id }) { more { u { __typename id } } x }",
        (
            "  Flatten others.@.more.u Fetch a (U { id }) { f(a:$contextualArgument_1_0) }"
            " with $contextualArgument_1_0 = others.@ { x }"
        ),
    ]


def test_each_type_that_sets_the_context_has_a_selection_of_its_own() -> None:
    assert UNION.plan("{ any { ... on V { u { f } } ... on W { u { f } } } }") == [
        "Sequence",
        "  Fetch a { any { __typename ... on V { u { __typename id } v } ... on W { u { __typename id } w } } }",
        "  Fetch a",
        (
            "    Flatten any.@.[V].u (U { id }) { f(a:$contextualArgument_1_0) }"
            " with $contextualArgument_1_0 = any.@.[V] { v }"
        ),
        (
            "    Flatten any.@.[W].u (U { id }) { f(a:$contextualArgument_1_0) }"
            " with $contextualArgument_1_0 = any.@.[W] { w }"
        ),
    ]


@pytest.mark.parametrize(
    ("imported", "sets", "takes"),
    [
        ('{name: "@context", as: "@scope"}, {name: "@fromContext", as: "@scoped"}', "scope", "scoped"),
        ('"@external"', "federation__context", "federation__fromContext"),
    ],
)
def test_the_directives_may_have_other_names(imported: str, sets: str, takes: str) -> None:
    sdl = f"""
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", {imported}])
      type Query {{ t: T }}
      type T @{sets}(name: "c") {{ x: Int u: U }}
      type U @key(fields: "id") {{ id: ID! f(a: Int @{takes}(field: "$c {{ x }}")): Int }}
    """
    composition = compose([SubgraphSource("a", "http://a", sdl)])
    assert composition.supergraph_sdl is not None, composition.errors
    assert Planner(Supergraph.parse(composition.supergraph_sdl)).plan("{ t { u { f } } }") == [
        "Sequence",
        "  Fetch a { t { u { __typename id } x } }",
        "  Flatten t.u Fetch a (U { id }) { f(a:$contextualArgument_1_0) } with $contextualArgument_1_0 = t { x }",
    ]


ELSEWHERE = federation(
    a="""
      type T @key(fields: "id") @context(name: "c") { id: ID! x: Int @external u: U }
      type U @key(fields: "id") { id: ID! f(a: Int @fromContext(field: "$c { x }")): Int }
    """,
    b="""
      type Query { t: T }
      type T @key(fields: "id") { id: ID! x: Int }
    """,
)


def test_the_value_may_be_where_the_object_came_from() -> None:
    assert ELSEWHERE.plan("{ t { u { f } } }") == [
        "Sequence",
        "  Fetch b { t { __typename id x } }",
        "  Flatten t Fetch a (T { id }) { u { __typename id } }",
        "  Flatten t.u Fetch a (U { id }) { f(a:$contextualArgument_1_0) } with $contextualArgument_1_0 = t { x }",
    ]
