"""What fails is tried again where that may help, from where it stopped, and no oftener than allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from subgraphs.kernel.service_client import ServiceClient
from subgraphs.tasks.machine import Status
from tests.subgraphs.tasks.making import (
    inference,
    ingest,
)
from tests.subgraphs.tasks.surroundings import (
    AT_ONCE,
    QUESTION,
    TURN,
    World,
    broken,
    giving,
    refusing,
)

Json = Any


async def test_what_may_heal_is_tried_again_and_goes_on_where_it_stopped(world: World) -> None:
    uris = [world.document(f"{number}.md", f"Text {number}.") for number in range(3)]
    world.others.once("indexChunks", giving({"indexed": 1, "errors": []}))
    world.others.once("indexChunks", broken(code="EMBEDDING_UNAVAILABLE"))
    world.others.once("indexChunks", broken(503, "REQUEST_TIMEOUT"))
    task = await world.done(ingest(*uris, retry=AT_ONCE))
    assert (task.status, task.attempt, task.failure) == (Status.SUCCEEDED, 3, None)
    asked = [(call["uri"][-4], call["attempt"]) for call in world.others.named("indexChunks")]
    assert asked == [("0", 1), ("1", 1), ("1", 2), ("1", 3), ("2", 3)]
    again = ["RETRYING", "QUEUED", "RUNNING"]
    assert await world.steps(task.id) == ["QUEUED", "RUNNING", *again, *again, "SUCCEEDED"]


async def test_after_the_last_attempt_a_task_has_failed(world: World) -> None:
    for _ in range(3):
        world.others.once("modelVersion", broken())
    task = await world.done(inference(retry=AT_ONCE))
    assert (task.status, task.attempt) == (Status.FAILED, 3)
    assert task.failure is not None
    assert (task.failure.code, task.failure.retryable) == ("UPSTREAM_REFUSED", True)


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("modelVersion", broken(code="FORBIDDEN"), "UPSTREAM_REFUSED"),
        ("modelVersion", giving(None), "MODEL_NOT_FOUND"),
        ("infer answer", broken(404), "MODEL_FAILED"),
        ("infer answer", giving({"outputs": []}), "MODEL_ANSWER_MALFORMED"),
        ("recordMessage", refusing("CONFLICT"), "CONFLICT"),
        ("indexMessages", refusing("NOT_FOUND"), "NOT_FOUND"),
        ("_entities", giving([None, None]), "NOT_FOUND"),
    ],
)
async def test_what_will_not_heal_fails_at_once(world: World, name: str, answer: Any, code: str) -> None:  # noqa: ANN401
    world.others.once(name, answer)
    task = await world.done(inference(input={**QUESTION, **TURN}, retry=AT_ONCE))
    assert (task.status, task.attempt) == (Status.FAILED, 1)
    assert task.failure is not None
    assert (task.failure.code, task.failure.retryable) == (code, False)


async def test_a_code_that_the_caller_excluded_is_not_tried_again(world: World) -> None:
    world.others.once("infer answer", broken(503))
    policy = replace(AT_ONCE, non_retryable_codes=("MODEL_FAILED",))
    task = await world.done(inference(retry=policy))
    assert (task.status, task.attempt) == (Status.FAILED, 1)


async def test_a_neighbour_that_is_away_is_tried_again(world: World) -> None:
    world.settings = replace(world.settings, search_url="http://127.0.0.1:9/graphql")
    await world.client.close()
    world.client = ServiceClient(world.settings)
    task = await world.done(ingest(world.document("a.md", "Text."), retry=AT_ONCE))
    assert (task.status, task.attempt) == (Status.FAILED, 3)
    assert task.failure is not None
    assert (task.failure.code, task.failure.retryable) == ("UPSTREAM_UNAVAILABLE", True)
