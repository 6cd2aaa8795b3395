"""Which override labels an operation depends on."""

from __future__ import annotations

import pytest
from graphql import get_operation_ast, parse

from router.operation.normalize import normalize
from router.planner.override_labels import OverrideLabels
from router.planner.render import render
from schema.compose.compose import compose
from schema.subgraph import SubgraphSource
from schema.supergraph import Supergraph
from tests.router.planner.planner import LINK, Planner, federation

SHOP = federation(
    old="""
      type Query { item: Item thing: Thing plain: Int }
      interface Thing { code: String }
      type Item implements Thing @key(fields: "id") {
        id: ID! code: String name: String @shareable size: Int weight: Int
      }
    """,
    new="""
      type Query { plain: Int @override(from: "old", label: "root") }
      type Item @key(fields: "id") {
        id: ID!
        code: String @override(from: "old", label: "code")
        size: Int @override(from: "old", label: "percent(1)")
        weight: Int @override(from: "old", label: "weight")
      }
    """,
    parcels="""
      type Item @key(fields: "id") { id: ID! weight: Int @external price: Int @requires(fields: "weight") }
    """,
    names="""
      type Item @key(fields: "name") { name: String @shareable nick: String }
    """,
)


def labels_of(planner: Planner, source: str) -> set[str]:
    document = parse(source)
    definition = get_operation_ast(document)
    assert definition is not None
    schema = planner.supergraph.api_schema
    return set(OverrideLabels(planner.supergraph).of(normalize(document, definition, schema)))


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("{ item { id } }", set()),
        ("{ item { size } }", {"percent(1)"}),
        ("{ plain }", {"root"}),
        ("{ item { ... on Thing { code } size } }", {"code", "percent(1)"}),
        ("{ thing { code } }", {"code"}),
        ("{ item { price } }", {"weight"}),
        ("{ thing { ... on Item { size } } __typename }", {"percent(1)"}),
    ],
)
def test_the_labels_on_what_is_selected_or_required_matter(query: str, labels: set[str]) -> None:
    assert labels_of(SHOP, query) == labels


def test_labels_on_the_fields_of_a_key_matter() -> None:
    keys = federation(
        a='type Query { item: Item } type Item @key(fields: "id") { id: ID! sku: ID! @shareable }',
        b='type Item @key(fields: "id") { id: ID! sku: ID! @shareable @override(from: "a", label: "moved") }',
        c='type Item @key(fields: "sku") { sku: ID! @shareable price: Int }',
    )
    assert labels_of(keys, "{ item { price } }") == {"moved"}


@pytest.mark.parametrize("query", ["{ item { size price } }", "{ item { nick } }", "{ thing { code } plain }"])
def test_labels_that_do_not_matter_change_no_plan(query: str) -> None:
    known = OverrideLabels(SHOP.supergraph).known
    matter = labels_of(SHOP, query)
    assert render(SHOP.query_plan(query, *known)) == render(SHOP.query_plan(query, *matter))
    assert render(SHOP.query_plan(query, *(known - matter))) == render(SHOP.query_plan(query))


def test_a_supergraph_without_labels_knows_none() -> None:
    plain = federation(a="type Query { a: Int }")
    assert (OverrideLabels(plain.supergraph).known, labels_of(plain, "{ a }")) == (frozenset(), set())


def test_labels_on_what_an_argument_reads_above_matter() -> None:
    link = LINK.replace("v2.7", "v2.9").replace('"@key",', '"@key", "@context", "@fromContext",')
    sdls = {
        "a": """
          type Query { top: Top }
          type Top @key(fields: "id") @context(name: "c") { id: ID! unit: Unit below: Below }
          type Unit @key(fields: "id") { id: ID! code: String }
          type Below @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { unit { code } }")): Int }
        """,
        "b": 'type Unit @key(fields: "id") { id: ID! code: String @override(from: "a", label: "units") }',
    }
    composition = compose([SubgraphSource(name, f"http://{name}", link + sdl) for name, sdl in sdls.items()])
    assert composition.supergraph_sdl is not None, composition.errors
    planner = Planner(Supergraph.parse(composition.supergraph_sdl))
    assert labels_of(planner, "{ top { below { f } } }") == {"units"}
    assert labels_of(planner, "{ top { below { id } } }") == set()
    plans = [render(planner.query_plan("{ top { below { f } } }", *labels)) for labels in ([], ["units"])]
    assert ["Fetch b" in plan for plan in plans] == [False, True]
