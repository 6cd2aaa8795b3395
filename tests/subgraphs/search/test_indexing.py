"""What services have indexed for tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from subgraphs.kernel import global_id
from subgraphs.search import app, schema
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, CAT, DAN, EVE, acting
from tests.subgraphs.search.world import (
    DELETE,
    INDEX_CHUNKS,
    INDEX_MESSAGES,
    SEARCH,
    World,
    found,
    task,
)

WORKER = acting(ANN)


def test_the_exported_sdl_is_the_code() -> None:
    exported = Path(app.__file__).with_name("schema.graphql").read_text("utf-8")
    assert exported == schema.schema.as_str() + "\n", (
        "run: fedra subgraph search --sdl > subgraphs/search/schema.graphql"
    )


def document(collection: str, uri: str) -> str:
    return global_id.encode("Document", uuid5(UUID(int=7), collection + uri))


def chunks(world: World, number: int, *texts: str, attempt: int = 1, step: str = "a", uri: str = "u") -> dict[str, Any]:
    return {
        "taskId": task(number),
        "attempt": attempt,
        "step": step,
        "collectionId": world.ours,
        "documentId": document(world.ours, uri),
        "title": "Ingested",
        "uri": uri,
        "mediaType": "text/markdown",
        "chunks": [{"index": n, "text": text, "start": 0, "end": len(text)} for n, text in enumerate(texts)],
    }


async def index(search: Client, input: dict[str, Any], caller: Any = WORKER) -> dict[str, Any]:  # noqa: ANN401
    data = await search.data(caller, INDEX_CHUNKS, input=input)
    return dict(data["indexChunks"])


async def test_chunks_of_a_task_are_found_by_the_initiator_and_take_the_place_of_older_ones(world: World) -> None:
    first = await index(world.search, chunks(world, 1, "Zebras have stripes.", "Giraffes have long necks."))
    assert first == {"indexed": 2, "errors": []}
    assert "Giraffes have long necks." in await found(world.search, ANN, "giraffes", mode="SPARSE")
    second = await index(world.search, chunks(world, 2, "Zebras have black and white stripes."))
    assert second["indexed"] == 1
    assert await found(world.search, ANN, "giraffes", mode="SPARSE") == []
    assert await found(world.search, ANN, "zebras", mode="SPARSE") == ["Zebras have black and white stripes."]
    query = "query ($id: ID!) { document(id: $id) { title uri mediaType chunkCount text } }"
    assert (await world.search.data(ANN, query, id=document(world.ours, "u")))["document"] == {
        "title": "Ingested",
        "uri": "u",
        "mediaType": "text/markdown",
        "chunkCount": 1,
        "text": "Zebras have black and white stripes.",
    }


async def test_a_document_comes_in_parts_and_with_its_last_one_takes_the_place_of_what_was_longer(world: World) -> None:
    await index(world.search, chunks(world, 30, "Ibises wade.", "Herons stand.", "Storks clatter.", uri="birds"))
    parts = chunks(world, 31, "Ibises dig.", "Herons wait.", uri="birds")
    first, last = parts["chunks"]
    assert await index(world.search, {**parts, "chunks": [first], "chunkCount": 2}) == {"indexed": 1, "errors": []}
    birds = "ibises herons storks"
    assert set(await found(world.search, ANN, birds, mode="SPARSE")) == {
        "Ibises dig.",
        "Herons stand.",
        "Storks clatter.",
    }
    await index(world.search, {**parts, "chunks": [last], "chunkCount": 2, "step": "b"})
    assert set(await found(world.search, ANN, birds, mode="SPARSE")) == {"Ibises dig.", "Herons wait."}
    query = "query ($id: ID!) { document(id: $id) { chunkCount text } }"
    assert (await world.search.data(ANN, query, id=document(world.ours, "birds")))["document"] == {
        "chunkCount": 2,
        "text": "Ibises dig.\n\nHerons wait.",
    }


async def test_a_part_that_was_left_alone_goes_with_its_document(world: World) -> None:
    parts = chunks(world, 32, "Moas were tall.", uri="moas")
    await index(world.search, {**parts, "chunkCount": 2})
    gone = {"idempotencyKey": "moas", "collectionId": world.ours, "ids": [parts["documentId"]]}
    assert (await world.search.data(ANN, DELETE, input=gone))["deleteDocuments"]["deletedIds"] == gone["ids"]
    assert await found(world.search, ANN, "moas", mode="SPARSE") == []


async def test_a_step_is_done_once(world: World) -> None:
    await index(world.search, chunks(world, 3, "Once only.", uri="once"))
    again = await index(world.search, chunks(world, 3, "Something else.", "And more.", uri="once"))
    assert again == {"indexed": 1, "errors": []}
    assert "Something else." not in await found(world.search, ANN, "something else", mode="SPARSE")


async def test_an_attempt_that_was_overtaken_is_refused(world: World) -> None:
    await index(world.search, chunks(world, 4, "Of the second attempt.", attempt=2, uri="fence"))
    late = await index(world.search, chunks(world, 4, "Of the first attempt.", attempt=1, step="b", uri="fence"))
    assert late["errors"] == [
        {
            "__typename": "ConflictError",
            "message": "Attempt 2 has taken over.",
            "path": ["attempt"],
            "currentVersion": 2,
        }
    ]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"taskId": "x"}, "taskId"),
        ({"attempt": 0}, "attempt"),
        ({"step": ""}, "step"),
        ({"documentId": "x"}, "documentId"),
        ({"collectionId": "x"}, "collectionId"),
        ({"chunks": [{"index": 1, "text": "x", "start": 0, "end": 1}]}, "chunks"),
        ({"chunkCount": 10_001}, "chunkCount"),
        ({"chunkCount": 0}, "chunks"),
        ({"chunks": [], "chunkCount": 1}, "chunks"),
        ({"chunks": [{"index": n, "text": "x", "start": 0, "end": 1} for n in range(101)]}, "chunks"),
        ({"chunks": [{"index": n, "text": "x", "start": 0, "end": 1} for n in (0, 2)], "chunkCount": 3}, "chunks"),
        ({"chunks": [{"index": 0, "text": " ", "start": 0, "end": 1}]}, "chunks"),
        ({"chunks": [{"index": 0, "text": "x" * 8001, "start": 0, "end": 1}]}, "chunks"),
    ],
)
async def test_a_wrong_input_is_an_error_of_the_payload(world: World, change: dict[str, Any], path: str) -> None:
    payload = await index(world.search, {**chunks(world, 5, "x"), **change})
    assert [error["path"] for error in payload["errors"]] == [[path]]


@pytest.mark.parametrize("caller", [acting(CAT), acting(DAN), acting(EVE)], ids=["cat", "dan", "eve"])
async def test_only_members_of_its_project_write_into_a_collection(world: World, caller: Any) -> None:  # noqa: ANN401
    payload = await index(world.search, chunks(world, 6, "Not mine.", uri="foreign"), caller)
    assert [error["path"] for error in payload["errors"]] == [["collectionId"]]


async def test_a_document_of_another_tenant_is_not_overwritten_by_its_id(world: World) -> None:
    input = {**chunks(world, 7, "Stolen."), "collectionId": world.theirs, "documentId": world.documents["port"]}
    payload = await index(world.search, input, acting(EVE))
    assert [error["path"] for error in payload["errors"]] == [["documentId"]]
    assert await found(world.search, ANN, "port 4000", mode="SPARSE")


async def test_users_do_not_index_for_tasks(world: World) -> None:
    answer = await world.search.answer(ANN, INDEX_CHUNKS, input=chunks(world, 8, "x"))
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def messages(number: int, *texts: str, session: int = 1, attempt: int = 1) -> dict[str, Any]:
    return {
        "taskId": task(number, "InferenceTask"),
        "attempt": attempt,
        "step": "index",
        "messages": [
            {
                "id": global_id.encode("Message", UUID(int=1000 * number + n)),
                "sessionId": global_id.encode("Session", UUID(int=session)),
                "role": "USER",
                "createdAt": "2025-01-31T12:00:00Z",
                "text": text,
            }
            for n, text in enumerate(texts)
        ],
    }


async def test_messages_are_found_by_their_owner_alone_with_role_and_time(world: World) -> None:
    data = await world.search.data(WORKER, INDEX_MESSAGES, input=messages(20, "We spoke about volcanoes.", " "))
    assert data["indexMessages"] == {"indexed": 1, "errors": []}
    asked = {"query": "volcanoes", "targets": ["MESSAGE"], "mode": "SPARSE"}
    hits = (await world.search.data(ANN, SEARCH, input=asked))["search"]["edges"]
    assert [hit["node"]["message"] for hit in hits] == [
        {
            "id": global_id.encode("Message", UUID(int=20_000)),
            "role": "USER",
            "createdAt": "2025-01-31T12:00:00Z",
        }
    ]
    assert await found(world.search, BEN, "volcanoes", targets=["MESSAGE", "DOCUMENT"], mode="SPARSE") == []
    assert await found(world.search, EVE, "volcanoes", targets=["MESSAGE", "DOCUMENT"], mode="SPARSE") == []


async def test_messages_are_searched_by_session_and_beside_documents(world: World) -> None:
    await world.search.data(WORKER, INDEX_MESSAGES, input=messages(21, "Comets have tails.", session=2))
    session = [global_id.encode("Session", UUID(int=2))]
    other = [global_id.encode("Session", UUID(int=3))]
    both = ["MESSAGE", "DOCUMENT"]
    assert await found(world.search, ANN, "comets", targets=["MESSAGE"], sessionIds=session, mode="SPARSE")
    assert await found(world.search, ANN, "comets", targets=["MESSAGE"], sessionIds=other) == []
    assert await found(world.search, ANN, "comets", targets=["MESSAGE"], sessionIds=[]) == []
    mixed = await found(world.search, ANN, "comets bread", targets=both, mode="SPARSE")
    assert len(mixed) == 2


async def test_a_message_of_another_owner_is_not_overwritten_by_its_id(world: World) -> None:
    await world.search.data(WORKER, INDEX_MESSAGES, input=messages(22, "Ann said this about quasars."))
    theft = {**messages(22, "Eve."), "taskId": task(23, "InferenceTask")}
    for thief in (acting(EVE), acting(BEN)):
        data = await world.search.data(thief, INDEX_MESSAGES, input=theft)
        assert [error["path"] for error in data["indexMessages"]["errors"]] == [["messages"]]
    assert await found(world.search, ANN, "quasars", targets=["MESSAGE"], mode="SPARSE")
