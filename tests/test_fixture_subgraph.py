"""The kit's subgraphs are strict: what they do not own, they do not answer."""

from __future__ import annotations

from collections.abc import Mapping

from tests.federation import federation
from tests.fixture_subgraph import FixtureSubgraph
from tests.records import Json, Records


def ask(fixture: str, subgraph: str, query: str, *representations: Mapping[str, Json]) -> dict[str, Json]:
    loaded = federation(fixture)
    text = f"query ($r: [_Any!]!) {{ _entities(representations: $r) {query} }}" if representations else query
    return loaded.subgraphs[subgraph].answer(text, {"r": representations} if representations else {}, loaded.records())


def messages(body: Mapping[str, Json]) -> list[str]:
    return [error["message"] for error in body.get("errors", ())]


def test_an_entity_is_found_by_its_key() -> None:
    body = ask("key/single", "prices", "{ ... on Product { price } }", {"__typename": "Product", "id": "1"})
    assert body == {"data": {"_entities": [{"price": 899}]}}


def test_an_unknown_entity_is_null() -> None:
    body = ask("key/single", "prices", "{ ... on Product { price } }", {"__typename": "Product", "id": "9"})
    assert body == {"data": {"_entities": [None]}}


def test_a_representation_without_a_whole_key_is_refused() -> None:
    body = ask("key/compound", "visits", "{ ... on Place { visits } }", {"__typename": "Place", "country": "FR"})
    assert messages(body) == [
        "Subgraph 'visits' has no key of 'Place' in {'__typename': 'Place', 'country': 'FR'}.",
    ]


def test_a_null_key_is_refused() -> None:
    body = ask("null/keys", "stock", "{ ... on Product { inStock } }", {"__typename": "Product", "sku": None})
    assert messages(body) == ["Subgraph 'stock' has no key of 'Product' in {'__typename': 'Product', 'sku': None}."]


def test_a_key_that_is_not_resolvable_is_no_way_in() -> None:
    body = ask("key/resolvable", "stock", "{ ... on Product { inStock } }", {"__typename": "Product", "id": "1"})
    assert messages(body) == ["Subgraph 'stock' has no key of 'Product' in {'__typename': 'Product', 'id': '1'}."]


def test_an_external_field_is_refused() -> None:
    body = ask("provides/object", "reviews", "{ topReviewer { name } }")
    assert messages(body) == ["Subgraph 'reviews' does not resolve 'User.name' here."]


def test_a_provided_field_is_answered_on_its_path() -> None:
    body = ask("provides/object", "reviews", "{ reviews { author { name } } }")
    assert body == {"data": {"reviews": [{"author": {"name": "Ada"}}, {"author": {"name": "Alan"}}]}}


def test_an_overridden_field_is_gone() -> None:
    body = ask("override/moved", "catalog", "{ products { price } }")
    assert set(messages(body)) == {"Subgraph 'catalog' does not resolve 'Product.price' here."}


def test_a_required_value_comes_from_the_representation() -> None:
    sent = {"__typename": "Product", "upc": "1", "price": 1, "weight": 2}
    body = ask("requires/shipping", "inventory", "{ ... on Product { shippingEstimate } }", sent)
    assert body == {"data": {"_entities": [{"shippingEstimate": "{price: 1, weight: 2}"}]}}


def test_a_required_value_that_was_not_sent_is_missed() -> None:
    sent = {"__typename": "Product", "upc": "1", "price": 1}
    body = ask("requires/shipping", "inventory", "{ ... on Product { shippingEstimate } }", sent)
    assert messages(body) == [f"'weight' was not sent in {sent}."]


def test_an_interface_object_has_no_other_name() -> None:
    sent = {"__typename": "Media", "id": "b1"}
    body = ask("interface-object/into", "reviews", "{ __typename ... on Media { reviews { stars } } }", sent)
    assert body == {"data": {"_entities": [{"__typename": "Media", "reviews": [{"stars": 5}]}]}}
    refused = ask("interface-object/into", "reviews", "{ __typename }", {"__typename": "Book", "id": "b1"})
    assert messages(refused) == ["Subgraph 'reviews' has no key of 'Book' in {'__typename': 'Book', 'id': 'b1'}."]


def test_a_request_that_is_not_valid_is_refused() -> None:
    assert messages(ask("key/single", "prices", "{ products { id } }"))


def test_the_sdl_is_served_as_it_is_written() -> None:
    loaded = federation("key/single")
    subgraph: FixtureSubgraph = loaded.subgraphs["prices"]
    assert ask("key/single", "prices", "{ _service { sdl } }") == {"data": {"_service": {"sdl": subgraph.sdl}}}


def test_a_required_value_that_is_provided_on_the_way_need_not_be_sent() -> None:
    sdl = """
    type Query { item: Item @provides(fields: "name") }
    type Item @key(fields: "id") {
      id: ID!
      name: String @external
      weight: Int @external
      label: String @requires(fields: "name")
      parcel: String @requires(fields: "weight")
    }
    """
    item = {"id": "1", "name": "bolt", "weight": 3, "label": {"$text": "name"}, "parcel": {"$text": "weight"}}
    records = Records({"Query": {"item": "@bolt"}, "Item": {"bolt": item}}, {})
    body = FixtureSubgraph("items", sdl, frozenset()).answer("{ item { label parcel } }", {}, records)
    assert body["data"] == {"item": {"label": "{name: bolt}", "parcel": None}}
    assert messages(body) == ["'weight' was not sent in {}."]
