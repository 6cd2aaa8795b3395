"""Moving through the query graph, with what each move requires."""

from __future__ import annotations

from schema.query_graph.advance import Advance
from schema.query_graph.build import build
from schema.query_graph.path import EnterEntity, Path, TakeField
from schema.query_graph.selection import Field
from schema.supergraph import Supergraph
from tests.router.planner.planner import federation

FEDERATION = federation(
    a="""
      type Query { item: Item }
      type Item @key(fields: "id") @key(fields: "code", resolvable: false) { id: ID! code: ID! @shareable a: Int }
    """,
    b='type Item @key(fields: "id") { id: ID! b: Int x: Int @external c: Int @requires(fields: "x") }',
    c='type Item @key(fields: "id") { id: ID! d: Int @external x: Int @requires(fields: "d") }',
    d='type Item @key(fields: "code") { code: ID! @shareable d: Int }',
    lost='type Item @key(fields: "id", resolvable: false) { id: ID! }',
)


def field(name: str) -> Field:
    return Field(name, name)


def item(advance: Advance) -> Path:
    (start, *_) = advance.roots("Query")
    path = advance.direct(start, field("item"))
    assert path is not None
    return path


def told(path: Path) -> list[str]:
    """Write a path as the subgraphs it enters and the fields it takes."""
    steps: list[str] = []
    for one in reversed(list(path.steps_back())):
        if isinstance(one.step, TakeField):
            steps.append(one.step.response_name)
        elif isinstance(one.step, EnterEntity):
            steps.append(f"{one.node.subgraph} by {', '.join(required.position[-1] for required in one.requires)}")
    return steps


def test_a_field_is_taken_where_it_is() -> None:
    advance = Advance(FEDERATION.graph)
    path = advance.direct(item(advance), field("a"))
    assert path is not None
    assert told(path) == ["item", "a"]
    assert (path.depth, len(path.entries)) == (1, 1)


def test_a_field_that_is_elsewhere_is_not_here() -> None:
    advance = Advance(FEDERATION.graph)
    assert advance.direct(item(advance), field("b")) is None


def test_every_subgraph_with_a_resolvable_key_can_be_entered() -> None:
    advance = Advance(FEDERATION.graph)
    assert [told(path) for path in advance.reached(item(advance))] == [
        ["item", "b by id"],
        ["item", "c by id"],
        ["item", "d by code"],
    ]


def test_what_a_field_requires_may_require_something_itself() -> None:
    advance = Advance(FEDERATION.graph)
    (path,) = advance.indirect(item(advance), field("c"))
    assert told(path) == ["item", "b by id, x", "c"]
    assert path.depth == 4
    assert {node.subgraph for _, node in path.entries} == {"a", "b", "c", "d"}


def test_equal_ways_are_one_path() -> None:
    advance = Advance(FEDERATION.graph)
    assert advance.indirect(item(advance), field("c")) == advance.indirect(item(advance), field("c"))


CIRCLE = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT
directive @join__field(graph: join__Graph, requires: join__FieldSet, external: Boolean) repeatable on FIELD_DEFINITION
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
type Query @join__type(graph: A) @join__type(graph: B) { item: Item @join__field(graph: A) }
type Item @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  x: Int @join__field(graph: A, external: true) @join__field(graph: B, requires: "y")
  y: Int @join__field(graph: A, requires: "x") @join__field(graph: B, external: true)
}
"""


def test_requirements_that_go_round_lead_nowhere() -> None:
    advance = Advance(build(Supergraph.parse(CIRCLE)))
    assert advance.indirect(item(advance), field("x")) == []
    assert advance.direct(item(advance), field("y")) is None
