"""Interfaces and unions."""

from __future__ import annotations

from tests.router.planner.planner import federation

SEARCH = federation(
    search="""
      type Query { search: [Hit!]! node(id: ID!): Node media: [Media!] }
      union Hit = Book | Person | Note
      interface Node { id: ID! }
      interface Named { label: String }
      interface Media { id: ID! title: String }
      type Book implements Node & Named @key(fields: "id") { id: ID! label: String }
      type Person implements Node @key(fields: "id") { id: ID! }
      type Note { text: String }
      type Song implements Media @key(fields: "id") { id: ID! title: String }
      type Film implements Media @key(fields: "id") { id: ID! title: String @external }
    """,
    books="""
      interface Priced { price: Int }
      type Book implements Priced @key(fields: "id") { id: ID! price: Int title: String }
      type Film @key(fields: "id") { id: ID! title: String }
    """,
    people='type Person @key(fields: "id") { id: ID! title: String }',
)


def test_each_type_of_a_union_goes_on_in_a_subgraph_of_its_own() -> None:
    assert SEARCH.plan(
        "{ search { __typename ... on Book { id title } ... on Person { title } ... on Note { text } } }"
    ) == [
        "Sequence",
        "  Fetch search { search { __typename ... on Book { id } ... on Person { id } ... on Note { text } } }",
        "  Parallel",
        "    Flatten search.@ Fetch books (Book { id }) { title }",
        "    Flatten search.@ Fetch people (Person { id }) { title }",
    ]


def test_a_field_of_an_interface_is_asked_for_all_types_together() -> None:
    assert SEARCH.plan("{ node(id: 1) { id } }") == [
        "Fetch search { node(id:1) { __typename id } }",
    ]


def test_a_field_that_some_type_lacks_here_is_asked_type_by_type() -> None:
    assert SEARCH.plan("{ media { id title } }") == [
        "Sequence",
        "  Fetch search { media { __typename id ... on Film { id } ... on Song { title } } }",
        "  Flatten media.@ Fetch books (Film { id }) { title }",
    ]


def test_a_fragment_on_an_interface_of_another_subgraph_becomes_its_types() -> None:
    assert SEARCH.plan("{ node(id: 1) { id ... on Priced { price } } }") == [
        "Sequence",
        "  Fetch search { node(id:1) { __typename id ... on Book { id } } }",
        "  Flatten node Fetch books (Book { id }) { price }",
    ]


def test_a_fragment_on_an_interface_stays_where_no_type_is_missed() -> None:
    assert SEARCH.plan("{ search { ... on Named { label } ... on Node { id } } }") == [
        "Fetch search { search { __typename ... on Named { label } ... on Node { id } } }",
    ]


SHELF = federation(
    shelf="""
      type Query { shelf: [Item!]! }
      interface Item @key(fields: "id") { id: ID! title: String }
      type Book implements Item @key(fields: "id") { id: ID! title: String @shareable }
      type Film implements Item @key(fields: "id") { id: ID! title: String @shareable }
    """,
    catalog="""
      interface Item @key(fields: "id") { id: ID! title: String }
      type Book implements Item @key(fields: "id") { id: ID! title: String @shareable }
      type Film implements Item @key(fields: "id") { id: ID! title: String @shareable }
    """,
    names="""
      type Book @key(fields: "id") { id: ID! title: String @shareable @override(from: "shelf", label: "new") }
    """,
)


def test_a_field_is_asked_type_by_type_where_that_takes_fewer_requests() -> None:
    assert SHELF.plan("{ shelf { title } }") == [
        "Fetch shelf { shelf { __typename ... on Book { title } ... on Film { title } } }",
    ]
