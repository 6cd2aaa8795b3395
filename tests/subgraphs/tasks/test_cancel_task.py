"""`cancelTask`: what does not run ends at once, what runs is asked to stop."""

from __future__ import annotations

import pytest

from subgraphs.kernel.database import Database
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from subgraphs.tasks.dispatch import Dispatch
from subgraphs.tasks.machine import Status
from subgraphs.tasks.transitions import Result, succeeded
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, CAT, DAN, EVE, IMPOSTOR, NOBODY
from tests.subgraphs.tasks.making import LEASE, claim, drain, fresh, look, make
from tests.subgraphs.tasks.operations import CANCEL, cancel, created_id, inference_input

TASK_EVENTS = "query ($id: ID!) { task(id: $id) { events { edges { node { ... on TaskStatusEvent { from to } } } } } }"


@pytest.fixture
async def dispatch(tasks: Client, database: Database) -> Dispatch:
    assert tasks
    await drain(database)
    return Dispatch(database, "one", LEASE)


async def test_a_queued_task_is_cancelled_at_once_and_says_why(tasks: Client) -> None:
    id = await created_id(tasks, ANN, inference_input())
    payload = await cancel(tasks, ANN, id, reason="Not needed.", clientMutationId="mine")
    failure = {"code": "CANCELLED", "message": "Not needed.", "retryable": False}
    assert payload == {
        "clientMutationId": "mine",
        "task": {"id": id, "status": "CANCELLED", "failure": failure},
        "errors": [],
    }
    edges = (await tasks.data(ANN, TASK_EVENTS, id=id))["task"]["events"]["edges"]
    steps = [(edge["node"]["from"], edge["node"]["to"]) for edge in edges]
    assert steps == [(None, "QUEUED"), ("QUEUED", "CANCELLING"), ("CANCELLING", "CANCELLED")]


async def test_a_scheduled_task_is_cancelled_at_once(tasks: Client) -> None:
    id = await created_id(tasks, ANN, inference_input(scheduledFor="2999-01-01T00:00:00Z"))
    assert (await cancel(tasks, ANN, id))["task"]["status"] == "CANCELLED"


async def test_a_running_task_is_asked_to_stop(tasks: Client, database: Database, dispatch: Dispatch) -> None:
    task = await make(database)
    held = await claim(dispatch)
    assert (await cancel(tasks, ANN, task.global_id))["task"]["status"] == "CANCELLING"
    assert (await cancel(tasks, ANN, task.global_id))["task"]["status"] == "CANCELLING"  # asked again
    assert await dispatch.beat(held) is Status.CANCELLING


async def test_with_force_nobody_waits_for_the_worker(tasks: Client, database: Database, dispatch: Dispatch) -> None:
    task = await make(database)
    held = await claim(dispatch)
    assert (await cancel(tasks, ANN, task.global_id))["task"]["status"] == "CANCELLING"
    assert (await cancel(tasks, ANN, task.global_id, force=True))["task"]["status"] == "CANCELLED"
    assert await dispatch.beat(held) is None
    assert await dispatch.settle(held, succeeded(Result())) is None


async def test_cancelling_twice_answers_alike(tasks: Client) -> None:
    id = await created_id(tasks, ANN, inference_input())
    assert await cancel(tasks, ANN, id) == await cancel(tasks, ANN, id, reason="Again.")


async def test_a_task_that_has_ended_is_not_cancelled(tasks: Client, database: Database, dispatch: Dispatch) -> None:
    task = await make(database)
    await dispatch.settle(await claim(dispatch), succeeded(Result()))
    payload = await cancel(tasks, ANN, task.global_id)
    assert payload["task"] is None
    assert payload["errors"] == [
        {
            "__typename": "TaskNotCancellableError",
            "code": "TASK_NOT_CANCELLABLE",
            "message": "The task has ended as SUCCEEDED.",
            "path": ["taskId"],
            "status": "SUCCEEDED",
        }
    ]


async def test_a_member_of_the_project_may_cancel(tasks: Client) -> None:
    id = await created_id(tasks, ANN, inference_input())
    assert (await cancel(tasks, BEN, id))["task"]["status"] == "CANCELLED"


@pytest.mark.parametrize("stranger", [CAT, DAN, EVE, IMPOSTOR, NOBODY])
async def test_for_a_stranger_there_is_no_task_to_cancel(
    tasks: Client, database: Database, stranger: InternalToken
) -> None:
    task = await make(database)
    there = await cancel(tasks, stranger, task.global_id)
    absent = await cancel(tasks, stranger, encode("InferenceTask", fresh()))
    assert there == absent
    assert there["errors"][0]["__typename"] == "NotFoundError"
    assert (await look(database, task.id)).status is Status.QUEUED


@pytest.mark.parametrize("reason", ["a\0b", "x" * 1001])
async def test_a_reason_that_cannot_be_kept_is_refused(tasks: Client, reason: str) -> None:
    id = await created_id(tasks, ANN, inference_input())
    payload = await cancel(tasks, ANN, id, reason=reason)
    assert [(error["__typename"], error["path"]) for error in payload["errors"]] == [("ValidationError", ["reason"])]


async def test_a_cancellation_tells_which_tags_it_touched(tasks: Client) -> None:
    id = await created_id(tasks, ANN, inference_input())
    answer = await tasks.answer(ANN, CANCEL, input={"taskId": id})
    assert answer["extensions"]["fedra"]["touched"] == [f"InferenceTask:{id}", f"Task:{id}"]
