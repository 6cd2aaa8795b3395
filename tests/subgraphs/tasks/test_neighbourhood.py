"""The worker among its real neighbours: documents ingested, a question in a conversation answered from them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken, ProjectRole
from subgraphs.tasks.cli import working
from subgraphs.tasks.ingest import CHUNKS_PER_CALL
from tests.subgraphs.kernel.kit import settings_for
from tests.subgraphs.kernel.people import SCOPES
from tests.subgraphs.tasks.making import fresh
from tests.subgraphs.tasks.neighbourhood import Neighbourhood, neighbourhood

Json = Any


def demo(number: int) -> UUID:
    return UUID(f"01890000-0000-7000-8000-{number:012d}")


ADA = InternalToken("demo", demo(1), SCOPES, projects=(ProjectRole(demo(10), "owner"),))
PROJECT_ID = encode("Project", demo(10))
EMBED, ANSWER = encode("ModelVersion", demo(30)), encode("ModelVersion", demo(31))
TEXT = "# The router\n\nThe router listens on port 4000.\n\n## Bread\n\nBread needs flour, water, yeast and patience.\n"

ERRORS = "errors { ... on UserError { code message path } }"


def mutation(name: str, answer: str) -> str:
    field, kind = name[0].lower() + name[1:], f"{name}Input!"
    return f"mutation ($input: {kind}) {{ {field}(input: $input) {{ {answer} {ERRORS} }} }}"


COLLECTION = mutation("CreateCollection", "collection { id }")
SESSION = mutation("CreateSession", "session { id }")
SEND = mutation("SendMessage", "message { id } task { id }")
CREATE = mutation("CreateTask", "task { id }")
TASK = """
query ($id: ID!) { task(id: $id) {
  status attempt failure { code message } progress { fraction }
  ... on InferenceTask { usage { inputTokens outputTokens } output } ... on IngestTask { documentsTotal documentsDone }
} }
"""
MESSAGES = """
query ($id: ID!) { session(id: $id) { messages(first: 5) { edges { node {
  role status generatedBy { id } parts { ... on TextPart { text annotations { start end document { id } } } }
} } } } }
"""
FIND = """
query ($input: SearchInput!) { search(input: $input, first: 3) { edges { node {
  snippet ... on DocumentHit { document { id title uri chunkCount } } ... on MessageHit { message { id } }
} } } }
"""


@pytest.fixture(scope="module")
async def near(
    database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Neighbourhood, Path]]:
    folder = tmp_path_factory.mktemp("neighbourhood")
    settings = replace(
        settings_for(database_urls, milvus_uri=str(folder / "search.db"), demo=True), ingest_roots=(str(folder),)
    )
    async with AsyncExitStack() as stack:
        near = await stack.enter_async_context(neighbourhood(settings))
        await stack.enter_async_context(working(near.settings, concurrency=2, lease=timedelta(seconds=30)))
        yield near, folder


async def ask(near: Neighbourhood, name: str, query: str, **variables: Json) -> Json:
    [answer] = (await near.clients[name].data(ADA, query, **variables)).values()
    assert not (isinstance(answer, dict) and answer.get("errors")), answer
    return answer


async def ended(near: Neighbourhood, id: str) -> Json:
    async with asyncio.timeout(30):
        while True:
            task = await ask(near, "tasks", TASK, id=id)
            if task is not None and task["status"] in {"SUCCEEDED", "FAILED", "CRASHED"}:
                return task
            await asyncio.sleep(0.05)


async def test_documents_are_ingested_and_a_question_is_answered_from_them(
    near: tuple[Neighbourhood, Path],
) -> None:
    around, folder = near
    (folder / "doc.md").write_text(TEXT)
    new: Json = {"idempotencyKey": "c", "projectId": PROJECT_ID, "name": "docs", "embeddingModelId": EMBED}
    collection = (await ask(around, "search", COLLECTION, input=new))["collection"]["id"]
    spec: Json = {"ingest": {"collectionId": collection, "sourceUris": [(folder / "doc.md").as_uri()]}}
    new = {"idempotencyKey": "i", "projectId": PROJECT_ID, "spec": spec}
    ingest = await ended(around, (await ask(around, "tasks", CREATE, input=new))["task"]["id"])
    assert (ingest["status"], ingest["failure"], ingest["documentsDone"]) == ("SUCCEEDED", None, 1)

    new = {"idempotencyKey": "s", "projectId": PROJECT_ID, "title": "Ports"}
    session = (await ask(around, "sessions", SESSION, input=new))["session"]["id"]
    respond = {"modelId": ANSWER, "retrieval": {"collectionIds": [collection], "topK": 3}}
    parts = [{"text": "On which port does the router listen?"}]
    new = {"idempotencyKey": "m", "sessionId": session, "parts": parts, "respondWith": respond}
    sent = await ask(around, "sessions", SEND, input=new)
    task = await ended(around, sent["task"]["id"])
    assert (task["status"], task["failure"], task["attempt"]) == ("SUCCEEDED", None, 1)
    assert task["usage"]["inputTokens"] > 0
    assert task["progress"]["fraction"] == 1
    assert "4000" in task["output"]["answer"]

    edges = (await ask(around, "sessions", MESSAGES, id=session))["messages"]["edges"]
    answer = next(edge["node"] for edge in edges if edge["node"]["role"] == "ASSISTANT")
    assert (answer["status"], answer["generatedBy"]["id"]) == ("COMPLETE", sent["task"]["id"])
    [part] = answer["parts"]
    assert "4000" in part["text"]
    assert part["annotations"]
    asked = {"query": "port of the router", "collectionIds": [collection]}
    hit = (await ask(around, "search", FIND, input=asked))["edges"][0]["node"]
    assert (hit["document"]["title"], hit["document"]["id"]) == (
        "The router",
        part["annotations"][0]["document"]["id"],
    )
    asked = {"query": "port of the router", "targets": ["MESSAGE"]}
    found = (await ask(around, "search", FIND, input=asked))["edges"]
    assert sent["message"]["id"] in [edge["node"]["message"]["id"] for edge in found]


async def test_a_document_of_more_chunks_than_fit_a_call_is_found_to_its_end(near: tuple[Neighbourhood, Path]) -> None:
    around, folder = near
    count = CHUNKS_PER_CALL + 3
    (folder / "long.md").write_text(
        "".join(f"# Part {number}\n\nSpecies{number} lives here.\n\n" for number in range(count))
    )
    new: Json = {"idempotencyKey": "c2", "projectId": PROJECT_ID, "name": "long", "embeddingModelId": EMBED}
    collection = (await ask(around, "search", COLLECTION, input=new))["collection"]["id"]
    spec: Json = {"ingest": {"collectionId": collection, "sourceUris": [(folder / "long.md").as_uri()]}}
    new = {"idempotencyKey": "i2", "projectId": PROJECT_ID, "spec": spec}
    ingest = await ended(around, (await ask(around, "tasks", CREATE, input=new))["task"]["id"])
    assert (ingest["status"], ingest["failure"]) == ("SUCCEEDED", None)
    for number in (0, count - 1):
        asked = {"query": f"Species{number}", "mode": "SPARSE", "collectionIds": [collection]}
        [edge] = (await ask(around, "search", FIND, input=asked))["edges"]
        assert edge["node"]["document"]["chunkCount"] == count


async def test_an_answer_that_cannot_be_given_ends_the_turn(near: tuple[Neighbourhood, Path]) -> None:
    around, _ = near
    new: Json = {"idempotencyKey": "s2", "projectId": PROJECT_ID, "title": "Nothing"}
    session = (await ask(around, "sessions", SESSION, input=new))["session"]["id"]
    respond = {"modelId": encode("ModelVersion", fresh())}
    new = {"idempotencyKey": "m2", "sessionId": session, "parts": [{"text": "Why?"}], "respondWith": respond}
    sent = await ask(around, "sessions", SEND, input=new)
    task = await ended(around, sent["task"]["id"])
    assert (task["status"], task["failure"]["code"]) == ("FAILED", "MODEL_NOT_FOUND")
    async with asyncio.timeout(10):
        while True:
            edges = (await ask(around, "sessions", MESSAGES, id=session))["messages"]["edges"]
            turn = next(edge["node"] for edge in edges if edge["node"]["role"] == "ASSISTANT")
            if turn["status"] != "IN_PROGRESS":
                break
            await asyncio.sleep(0.05)
    assert turn["status"] == "FAILED"
