"""`@provides`: what a subgraph resolves on one way only."""

from __future__ import annotations

from tests.router.planner.planner import federation

REVIEWS = federation(
    reviews="""
      type Query { reviews: [Review] }
      type Review @key(fields: "id") {
        id: ID!
        author: User @provides(fields: "name address { city }")
        editor: User
        about: [Thing] @provides(fields: "... on Book { title }")
      }
      type User @key(fields: "id") { id: ID! name: String @external address: Address @external }
      type Address { city: String @shareable }
      union Thing = Book | Film
      type Book @key(fields: "id") { id: ID! title: String @external }
      type Film @key(fields: "id") { id: ID! title: String }
    """,
    users="""
      type User @key(fields: "id") { id: ID! name: String @shareable address: Address @shareable email: String }
      type Address { city: String @shareable }
    """,
    titles="""
      type Book @key(fields: "id") { id: ID! title: String @shareable }
    """,
)


def test_provided_fields_are_taken_where_they_are_provided() -> None:
    assert REVIEWS.plan("{ reviews { author { name address { city } } } }") == [
        "Fetch reviews { reviews { author { name address { city } } } }",
    ]


def test_the_same_fields_are_not_there_on_another_way() -> None:
    assert REVIEWS.plan("{ reviews { editor { name } } }") == [
        "Sequence",
        "  Fetch reviews { reviews { editor { __typename id } } }",
        "  Flatten reviews.@.editor Fetch users (User { id }) { name }",
    ]


def test_what_is_not_provided_is_fetched_by_the_key() -> None:
    assert REVIEWS.plan("{ reviews { author { name email } } }") == [
        "Sequence",
        "  Fetch reviews { reviews { author { __typename name id } } }",
        "  Flatten reviews.@.author Fetch users (User { id }) { email }",
    ]


def test_a_fragment_provides_for_its_type() -> None:
    assert REVIEWS.plan("{ reviews { about { ... on Book { title } ... on Film { title } } } }") == [
        "Fetch reviews { reviews { about { __typename ... on Book { title } ... on Film { title } } } }",
    ]


ON_INTERFACES = federation(
    a="""
      type Query { best: Any @provides(fields: "... on Titled { ... on Book { title } ... on Film { title } }") }
      union Any = Book | Film
      interface Titled { title: String }
      type Book implements Titled @key(fields: "id") { id: ID! title: String @external }
      type Film implements Titled @key(fields: "id") { id: ID! title: String @external }
    """,
    b="""
      type Book @key(fields: "id") { id: ID! title: String @shareable }
      type Film @key(fields: "id") { id: ID! title: String @shareable }
    """,
)


def test_what_is_provided_on_an_interface_is_provided_on_its_types() -> None:
    assert ON_INTERFACES.plan("{ best { ... on Book { title } } }") == [
        "Fetch a { best { __typename ... on Book { title } } }",
    ]
    assert ON_INTERFACES.plan("{ best { ... on Titled { title } } }") == [
        "Fetch a { best { __typename ... on Titled { ... on Book { title } ... on Film { title } } } }",
    ]


RECURSIVE = federation(
    a="""
      type Query { one: Node node: Node @provides(fields: "next { name } next { code }") }
      type Node @key(fields: "id") {
        id: ID!
        name: String @external
        code: Int @external
        next: Node @provides(fields: "next { name }") @shareable
      }
    """,
    b='type Node @key(fields: "id") { id: ID! name: String @shareable code: Int @shareable next: Node @shareable }',
)


def test_what_is_provided_may_itself_provide() -> None:
    assert RECURSIVE.plan("{ one { next { next { name next { next { name } } } } } }") == [
        "Fetch a { one { next { next { name next { next { name } } } } } }",
    ]


def test_a_field_may_be_provided_in_parts() -> None:
    assert RECURSIVE.plan("{ node { next { name code next { name } } } }") == [
        "Fetch a { node { next { name code next { name } } } }",
    ]
