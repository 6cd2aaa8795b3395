"""Nobody finds, lists or resolves what is not theirs: the same answer for 'not yours' and 'not there'."""

from __future__ import annotations

from uuid import UUID

import pytest

from subgraphs.kernel import global_id
from subgraphs.kernel.identity import InternalToken
from subgraphs.search import store, vectors
from tests.subgraphs.kernel.people import ANN, BEN, CAT, DAN, EVE, IMPOSTOR, NOBODY
from tests.subgraphs.search.world import SEARCH, TEXTS, UPSERT, World, found

SEEN = [
    (ANN, {"port", "cache", "shared"}),
    (BEN, {"port", "cache", "shared"}),  # of the same project
    (CAT, {"cats", "shared"}),  # of another project, on the access list of one document
    (DAN, set()),
    (EVE, {"evil"}),
    (NOBODY, set()),
    (IMPOSTOR, set()),
]
ENTITIES = """
query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on Document { id title text chunkCount collection { id } }
  ... on Collection { id documents(first: 50) { edges { node { title } } } }
} }
"""
names = pytest.mark.parametrize(("caller", "seen"), SEEN, ids=["ann", "ben", "cat", "dan", "eve", "nobody", "impostor"])


@names
@pytest.mark.parametrize("mode", ["DENSE", "SPARSE", "HYBRID"])
async def test_search_finds_only_what_the_caller_may_see(
    world: World, caller: InternalToken, seen: set[str], mode: str
) -> None:
    words = "router port cache level bread cheetahs tenant"
    assert set(await found(world.search, caller, words, mode=mode)) == {TEXTS[name] for name in seen}


@names
async def test_naming_a_collection_opens_nothing(world: World, caller: InternalToken, seen: set[str]) -> None:
    everywhere = [world.ours, world.others, world.theirs]
    snippets = await found(world.search, caller, "router port cache", mode="DENSE", collectionIds=everywhere)
    assert set(snippets) == {TEXTS[name] for name in seen}


@names
async def test_entities_resolve_only_for_those_who_may_see_them(
    world: World, caller: InternalToken, seen: set[str]
) -> None:
    representations = [{"__typename": "Document", "id": id} for id in world.documents.values()]
    data = await world.search.data(caller, ENTITIES, r=representations)
    resolved = {one["title"].lower(): one["text"] for one in data["_entities"] if one}
    assert resolved == {name: TEXTS[name] for name in seen}


@names
async def test_lists_of_documents_show_only_what_the_caller_may_see(
    world: World, caller: InternalToken, seen: set[str]
) -> None:
    representations = [{"__typename": "Collection", "id": id} for id in (world.ours, world.others, world.theirs)]
    data = await world.search.data(caller, ENTITIES, r=representations)
    edges = [edge for one in data["_entities"] if one for edge in one["documents"]["edges"]]
    assert {edge["node"]["title"].lower() for edge in edges} == seen


async def test_collections_are_the_tenants(world: World) -> None:
    query = "query ($id: ID!) { collection(id: $id) { name documentCount } }"
    assert (await world.search.data(NOBODY, query, id=world.ours))["collection"] == {"name": "ours", "documentCount": 3}
    assert (await world.search.data(EVE, query, id=world.ours))["collection"] is None


async def test_an_id_that_is_not_one_is_not_there(world: World) -> None:
    query = "query ($id: ID!) { document(id: $id) { id } collection(id: $id) { id } }"
    for id in ("", "x", world.ours + "=", global_id.encode("Session", UUID(int=1))):
        assert await world.search.data(ANN, query, id=id) == {"document": None, "collection": None}


async def test_whoever_may_only_read_a_document_may_not_write_it(world: World) -> None:
    document = {"externalId": "shared", "text": "Cat was here."}
    new = {"idempotencyKey": "x", "collectionId": world.ours, "documents": [document]}
    data = await world.search.data(CAT, UPSERT, input=new)
    assert data["upsertDocuments"]["errors"][0]["path"] == ["collectionId"]
    assert TEXTS["shared"] in await found(world.search, ANN, "bread")


async def test_what_milvus_wrongly_names_postgresql_holds_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "visible_entry", lambda _: 'id != ""')
    assert set(await found(world.search, CAT, "router port cache", mode="DENSE")) == {TEXTS["cats"], TEXTS["shared"]}


async def test_row_level_security_holds_the_tenants_apart_without_the_predicate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "visible_entry", lambda _: 'id != ""')
    monkeypatch.setattr(store, "visible_document", lambda _: "true")
    monkeypatch.setattr(store, "visible", lambda _: "true")
    assert await found(world.search, EVE, "router port cache", mode="DENSE") == [TEXTS["evil"]]
    representations = [{"__typename": "Document", "id": id} for id in world.documents.values()]
    data = await world.search.data(EVE, ENTITIES, r=representations)
    assert [one["title"] for one in data["_entities"] if one] == ["Evil"]


async def test_the_snippets_of_others_are_in_no_answer(world: World) -> None:
    data = await world.search.data(DAN, SEARCH, input={"query": TEXTS["port"], "explain": True})
    assert data["search"]["edges"] == []
    assert data["search"]["pageInfo"]["hasNextPage"] is False
