"""`createTask`: checked in full, made once."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, DAN, NOBODY, OTHER_PROJECT
from tests.subgraphs.tasks.making import fresh
from tests.subgraphs.tasks.operations import (
    CREATE,
    MODEL_ID,
    PROJECT_ID,
    SESSION_ID,
    create,
    created_id,
    inference_input,
    ingest_input,
    service,
)

Json = Any

EVERYTHING = """
query ($id: ID!) { task(id: $id) {
  __typename id status priority attempt maxAttempts createdAt scheduledFor startedAt finishedAt deadline lastEventCursor
  project { id } session { id } createdBy { id } failure { code } progress { fraction current total unit message stage }
  ... on InferenceTask { model { id } usage { inputTokens } input output }
  ... on IngestTask { collection { id } documentsTotal documentsDone }
} }
"""


def paths(payload: dict[str, Any]) -> list[tuple[str, str]]:
    assert payload["task"] is None
    return [(error["__typename"], ".".join(error["path"])) for error in payload["errors"]]


async def test_a_created_task_is_queued_and_answers_all_of_its_fields(tasks: Client) -> None:
    payload = await create(tasks, ANN, inference_input(clientMutationId="mine"))
    assert (payload["clientMutationId"], payload["errors"]) == ("mine", [])
    task = (await tasks.data(ANN, EVERYTHING, id=payload["task"]["id"]))["task"]
    assert task.pop("createdAt")
    assert task.pop("lastEventCursor")
    assert task == {
        "__typename": "InferenceTask",
        "id": payload["task"]["id"],
        "status": "QUEUED",
        "priority": 5,
        "attempt": 1,
        "maxAttempts": 3,
        "scheduledFor": None,
        "startedAt": None,
        "finishedAt": None,
        "deadline": None,
        "project": {"id": inference_input()["projectId"]},
        "session": {"id": SESSION_ID},
        "createdBy": {"id": encode("Principal", ANN.principal or fresh())},
        "failure": None,
        "progress": {"fraction": None, "current": 0, "total": None, "unit": None, "message": None, "stage": None},
        "model": {"id": MODEL_ID},
        "usage": None,
        "input": {"question": "Why?"},
        "output": None,
    }


async def test_an_ingest_task_knows_how_many_documents_there_are(tasks: Client) -> None:
    task = (await tasks.data(ANN, EVERYTHING, id=await created_id(tasks, ANN, ingest_input())))["task"]
    assert (task["__typename"], task["documentsTotal"], task["documentsDone"]) == ("IngestTask", 2, 0)
    assert task["progress"]["fraction"] == 0
    assert task["session"] is None


async def test_a_task_for_later_is_scheduled(tasks: Client) -> None:
    payload = await create(tasks, ANN, inference_input(scheduledFor="2999-01-01T00:00:00Z"))
    assert payload["task"]["status"] == "SCHEDULED"


async def test_a_creation_tells_which_tags_it_touched(tasks: Client) -> None:
    answer = await tasks.answer(ANN, CREATE, input=inference_input())
    id = answer["data"]["createTask"]["task"]["id"]
    assert answer["extensions"]["fedra"]["touched"] == [f"InferenceTask:{id}", f"Task:{id}"]


async def test_the_same_key_makes_one_task_even_at_once(tasks: Client) -> None:
    input = inference_input()
    ids = await asyncio.gather(*(created_id(tasks, ANN, input) for _ in range(5)))
    assert len(set(ids)) == 1


async def test_the_same_key_with_another_request_is_refused(tasks: Client) -> None:
    input = inference_input()
    await created_id(tasks, ANN, input)
    assert paths(await create(tasks, ANN, {**input, "priority": 9})) == [("IdempotencyError", "idempotencyKey")]


async def test_a_key_is_its_principals_own(tasks: Client) -> None:
    input = inference_input()
    assert await created_id(tasks, ANN, input) != await created_id(tasks, BEN, input)


async def test_a_service_chooses_the_id_and_the_same_id_makes_one_task(tasks: Client) -> None:
    id = encode("InferenceTask", fresh())
    assert await created_id(tasks, service(ANN), inference_input(id=id)) == id
    assert await created_id(tasks, service(ANN), inference_input(id=id)) == id  # another key


async def test_an_id_that_is_taken_is_a_conflict(tasks: Client) -> None:
    id = encode("InferenceTask", fresh())
    await created_id(tasks, service(ANN), inference_input(id=id))
    assert paths(await create(tasks, service(BEN), inference_input(id=id))) == [("ConflictError", "id")]
    other = inference_input(id=id, spec={"inference": {"modelId": MODEL_ID, "input": {"question": "How?"}}})
    assert paths(await create(tasks, service(ANN), other)) == [("ConflictError", "id")]


async def test_only_a_service_chooses_an_id_and_only_of_the_kind_it_asks_for(tasks: Client) -> None:
    refused = [("ValidationError", "id")]
    assert paths(await create(tasks, ANN, inference_input(id=encode("InferenceTask", fresh())))) == refused
    assert paths(await create(tasks, service(ANN), inference_input(id=encode("IngestTask", fresh())))) == refused
    assert paths(await create(tasks, service(ANN), inference_input(id="nonsense"))) == refused


@pytest.mark.parametrize("caller", [DAN, NOBODY])
async def test_who_is_not_in_the_project_makes_no_task_there(tasks: Client, caller: InternalToken) -> None:
    assert paths(await create(tasks, caller, inference_input())) == [("NotFoundError", "projectId")]


async def test_a_project_that_is_not_the_callers_is_not_there(tasks: Client) -> None:
    input = inference_input(projectId=encode("Project", OTHER_PROJECT))
    assert paths(await create(tasks, ANN, input)) == [("NotFoundError", "projectId")]


def question(**input: Json) -> dict[str, Any]:
    return {"spec": {"inference": {"modelId": MODEL_ID, "input": input}}}


def sources(*uris: str) -> dict[str, Any]:
    return {"spec": {"ingest": {**ingest_input()["spec"]["ingest"], "sourceUris": list(uris)}}}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"sessionId": "nonsense"}, "sessionId"),
        ({"idempotencyKey": ""}, "idempotencyKey"),
        ({"idempotencyKey": "a\0b"}, "idempotencyKey"),
        ({"priority": 11}, "priority"),
        ({"scheduledFor": "0001-01-01T00:00:00+14:00"}, "scheduledFor"),
        ({"deadline": "9999-12-31T23:59:59-14:00"}, "deadline"),
        ({"retry": {"nonRetryableCodes": ["a\0b"]}}, "retry.nonRetryableCodes"),
        ({"scheduledFor": "2030-01-02T00:00:00Z", "deadline": "2030-01-01T00:00:00Z"}, "deadline"),
        ({"retry": {"maxAttempts": 0}}, "retry.maxAttempts"),
        ({"retry": {"initialDelayMs": -1}}, "retry"),
        ({"retry": {"multiplier": 0.5}}, "retry.multiplier"),
        ({"spec": {"inference": {"modelId": SESSION_ID, "input": {"question": "Why?"}}}}, "spec.inference.modelId"),
        ({"spec": {"inference": {"modelId": MODEL_ID, "input": ["Why?"]}}}, "spec.inference.input"),
        (question(), "spec.inference.input.question"),
        (question(question=" "), "spec.inference.input.question"),
        (question(question="Wh\0y?"), "spec.inference.input"),
        (question(question="Why?", more={"deep": ["\0"]}), "spec.inference.input"),
        (question(question="Why?", more="x" * 200_000), "spec.inference.input"),
        (question(question="Why?", more=orjson.loads("[" * 300 + "]" * 300)), "spec.inference.input"),
        (question(question="Why?", topK=True), "spec.inference.input.topK"),
        (question(question="Why?", topK=0), "spec.inference.input.topK"),
        (question(question="Why?", collectionIds=["x"]), "spec.inference.input.collectionIds"),
        (question(question="Why?", sessionId=MODEL_ID), "spec.inference.input.sessionId"),
        (question(question="Why?", messageId=encode("Message", fresh())), "spec.inference.input.sessionId"),
        (sources(), "spec.ingest.sourceUris"),
        (sources("file:///a.md", "file:///a.md"), "spec.ingest.sourceUris"),
        (sources("file:///a.md", "https://example.org/b.md"), "spec.ingest.sourceUris.1"),
        (sources("file://elsewhere/a.md"), "spec.ingest.sourceUris.0"),
        (sources("file:///a\0.md"), "spec.ingest.sourceUris.0"),
        (sources("file://[/a.md"), "spec.ingest.sourceUris.0"),
        ({"spec": {"ingest": {"collectionId": "x", "sourceUris": ["file:///a.md"]}}}, "spec.ingest.collectionId"),
    ],
)
async def test_each_rule_is_told_with_its_path(tasks: Client, wrong: dict[str, Any], path: str) -> None:
    assert [where for _, where in paths(await create(tasks, ANN, inference_input(**wrong)))] == [path]


async def test_a_number_that_cannot_be_kept_is_a_mistake(tasks: Client) -> None:
    spec = f'{{inference: {{modelId: "{MODEL_ID}", input: {{question: "Why?", more: 99999999999999999999}}}}}}'
    input = f'{{idempotencyKey: "k", projectId: "{PROJECT_ID}", spec: {spec}}}'
    query = f"mutation {{ createTask(input: {input}) {{ errors {{ ... on ValidationError {{ path }} }} }} }}"
    payload = (await tasks.data(ANN, query))["createTask"]
    assert payload["errors"] == [{"path": ["spec", "inference", "input"]}]


async def test_all_mistakes_are_told_at_once(tasks: Client) -> None:
    input = inference_input(projectId="x", priority=-1, retry={"maxAttempts": 99}, **question(topK=0))
    told = {where for _, where in paths(await create(tasks, ANN, input))}
    assert told == {
        "projectId",
        "priority",
        "retry.maxAttempts",
        "spec.inference.input.question",
        "spec.inference.input.topK",
    }


async def test_a_refused_key_may_be_used_again(tasks: Client) -> None:
    input = inference_input()
    assert paths(await create(tasks, ANN, {**input, "priority": 11})) == [("ValidationError", "priority")]
    assert await created_id(tasks, ANN, input)


async def test_without_a_token_nothing_is_made(tasks: Client) -> None:
    answer = await tasks.answer(None, CREATE, input=inference_input())
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
