"""No full plan, no plan."""

from __future__ import annotations

import pytest

from router.planner.plan import PlanError
from router.planner.render import render
from schema.supergraph import Supergraph
from tests.router.planner.planner import Planner

UNSATISFIABLE = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT
directive @join__field(graph: join__Graph) repeatable on FIELD_DEFINITION
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
type Query @join__type(graph: A) @join__type(graph: B) { item: Item @join__field(graph: A) }
type Item @join__type(graph: A) @join__type(graph: B) { a: Int @join__field(graph: A) b: Int @join__field(graph: B) }
"""


def test_a_field_that_no_way_leads_to_fails_the_whole_operation() -> None:
    planner = Planner(Supergraph.parse(UNSATISFIABLE))
    assert render(planner.query_plan("{ item { a } }")) == "Fetch a { item { a } }"
    with pytest.raises(PlanError, match=r"'Item\.b'"):
        planner.query_plan("{ item { a b } }")
