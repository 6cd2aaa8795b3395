from __future__ import annotations

from schema.compose.read.build import build_subgraph
from schema.errors import Report
from schema.federation import Version
from schema.subgraph import Subgraph, SubgraphSource


def built(sdl: str) -> Subgraph:
    report = Report()
    subgraph = build_subgraph(SubgraphSource("a", "http://a", sdl, "a.graphql"), report)
    assert not report.errors, [error.render() for error in report.errors]
    assert subgraph is not None
    return subgraph


def linked(imports: str, sdl: str, alias: str = "") -> Subgraph:
    url = "https://specs.apollo.dev/federation/v2.9"
    return built(f'extend schema @link(url: "{url}"{alias}, import: [{imports}]) {sdl}')


def test_a_subgraph_that_links_no_federation_is_of_federation_1() -> None:
    assert built("type Query { a: Int }").federation is None
    assert linked("", "type Query { a: Int }").federation == Version(2, 9)


def test_directives_are_known_by_their_spec_name_whatever_they_are_called() -> None:
    renamed = linked('{name: "@key", as: "@id"}', 'type Query { t: T } type T @id(fields: "id") { id: ID }')
    assert renamed.types["T"].has("key")
    prefixed = linked("", 'type Query { t: T } type T @federation__key(fields: "id") { id: ID }')
    assert prefixed.types["T"].has("key")
    aliased = linked("", 'type Query { t: T } type T @fed__key(fields: "id") { id: ID }', ', as: "fed"')
    assert aliased.types["T"].has("key")


def test_blocks_are_joined_and_remembered() -> None:
    subgraph = linked('"@shareable"', "extend type T { b: Int } type T @shareable { a: Int } type Query { t: T }")
    definition = subgraph.types["T"]
    assert [block.is_extension for block in definition.blocks] == [False, True]
    assert {name: one.block for name, one in definition.fields.items()} == {"a": 0, "b": 1}
    assert [one.block for one in definition.applied("shareable")] == [0]


def test_root_types_get_their_default_names() -> None:
    subgraph = built("schema { query: Q mutation: M } type Q { q: Q } type M { m: M }")
    assert subgraph.types["Query"].fields["q"].type == "Query"
    assert subgraph.types["Mutation"].fields["m"].type == "Mutation"
    assert not {"Q", "M"} & subgraph.types.keys()


def test_what_federation_adds_is_not_of_the_subgraph() -> None:
    subgraph = built("""
        scalar _Any scalar _FieldSet union _Entity = T type _Service { sdl: String }
        directive @key(fields: _FieldSet!) repeatable on OBJECT | INTERFACE
        type Query { a: T _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }
        type T @key(fields: "id") { id: ID }
    """)
    assert set(subgraph.types) == {"Query", "T"}
    assert set(subgraph.types["Query"].fields) == {"a"}
    assert not subgraph.directives


def test_a_subgraph_without_queries_has_a_query_type_all_the_same() -> None:
    assert "Query" in built("type T { a: Int }").types


def test_every_element_knows_where_it_is_written() -> None:
    subgraph = built("type Query {\n  a: Int\n}")
    assert str(subgraph.locate(subgraph.types["Query"].fields["a"].node)) == "a a.graphql:2"
