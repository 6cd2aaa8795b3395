"""Collections made, and documents written and deleted by users."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from subgraphs.kernel import global_id
from tests.subgraphs.kernel.people import ANN, BEN, PROJECT
from tests.subgraphs.search.world import (
    CREATE,
    DELETE,
    UPSERT,
    World,
    found,
    project_gid,
)


async def upsert(world: World, key: str, *documents: dict[str, Any], caller: Any = ANN) -> dict[str, Any]:  # noqa: ANN401
    new = {"idempotencyKey": key, "collectionId": world.ours, "documents": list(documents)}
    answer = await world.search.answer(caller, UPSERT, input=new)
    assert "errors" not in answer, answer
    return answer


async def test_an_upsert_is_answered_once_per_key_and_replaces_the_document(world: World) -> None:
    first = await upsert(world, "w1", {"externalId": "whale", "text": "Whales sing."})
    again = await upsert(world, "w1", {"externalId": "whale", "text": "Whales sing."})
    other = await upsert(world, "w1", {"externalId": "whale", "text": "Whales dive."})
    assert again == first
    assert other["data"]["upsertDocuments"]["errors"][0]["__typename"] == "IdempotencyError"
    await upsert(world, "w2", {"externalId": "whale", "text": "Whales dive deep."})
    assert await found(world.search, ANN, "whales", mode="SPARSE") == ["Whales dive deep."]
    tag = "document:" + first["data"]["upsertDocuments"]["documents"][0]["id"]
    assert tag in first["extensions"]["fedra"]["touched"]


@pytest.mark.parametrize(
    ("documents", "path"),
    [
        ([{"externalId": "", "text": "x"}], ["documents", "0", "externalId"]),
        ([{"externalId": "x", "text": " \n "}], ["documents", "0", "text"]),
        ([{"externalId": "x", "text": "x", "acl": ["nobody"]}], ["documents", "0", "acl"]),
        ([{"externalId": "x", "text": "x"}] * 2, ["documents"]),
        ([{"externalId": "x", "text": "x" * 200_001}], ["documents"]),
    ],
)
async def test_documents_that_cannot_be_are_refused(world: World, documents: Any, path: list[str]) -> None:  # noqa: ANN401
    answer = await upsert(world, "bad", *documents)
    assert answer["data"]["upsertDocuments"]["errors"][0]["path"] == path


async def test_a_written_document_is_cut_by_its_headings_and_code_stays_whole(world: World) -> None:
    text = "# Kiwis\n\nThey do not fly.\n\n## Code\n\n```\n# no heading\n\nfly()\n```\n"
    made = await upsert(world, "kiwis", {"externalId": "kiwis", "text": text})
    assert made["data"]["upsertDocuments"]["documents"][0]["chunkCount"] == 2


async def test_deleted_documents_are_gone_from_both_stores(world: World) -> None:
    made = await upsert(world, "d1", {"externalId": "doomed", "text": "Dodos are extinct."})
    id = made["data"]["upsertDocuments"]["documents"][0]["id"]
    input = {"idempotencyKey": "d", "collectionId": world.ours, "ids": [id, world.documents["evil"], "x"]}
    data = await world.search.data(BEN, DELETE, input=input)
    assert data["deleteDocuments"] == {"deletedIds": [id], "errors": []}
    assert await found(world.search, ANN, "dodos", mode="SPARSE") == []
    assert (await world.search.data(ANN, "query ($id: ID!) { document(id: $id) { id } }", id=id))["document"] is None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"projectId": project_gid(UUID(int=9))}, ["projectId"]),
        ({"name": " "}, ["name"]),
        ({"name": "ours"}, ["name"]),
        ({"embeddingModelId": global_id.encode("ModelVersion", UUID(int=9))}, ["embeddingModelId"]),
        ({"embeddingModelId": "x"}, ["embeddingModelId"]),
    ],
)
async def test_a_collection_that_cannot_be_is_refused(world: World, change: dict[str, Any], path: list[str]) -> None:
    new = {"idempotencyKey": "c", "projectId": project_gid(PROJECT), "name": "new", "embeddingModelId": world.model}
    data = await world.search.data(ANN, CREATE, input={**new, **change})
    assert data["createCollection"]["collection"] is None
    assert [error["path"] for error in data["createCollection"]["errors"]] == [path]


async def test_a_collection_is_made_and_listed_in_its_project(world: World) -> None:
    new = {"idempotencyKey": "l", "projectId": project_gid(PROJECT), "name": "listed", "embeddingModelId": world.model}
    made = (await world.search.data(ANN, CREATE, input=new))["createCollection"]["collection"]
    assert made["embeddingModel"] == {"id": world.model}
    assert (made["dimension"], made["documentCount"], made["project"]) == (384, 0, {"id": project_gid(PROJECT)})
    query = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on Project { collections(first: 2) {
      edges { node { name documentCount } } pageInfo { hasNextPage } } } } }"""
    data = await world.search.data(BEN, query, r=[{"__typename": "Project", "id": project_gid(PROJECT)}])
    assert [edge["node"]["name"] for edge in data["_entities"][0]["collections"]["edges"]] == ["ours", "listed"]
