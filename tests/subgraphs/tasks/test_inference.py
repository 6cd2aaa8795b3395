"""An inference task: a question answered from passages, and the conversation told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.relay import Relay
from subgraphs.tasks.handlers import outbox_handlers
from subgraphs.tasks.machine import Status
from subgraphs.tasks.transitions import cancelled, cancelling, move
from tests.subgraphs.kernel.people import ANN
from tests.subgraphs.tasks.making import (
    MODEL,
    SESSION,
    inference,
    make,
    run_sql,
)
from tests.subgraphs.tasks.surroundings import (
    MESSAGE,
    QUESTION,
    TURN,
    USER_MESSAGE,
    World,
    broken,
    giving,
)

Json = Any


async def test_every_call_is_made_on_behalf_of_the_initiator(world: World) -> None:
    await world.done(inference(input={**QUESTION, **TURN}, session_id=SESSION))
    assert {call.name for call in world.others.calls} == {
        "modelVersion",
        "search",
        "infer answer",
        "recordMessage",
        "_entities",
        "indexMessages",
    }
    assert {call.caller for call in world.others.calls} == {replace(ANN, actor="worker")}


async def test_a_question_is_answered_from_passages_and_written_to_the_conversation(world: World) -> None:
    task = await world.done(inference(input={**QUESTION, **TURN}, session_id=SESSION))
    assert (task.status, task.failure, task.input_tokens, task.output_tokens) == (Status.SUCCEEDED, None, 21, 8)
    cited = [{"start": 0, "end": 30, "documentId": "RG9jOjE", "score": 0.8}]
    assert task.output == {"answer": "Fedra is a federated platform.", "citations": cited}
    assert (task.progress.current, task.progress.total) == (3, 3)
    asked = {"query": "What is Fedra?", "mode": "HYBRID", "collectionIds": QUESTION["collectionIds"]}
    assert world.others.named("search") == [asked]
    [asked] = world.others.named("infer answer")
    assert [(one["name"], one["shape"]) for one in asked["inputs"]] == [("question", [1]), ("passages", [2])]
    assert world.others.named("recordMessage") == [
        {
            "taskId": task.global_id,
            "attempt": 1,
            "step": "answer",
            "sessionId": TURN["sessionId"],
            "messageId": MESSAGE,
            "status": "COMPLETE",
            "parts": [{"text": "Fedra is a federated platform.", "citations": cited}],
            "modelId": encode("ModelVersion", MODEL),
            "usage": {"inputTokens": 21, "outputTokens": 8},
        }
    ]
    [indexed] = world.others.named("indexMessages")
    assert [(one["id"], one["text"]) for one in indexed["messages"]] == [
        (MESSAGE, "Fedra is a federated platform."),
        (USER_MESSAGE, "What is Fedra?"),
    ]


async def test_a_question_without_collections_and_conversation_is_answered_from_nothing(world: World) -> None:
    task = await world.done(inference(input={"question": "What is Fedra?"}))
    assert task.status is Status.SUCCEEDED
    assert [call.name for call in world.others.calls] == ["modelVersion", "infer answer"]


@pytest.mark.parametrize("target", [Status.FAILED, Status.CANCELLED])
async def test_a_conversation_hears_that_its_answer_will_not_come(world: World, target: Status) -> None:
    task = await make(world.database, inference(input={**QUESTION, **TURN}))
    if target is Status.FAILED:
        world.others.once("modelVersion", giving(None))
        async with world.working():
            assert (await world.ended(task.id)).status is target
    else:
        async with world.database.as_system() as connection:
            await move(connection, task.id, cancelling("Enough."))
            await move(connection, task.id, cancelled())
    await run_sql(world.database, "DELETE FROM tasks.outbox WHERE key <> $1", task.global_id)
    relay = Relay(world.database, "tasks", outbox_handlers(world.client))
    world.others.once("recordMessage", broken())  # told again after a failure
    for _ in range(2):
        await relay.relay_once()
        await run_sql(world.database, "UPDATE tasks.outbox SET not_before = now()")
    said = {
        "taskId": task.global_id,
        "attempt": 1,
        "step": "answer",
        "sessionId": TURN["sessionId"],
        "messageId": MESSAGE,
        "status": {Status.FAILED: "FAILED", Status.CANCELLED: "INCOMPLETE"}[target],
        "parts": [],
    }
    assert world.others.named("recordMessage") == [said, said]
    assert await run_sql(world.database, "SELECT 1 FROM tasks.outbox") == []
    [caller] = {call.caller for call in world.others.calls if call.name == "recordMessage"}
    assert caller == replace(ANN, actor="worker")
