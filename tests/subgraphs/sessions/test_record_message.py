"""`recordMessage`: once per task and step, and never for an attempt that was overtaken."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from subgraphs.kernel.global_id import encode
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, CAT, EVE, PROJECT, acting
from tests.subgraphs.sessions.operations import DOCUMENT, MODEL, RECORD, new_session, send

WORKER = acting(ANN)
PARTS = [{"text": "It is blue.", "citations": [{"start": 0, "end": 11, "documentId": DOCUMENT, "score": 0.5}]}]


async def generating(client: Client) -> dict[str, Any]:
    """Ask for an answer; what the worker is told to record it with."""
    id = await new_session(client, ANN)
    payload = await send(client, ANN, id, "Why?", respondWith={"modelId": MODEL})
    return {
        "taskId": payload["task"]["id"],
        "messageId": payload["task"]["message"]["id"],
        "sessionId": id,
        "attempt": 1,
        "step": "answer",
        "status": "COMPLETE",
        "parts": PARTS,
    }


async def record(client: Client, input: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = (await client.data(WORKER, RECORD, input=input))["recordMessage"]
    return payload


async def test_what_a_task_says_fills_its_turn(sessions: Client) -> None:
    input = await generating(sessions)
    usage = {"inputTokens": 12, "outputTokens": 3}
    payload = await record(sessions, {**input, "usage": usage})
    assert payload == {
        "message": {
            "id": input["messageId"],
            "status": "COMPLETE",
            "model": {"id": MODEL},
            "usage": {**usage, "cachedInputTokens": 0, "reasoningTokens": 0},
            "parts": [
                {
                    "text": "It is blue.",
                    "annotations": [{"start": 0, "end": 11, "score": 0.5, "document": {"id": DOCUMENT}}],
                }
            ],
        },
        "task": {"id": input["taskId"]},
        "errors": [],
    }
    again = await send(sessions, ANN, input["sessionId"], respondWith={"modelId": MODEL})
    assert again["errors"] == []  # the session is free again


async def test_a_step_takes_effect_once(sessions: Client) -> None:
    input = await generating(sessions)
    first = await record(sessions, input)
    again = await record(sessions, {**input, "attempt": 2, "parts": [{"text": "It is red."}]})
    assert again == first
    answers = await asyncio.gather(*(record(sessions, {**input, "attempt": 2, "step": "more"}) for _ in range(4)))
    assert all(answer["errors"] == [] for answer in answers)


async def test_a_lower_attempt_is_refused_in_every_step(sessions: Client) -> None:
    input = await generating(sessions)
    await record(sessions, {**input, "attempt": 3})
    for step in ("answer", "another"):
        refused = await record(sessions, {**input, "attempt": 2, "step": step, "parts": [{"text": "late"}]})
        assert refused["message"] is None
        assert refused["errors"] == [
            {"__typename": "ConflictError", "code": "CONFLICT", "path": ["attempt"], "currentVersion": 3}
        ]


async def test_a_final_message_does_not_begin_again(sessions: Client) -> None:
    input = await generating(sessions)
    await record(sessions, input)
    refused = await record(sessions, {**input, "step": "late", "status": "IN_PROGRESS"})
    assert [error["path"] for error in refused["errors"]] == [["status"]]


async def test_it_touches_the_session_and_the_message(sessions: Client) -> None:
    input = await generating(sessions)
    answer = await sessions.answer(WORKER, RECORD, input=input)
    expected = {f"session:{input['sessionId']}", f"message:{input['messageId']}"}
    assert set(answer["extensions"]["fedra"]["touched"]) == expected
    assert (await sessions.answer(WORKER, RECORD, input=input))["extensions"] == answer["extensions"]


@pytest.mark.parametrize(
    ("more", "kind", "path"),
    [
        ({"taskId": "nonsense"}, "NotFoundError", ["taskId"]),
        ({"taskId": encode("InferenceTask", PROJECT)}, "NotFoundError", ["messageId"]),
        ({"messageId": encode("Message", PROJECT)}, "NotFoundError", ["messageId"]),
        ({"sessionId": encode("Session", PROJECT)}, "NotFoundError", ["messageId"]),
        ({"attempt": -1}, "ValidationError", ["attempt"]),
        ({"step": ""}, "ValidationError", ["step"]),
        ({"status": "REDACTED"}, "ValidationError", ["status"]),
        ({"modelId": DOCUMENT}, "NotFoundError", ["modelId"]),
        (
            {"parts": [{"text": "ab", "citations": [{"start": 1, "end": 3, "documentId": DOCUMENT}]}]},
            "ValidationError",
            ["parts", "0", "citations", "0"],
        ),
        (
            {"parts": [{"text": "ab", "citations": [{"start": 1, "end": 2, "documentId": MODEL}]}]},
            "NotFoundError",
            ["parts", "0", "citations", "0", "documentId"],
        ),
    ],
)
async def test_what_is_wrong_with_the_input_is_said_in_the_payload(
    sessions: Client, more: dict[str, Any], kind: str, path: list[str]
) -> None:
    refused = await record(sessions, {**await generating(sessions), **more})
    assert [(error["__typename"], error["path"]) for error in refused["errors"]] == [(kind, path)]


async def test_only_a_service_records_and_only_for_who_may_see(sessions: Client) -> None:
    input = await generating(sessions)
    answer = await sessions.answer(ANN, RECORD, input=input)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    for stranger in (CAT, EVE):
        payload = (await sessions.data(acting(stranger), RECORD, input=input))["recordMessage"]
        assert [error["__typename"] for error in payload["errors"]] == ["NotFoundError"]
    assert (await sessions.data(acting(BEN), RECORD, input=input))["recordMessage"]["errors"] == []
