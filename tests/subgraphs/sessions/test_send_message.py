"""`sendMessage`: the turn, its place, and what refuses it."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from subgraphs.kernel.database import Database
from subgraphs.kernel.global_id import encode
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, CAT, DAN, EVE, IMPOSTOR, principal_id
from tests.subgraphs.sessions.operations import COLLECTION, DOCUMENT, MODEL, SEND, new_session, send

SEQUENCES = "query($id: ID!) { session(id: $id) { messageCount messages(last: 100) { edges { node { sequence } } } } }"


async def test_a_turn_is_appended_in_the_name_of_the_caller(sessions: Client) -> None:
    id = await new_session(sessions, ANN)
    first = await send(sessions, ANN, id, "hello")
    second = await send(sessions, BEN, id, "hi", clientMutationId="7")
    assert first["message"] == {
        "id": first["message"]["id"],
        "sequence": 1,
        "role": "USER",
        "status": "COMPLETE",
        "author": {"id": principal_id(ANN)},
        "parent": None,
        "parts": [{"text": "hello", "annotations": []}],
    }
    assert second["clientMutationId"] == "7"
    assert second["message"]["sequence"] == 2
    assert second["message"]["author"] == {"id": principal_id(BEN)}
    assert second["message"]["parent"] == {"id": first["message"]["id"]}
    assert second["task"] is None


async def test_a_turn_may_name_its_parent(sessions: Client) -> None:
    id = await new_session(sessions, ANN)
    first = (await send(sessions, ANN, id))["message"]
    await send(sessions, ANN, id)
    assert (await send(sessions, ANN, id, parentId=first["id"]))["message"]["parent"] == {"id": first["id"]}
    elsewhere = await send(sessions, ANN, await new_session(sessions, ANN), parentId=first["id"])
    assert [(error["__typename"], error["path"]) for error in elsewhere["errors"]] == [("NotFoundError", ["parentId"])]


async def test_a_turn_to_be_answered_has_a_placeholder_for_the_answer(sessions: Client) -> None:
    id = await new_session(sessions, ANN)
    payload = await send(sessions, ANN, id, respondWith={"modelId": MODEL})
    answer = payload["task"]["message"]
    assert payload["message"]["sequence"] == 1
    assert {key: answer[key] for key in answer.keys() - {"id"}} == {
        "sequence": 2,
        "role": "ASSISTANT",
        "status": "IN_PROGRESS",
        "model": {"id": MODEL},
        "parent": {"id": payload["message"]["id"]},
    }


async def test_the_default_model_answers_if_none_is_named(sessions: Client) -> None:
    id = await new_session(sessions, ANN, defaultModelId=MODEL)
    assert (await send(sessions, ANN, id, respondWith={}))["task"]["message"]["model"] == {"id": MODEL}


async def test_one_answer_is_generated_at_a_time(sessions: Client) -> None:
    id = await new_session(sessions, ANN)
    running = await send(sessions, ANN, id, respondWith={"modelId": MODEL})
    refused = await send(sessions, ANN, id, respondWith={"modelId": MODEL})
    assert refused["message"] is None
    assert refused["errors"] == [
        {
            "__typename": "SessionBusyError",
            "code": "SESSION_BUSY",
            "path": ["sessionId"],
            "runningTask": {"id": running["task"]["id"]},
        }
    ]
    assert (await send(sessions, ANN, id))["errors"] == []


async def test_a_retry_gets_the_same_answer_and_tags(sessions: Client) -> None:
    id = await new_session(sessions, ANN)
    input = {
        "idempotencyKey": "retry",
        "sessionId": id,
        "parts": [{"text": "once"}],
        "respondWith": {"modelId": MODEL, "retrieval": {"collectionIds": [COLLECTION]}},
    }
    first = await sessions.answer(ANN, SEND, input=input)
    assert await sessions.answer(ANN, SEND, input=input) == first
    assert len(first["extensions"]["fedra"]["touched"]) == 3
    changed = await sessions.data(ANN, SEND, input={**input, "parts": [{"text": "twice"}]})
    assert changed["sendMessage"]["errors"][0]["__typename"] == "IdempotencyError"


async def test_the_sequence_has_no_gap_however_many_speak_at_once(sessions: Client) -> None:
    id = await new_session(sessions, ANN)
    payloads = await asyncio.gather(*(send(sessions, (ANN, BEN)[turn % 2], id) for turn in range(24)))
    assert sorted(payload["message"]["sequence"] for payload in payloads) == list(range(1, 25))
    session = (await sessions.data(ANN, SEQUENCES, id=id))["session"]
    assert session["messageCount"] == 24
    assert [edge["node"]["sequence"] for edge in session["messages"]["edges"]] == list(range(1, 25))


@pytest.mark.parametrize(
    ("more", "kind", "path"),
    [
        ({"parts": []}, "ValidationError", ["parts"]),
        ({"parts": [{"text": "a"}, {"text": " "}]}, "ValidationError", ["parts", "1", "text"]),
        ({"parts": [{"text": "a\0"}]}, "ValidationError", ["parts", "0", "text"]),
        ({"idempotencyKey": ""}, "ValidationError", ["idempotencyKey"]),
        ({"respondWith": {}}, "ValidationError", ["respondWith", "modelId"]),
        ({"respondWith": {"modelId": DOCUMENT}}, "NotFoundError", ["respondWith", "modelId"]),
        (
            {"respondWith": {"modelId": MODEL, "retrieval": {"collectionIds": [], "topK": 0}}},
            "ValidationError",
            ["respondWith", "retrieval", "topK"],
        ),
        (
            {"respondWith": {"modelId": MODEL, "retrieval": {"collectionIds": [COLLECTION, DOCUMENT]}}},
            "NotFoundError",
            ["respondWith", "retrieval", "collectionIds", "1"],
        ),
        ({"sessionId": "nonsense"}, "NotFoundError", ["sessionId"]),
        ({"sessionId": encode("Session", uuid4())}, "NotFoundError", ["sessionId"]),
        ({"parentId": encode("Message", uuid4())}, "NotFoundError", ["parentId"]),
    ],
)
async def test_what_is_wrong_with_the_input_is_said_in_the_payload(
    sessions: Client, more: dict[str, Any], kind: str, path: list[str]
) -> None:
    id = await new_session(sessions, ANN)
    payload = await send(sessions, ANN, **{"session_id": id, "text": "hello"} | more)
    assert (payload["message"], payload["task"]) == (None, None)
    assert [(error["__typename"], error["path"]) for error in payload["errors"]] == [(kind, path)]
    assert (await sessions.data(ANN, SEQUENCES, id=id))["session"]["messageCount"] == 0


async def test_a_session_of_others_is_not_there(sessions: Client) -> None:
    id = await new_session(sessions, ANN)
    for stranger in (CAT, DAN, EVE, IMPOSTOR):
        assert [error["__typename"] for error in (await send(sessions, stranger, id))["errors"]] == ["NotFoundError"]


async def test_a_session_that_is_not_active_takes_no_turn(sessions: Client, database: Database) -> None:
    id = await new_session(sessions, ANN, title="locked")
    async with database.as_system() as connection:
        await connection.execute("UPDATE sessions.session SET status = 'LOCKED' WHERE title = 'locked'")
    assert [error["__typename"] for error in (await send(sessions, ANN, id))["errors"]] == ["ConflictError"]
