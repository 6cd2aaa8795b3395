"""Nobody sees a task that is not theirs, on whatever way they ask: not there and not yours are one answer."""

from __future__ import annotations

import pytest

from subgraphs.kernel.database import Database
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from subgraphs.tasks import store
from subgraphs.tasks.new_task import NewTask
from subgraphs.tasks.records import Kind
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, CAT, DAN, EVE, IMPOSTOR, NOBODY, PROJECT
from tests.subgraphs.tasks.making import MODEL, SESSION, fresh, inference, ingest, make, run_sql
from tests.subgraphs.tasks.operations import ENTITIES, MODEL_ID, PROJECT_ID, SESSION_ID, TASK

STRANGERS = [CAT, DAN, EVE, IMPOSTOR, NOBODY]
TASKS = "query ($id: ID!) { tasks(projectId: $id) { edges { node { id } } totalCount } }"
USAGE = "{ ... on ModelVersion { usageLast24h(projectId: $project) { requests } costLast24hUsd(projectId: $project) } }"
USE = f"query ($of: [_Any!]!, $project: ID!) {{ _entities(representations: $of) {USAGE} }}"


async def both(database: Database) -> list[str]:
    """One task of each kind, of Ann's."""
    made = [await make(database, inference(session_id=SESSION)), await make(database, ingest("file:///a.md"))]
    return [task.global_id for task in made]


@pytest.mark.parametrize("caller", [ANN, BEN])
async def test_owner_and_members_of_the_project_see_a_task(
    tasks: Client, database: Database, caller: InternalToken
) -> None:
    for id in await both(database):
        assert (await tasks.data(caller, TASK, id=id))["task"]["id"] == id


@pytest.mark.parametrize("caller", STRANGERS)
async def test_a_stranger_sees_no_task(tasks: Client, database: Database, caller: InternalToken) -> None:
    for id in await both(database):
        assert (await tasks.data(caller, TASK, id=id))["task"] is None


@pytest.mark.parametrize("caller", STRANGERS)
async def test_a_stranger_sees_no_task_as_an_entity(tasks: Client, database: Database, caller: InternalToken) -> None:
    model_task, ingest_task = await both(database)
    asked = [
        {"__typename": "Task", "id": model_task},
        {"__typename": "InferenceTask", "id": model_task},
        {"__typename": "Task", "id": ingest_task},
        {"__typename": "IngestTask", "id": ingest_task},
    ]
    assert (await tasks.data(caller, ENTITIES, of=asked))["_entities"] == [None] * 4
    of_others = [{"__typename": "Session", "id": SESSION_ID}, {"__typename": "Project", "id": PROJECT_ID}]
    for entity in (await tasks.data(caller, ENTITIES, of=of_others))["_entities"]:
        assert entity["tasks"] == {"edges": [], "totalCount": 0}


async def test_an_entity_is_its_concrete_kind_by_interface_and_by_kind(tasks: Client, database: Database) -> None:
    model_task, ingest_task = await both(database)
    asked = [
        {"__typename": "Task", "id": model_task},
        {"__typename": "Task", "id": ingest_task},
        {"__typename": "InferenceTask", "id": model_task},
        {"__typename": "IngestTask", "id": model_task},  # of another kind
        {"__typename": "Task", "id": encode("IngestTask", fresh())},
        {"__typename": "Task", "id": "nonsense"},
        {"__typename": "Task", "id": model_task.rstrip("=") + "="},
    ]
    found = (await tasks.data(ANN, ENTITIES, of=asked))["_entities"]
    assert [one and one["__typename"] for one in found] == [
        "InferenceTask",
        "IngestTask",
        "InferenceTask",
        None,
        None,
        None,
        None,
    ]


async def test_a_task_is_not_found_under_the_id_of_another_kind(tasks: Client, database: Database) -> None:
    task = await make(database)
    assert (await tasks.data(ANN, TASK, id=encode("IngestTask", task.id)))["task"] is None


@pytest.mark.parametrize("caller", STRANGERS)
async def test_lists_and_sums_hold_nothing_of_strangers(
    tasks: Client, database: Database, caller: InternalToken
) -> None:
    await both(database)
    await run_sql(
        database, "UPDATE tasks.task SET status = 'SUCCEEDED', finished_at = now() WHERE model_id = $1", MODEL
    )
    assert (await tasks.data(caller, TASKS, id=PROJECT_ID))["tasks"] == {"edges": [], "totalCount": 0}
    version = {"__typename": "ModelVersion", "id": MODEL_ID, "pricing": {"inputPerMTokUsd": 1, "outputPerMTokUsd": 1}}
    data = await tasks.data(caller, USE, of=[version], project=PROJECT_ID)
    if caller is IMPOSTOR:  # a member by the token, but of another tenant: there is nothing to count
        assert data["_entities"] == [{"usageLast24h": {"requests": 0}, "costLast24hUsd": 0}]
    else:
        assert data["_entities"] == [{"usageLast24h": None, "costLast24hUsd": None}]


async def test_the_tenants_wall_stands_without_the_predicate(database: Database) -> None:
    task = await make(database)
    for table in ("task", "task_event", "idempotency"):
        async with database.as_tenant(EVE) as connection:
            rows = await connection.fetch(f"SELECT * FROM tasks.{table}")
        assert rows == []
    async with database.as_tenant(ANN) as connection:
        assert await connection.fetchval("SELECT count(*) FROM tasks.task WHERE id = $1", task.id) == 1


async def test_the_owner_sees_a_task_after_leaving_the_project(database: Database) -> None:
    task = await make(database)
    gone = InternalToken(ANN.tenant, ANN.principal, ANN.scopes)
    async with database.as_tenant(gone) as connection:
        assert task.id in await store.by_ids(connection, [task.id])


def test_a_new_task_is_private_by_its_table() -> None:
    new = NewTask(id=fresh(), project_id=PROJECT, kind=Kind.INFERENCE, input={}, model_id=MODEL)
    assert not hasattr(new, "visibility")


async def test_without_a_token_the_store_is_closed_and_the_schema_open(tasks: Client) -> None:
    answer = await tasks.answer(None, TASK, id=MODEL_ID)
    assert answer["data"]["task"] is None  # no id of a task: the store was not asked
    answer = await tasks.answer(None, TASK, id=encode("InferenceTask", fresh()))
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert (await tasks.answer(None, "{ _service { sdl } __schema { queryType { name } } }"))["data"]["_service"]["sdl"]
