"""Reading supergraphs of every join version. Source: federation-directives, "Reading the supergraph back"."""

from __future__ import annotations

import pytest

from schema.query_graph.field_set import parse_field_set
from schema.subgraph_view import Label
from schema.supergraph import InvalidSupergraph, Supergraph

JOIN_1 = """
schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1")
{ query: Query }
directive @core(feature: String!) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet) on FIELD_DEFINITION
scalar join__FieldSet
enum join__Graph { ACCOUNTS @join__graph(name: "accounts", url: "a") REVIEWS @join__graph(name: "reviews", url: "r") }
type Query { me: User @join__field(graph: ACCOUNTS) address: Address @join__field(graph: REVIEWS) }
type User @join__owner(graph: ACCOUNTS) @join__type(graph: ACCOUNTS, key: "id") @join__type(graph: REVIEWS, key: "id") {
  id: ID! @join__field(graph: ACCOUNTS)
  name: Name
  reviews: [String] @join__field(graph: REVIEWS, requires: "name { first }")
}
type Name { first: String }
type Address { street: Street, of: Owner }
type Street { name: String }
union Owner = User | Firm
type Firm { name: String }
"""

JOIN_4 = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.4", for: EXECUTION)
{ query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false,
  resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String,
  external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String) repeatable on FIELD_DEFINITION
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { A_1 @join__graph(name: "a-1", url: "http://a") B @join__graph(name: "b", url: "http://b") }
type Query @join__type(graph: A_1) @join__type(graph: B) { media: [Media!]! @join__field(graph: A_1) }
interface Media @join__type(graph: A_1, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) {
  id: ID!
  score: Int @join__field(graph: B)
}
type Book implements Media @join__implements(graph: A_1, interface: "Media") @join__type(graph: A_1, key: "id")
  @join__type(graph: B, key: "id", resolvable: false) {
  id: ID!
  score: Int @join__field
  title: String @join__field(graph: A_1, type: "String!") @join__field(graph: B, type: "String", external: true)
  size: Int @join__field(graph: A_1, overrideLabel: "x", usedOverridden: true)
    @join__field(graph: B, override: "a-1", overrideLabel: "x")
  old: Int @join__field(graph: A_1, usedOverridden: true) @join__field(graph: B, override: "a-1")
}
union Any @join__type(graph: A_1) @join__type(graph: B) @join__unionMember(graph: A_1, member: "Book")
  @join__unionMember(graph: B, member: "Other") = Book | Other
type Other @join__type(graph: B) { x: Int }
"""


def test_subgraphs_are_known_by_name() -> None:
    supergraph = Supergraph.parse(JOIN_4)
    assert [(one.name, one.graph, one.url) for one in supergraph.subgraphs.values()] == [
        ("a-1", "A_1", "http://a"),
        ("b", "B", "http://b"),
    ]
    assert set(supergraph.views) == {"a-1", "b"}


def test_join_1_gives_fields_to_the_owner_and_keys_to_all_that_list_them() -> None:
    views = Supergraph.parse(JOIN_1).views
    assert {name for name, field in views["accounts"]["User"].fields.items() if field.is_resolvable} == {"id", "name"}
    assert set(views["reviews"]["User"].fields) == {"id", "reviews"}
    assert views["reviews"]["User"].fields["reviews"].requires == parse_field_set("name { first }")
    assert "first" in views["reviews"]["Name"].fields


def test_join_1_gives_value_types_to_the_subgraphs_whose_types_mention_them() -> None:
    views = Supergraph.parse(JOIN_1).views
    assert set(views["accounts"]) == {"Query", "User", "Name"}
    assert set(views["reviews"]) == {"Query", "User", "Name", "Address", "Street", "Owner", "Firm"}


def test_an_interface_object_is_an_object_in_its_subgraph() -> None:
    views = Supergraph.parse(JOIN_4).views
    assert views["a-1"]["Media"].is_abstract
    assert views["a-1"]["Media"].possible_types == {"Book"}
    assert views["b"]["Media"].is_interface_object
    assert not views["b"]["Media"].is_abstract


def test_a_field_that_an_interface_object_stands_for_is_in_no_subgraph() -> None:
    views = Supergraph.parse(JOIN_4).views
    assert all("score" not in views[name]["Book"].fields for name in views)
    assert set(views["a-1"]["Media"].fields) == {"id"}


def test_each_subgraph_has_its_own_type_of_a_field() -> None:
    views = Supergraph.parse(JOIN_4).views
    assert views["a-1"]["Book"].fields["title"].type == "String!"
    assert views["b"]["Book"].fields["title"].type == "String"


def test_external_and_overridden_fields_are_declared_but_not_resolvable() -> None:
    views = Supergraph.parse(JOIN_4).views
    assert not views["b"]["Book"].fields["title"].is_resolvable
    assert not views["a-1"]["Book"].fields["old"].is_resolvable
    assert views["b"]["Book"].fields["old"].is_resolvable


def test_a_labelled_override_leaves_both_fields_with_their_conditions() -> None:
    views = Supergraph.parse(JOIN_4).views
    assert views["a-1"]["Book"].fields["size"].label == Label("x", wanted=False)
    assert views["b"]["Book"].fields["size"].label == Label("x", wanted=True)
    assert views["a-1"]["Book"].fields["size"].is_resolvable


def test_members_of_a_union_differ_by_subgraph() -> None:
    supergraph = Supergraph.parse(JOIN_4)
    assert supergraph.views["a-1"]["Any"].possible_types == {"Book"}
    assert supergraph.views["b"]["Any"].possible_types == {"Other"}
    assert supergraph.possible_types["Any"] == {"Book", "Other"}


def test_a_key_may_be_closed_to_others() -> None:
    book = Supergraph.parse(JOIN_4).views["b"]["Book"]
    assert [key.is_resolvable for key in book.keys] == [False]


@pytest.mark.parametrize("sdl", ["type Query { a: Int }", "type Query {", JOIN_4.replace('key: "id"', 'key: "id {"')])
def test_what_is_no_supergraph_is_refused(sdl: str) -> None:
    with pytest.raises(InvalidSupergraph, match="The supergraph cannot be read"):
        Supergraph.parse(sdl)


@pytest.mark.parametrize(
    ("link", "what"),
    [
        ('url: "https://specs.example.dev/vault/v1.0", for: SECURITY', "the feature .*vault.* for SECURITY"),
        ('url: "https://specs.example.dev/vault/v1.0", for: EXECUTION', "the feature .*vault.* for EXECUTION"),
        ('url: "https://specs.apollo.dev/connect/v0.3", for: EXECUTION', "REST connectors .*for EXECUTION"),
    ],
)
def test_what_a_router_has_to_know_and_does_not_is_refused(link: str, what: str) -> None:
    with pytest.raises(InvalidSupergraph, match=f"cannot be served: {what}, but is not supported"):
        Supergraph.parse(JOIN_4.replace("schema @link", f"schema @link({link}) @link", 1))
