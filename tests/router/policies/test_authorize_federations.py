"""Given subgraphs with directives, when somebody asks, then this is sent to them, and that is null."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from router.fetch.in_process import InProcessSource
from router.pipeline import Router, answer
from router.request import GraphQLRequest, Identity, Json, RequestContext
from tests.drawn.federation import DrawnFederation
from tests.federation import _Run

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires",
  "@external", "@shareable", "@interfaceObject", "@context", "@fromContext", "@authenticated", "@policy",
  {name: "@requiresScopes", as: "@needs"}])
"""
ADA = Identity("t", "ada")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of an operation. Shapes: sent is one text `subgraph: query` for each request."""

    data: Json
    refused: list[str]
    sent: list[str]


async def ask(query: str, sdl: Mapping[str, str], data: Mapping[str, Json], identity: Identity | None = None) -> Asked:
    federation = DrawnFederation({name: LINK + text for name, text in sdl.items()}, data)
    run = _Run(federation.subgraphs, federation.records(), ())
    router = Router(federation.snapshot, InProcessSource(dict.fromkeys(federation.subgraphs, run.answer)))
    response = await answer(GraphQLRequest(query), RequestContext(time.monotonic() + 5, identity), router)
    assert {one.code for one in response.errors} <= {"UNAUTHORIZED_FIELD_OR_TYPE"}
    refused = [".".join(map(str, one.path or ())) for one in response.errors]
    return Asked(response.data, refused, [f"{one.subgraph}: {one.query}" for one in run.asked])


MEDIA = {
    "media": """
      type Query { all: [Media!]! either: Either one(color: Color): Int }
      interface Media { id: ID title: String }
      type Book implements Media { id: ID title: String @policy(policies: [["read"]]) }
      type Film implements Media { id: ID title: String }
      union Either = Book | Film | Draft
      type Draft @authenticated { text: String }
      enum Color @authenticated { RED }
    """
}
LIBRARY = {
    "Query": {"all": ["@b", "@f"], "either": "@d", "one": 1},
    "Book": {"b": {"id": "1", "title": "Emma"}},
    "Film": {"f": {"id": "2", "title": "Heat"}},
    "Draft": {"d": {"text": "once"}},
}


async def test_a_field_of_an_interface_demands_what_one_of_its_objects_demands() -> None:
    asked = await ask("{ all { id title } }", MEDIA, LIBRARY, ADA)
    assert asked.data == {"all": [{"id": "1", "title": None}, {"id": "2", "title": None}]}
    assert asked.refused == ["all.@.title"]
    assert not any("title" in one for one in asked.sent)


async def test_within_fragments_each_object_demands_for_itself() -> None:
    asked = await ask("{ all { ... on Book { title } ... on Film { title } } }", MEDIA, LIBRARY, ADA)
    assert asked.data == {"all": [{"title": None}, {"title": "Heat"}]}
    assert asked.refused == ["all.@.title"]
    assert asked.sent == ["media: query{all{__typename ... on Book{__typename} ... on Film{title}}}"]


async def test_a_fragment_on_a_guarded_member_of_a_union_is_cut() -> None:
    query = "{ either { __typename ... on Draft { text } ... on Film { title } } }"
    asked = await ask(query, MEDIA, LIBRARY)
    assert asked.data == {"either": {"__typename": "Draft", "text": None}}
    assert asked.refused == ["either.text"]
    assert not any("text" in one for one in asked.sent)
    assert (await ask(query, MEDIA, LIBRARY, ADA)).data == {"either": {"__typename": "Draft", "text": "once"}}


async def test_arguments_demand_nothing() -> None:
    assert (await ask("{ one(color: RED) }", MEDIA, LIBRARY)).data == {"one": 1}


@pytest.mark.parametrize("guarded", ["enum Color @authenticated { RED }", "scalar Color @needs(scopes: [[]])"])
async def test_a_leaf_type_guards_every_field_of_it(guarded: str) -> None:
    sdl = {"paint": f"type Query {{ colors: [[Color]] free: Int }} {guarded}"}
    data = {"Query": {"colors": [["RED"]], "free": 1}}
    asked = await ask("{ colors free }", sdl, data)
    assert (asked.data, asked.refused) == ({"colors": None, "free": 1}, ["colors"])
    assert asked.sent == ["paint: query{free}"]
    assert (await ask("{ colors }", sdl, data, ADA)).data == {"colors": [["RED"]]}


async def test_directives_of_a_root_type_guard_all_its_fields_and_not_its_name() -> None:
    sdl = {"one": 'type Query { a: Int } type Mutation @needs(scopes: [["write"]]) { set: Int! }'}
    data = {"Query": {"a": 1}, "Mutation": {"set": 2}}
    assert (await ask("mutation { set }", sdl, data, ADA)) == Asked(None, ["set"], [])
    assert (await ask("mutation { __typename }", sdl, data, ADA)).data == {"__typename": "Mutation"}
    writer = Identity("t", "ada", frozenset({"write"}))
    assert (await ask("mutation { set }", sdl, data, writer)).data == {"set": 2}


SHOP = {
    "products": """
      type Query { product: Product }
      type Product @key(fields: "id") { id: ID! name: String weight: Int @policy(policies: [["weigh"]]) }
    """,
    "shipping": """
      type Product @key(fields: "id") {
        id: ID! weight: Int @external
        estimate: Int @requires(fields: "weight") @policy(policies: [["weigh"]])
      }
    """,
}
GOODS = {
    "Query": {"product": "@p"},
    "Product": {"p": {"id": "1", "name": "Desk", "weight": 7, "estimate": {"$sum": "weight"}}},
}


async def test_what_requires_a_guarded_field_is_cut_with_it_and_neither_is_sent_for() -> None:
    asked = await ask("{ product { name estimate } }", SHOP, GOODS, ADA)
    assert asked.data == {"product": {"name": "Desk", "estimate": None}}
    assert (asked.refused, asked.sent) == (["product.estimate"], ["products: query{product{name}}"])
    granted = await ask("{ product { estimate } }", SHOP, GOODS, Identity("t", "ada", policies=frozenset({"weigh"})))
    assert granted.data == {"product": {"estimate": 7}}


async def test_a_guarded_key_finds_its_entity_and_is_not_shown() -> None:
    sdl = {
        "products": """
          type Query { product: Product }
          type Product @key(fields: "id") { id: ID! @authenticated name: String }
        """,
        "stock": 'type Product @key(fields: "id") { id: ID! left: Int }',
    }
    data = {"Query": {"product": "@p"}, "Product": {"p": {"id": "1", "name": "Desk", "left": 3}}}
    asked = await ask("{ product { left } }", sdl, data)
    assert (asked.data, asked.refused, len(asked.sent)) == ({"product": {"left": 3}}, [], 2)
    shown = await ask("{ product { id left } }", sdl, data)
    assert (shown.data, shown.refused) == ({"product": None}, ["product.id"])


async def test_what_takes_a_guarded_field_from_a_context_is_cut_with_it() -> None:
    sdl = {
        "accounts": """
          type Query { user: User }
          type User @context(name: "user") { currency: String @authenticated account: Account }
          type Account @key(fields: "id") {
            id: ID!
            balance(currency: String @fromContext(field: "$user { currency }")): String @authenticated
          }
        """,
        "other": "type Query { noise: Int }",
    }
    data = {
        "Query": {"user": "@u"},
        "User": {"u": {"currency": "EUR", "account": "@a"}},
        "Account": {"a": {"id": "1", "balance": "7"}},
    }
    asked = await ask("{ user { account { id balance } } }", sdl, data)
    assert asked.data == {"user": {"account": {"id": "1", "balance": None}}}
    assert asked.refused == ["user.account.balance"]
    assert not any("currency" in one or "balance" in one for one in asked.sent)


async def test_a_field_of_an_interface_object_is_guarded_on_every_object() -> None:
    sdl = {
        "media": """
          type Query { all: [Media!]! }
          interface Media @key(fields: "id") { id: ID! }
          type Book implements Media @key(fields: "id") { id: ID! }
        """,
        "reviews": 'type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int @needs(scopes: [["stars"]]) }',
    }
    data = {"Query": {"all": ["@b"]}, "Book": {"b": {"id": "1", "stars": 5}}}
    for query in ("{ all { stars } }", "{ all { ... on Book { stars } } }"):
        asked = await ask(query, sdl, data, ADA)
        assert (asked.data, asked.refused) == ({"all": [{"stars": None}]}, ["all.@.stars"])
        assert not any(one.startswith("reviews") for one in asked.sent)
        starry = Identity("t", "ada", frozenset({"stars"}))
        assert (await ask(query, sdl, data, starry)).data == {"all": [{"stars": 5}]}


async def test_directives_of_several_subgraphs_are_demanded_together() -> None:
    sdl = {
        "one": 'type Query { a: Int @shareable @needs(scopes: [["x"]]) }',
        "two": 'type Query { a: Int @shareable @needs(scopes: [["y"], ["z"]]) }',
    }
    for scopes, allowed in (({"x"}, False), ({"y"}, False), ({"x", "y"}, True), ({"x", "z"}, True)):
        asked = await ask("{ a }", sdl, {"Query": {"a": 1}}, Identity("t", "ada", frozenset(scopes)))
        assert (asked.data == {"a": 1}, asked.sent == []) == (allowed, not allowed)


async def test_introspection_shows_all_to_everybody() -> None:
    asked = await ask('{ __type(name: "Draft") { name fields { name } } }', MEDIA, LIBRARY)
    assert asked.data == {"__type": {"name": "Draft", "fields": [{"name": "text"}]}}
    assert asked.refused == []
