"""Lists, history and sums: what they hold, page by page, and with how many statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from subgraphs.kernel.database import Database
from subgraphs.kernel.global_id import encode
from subgraphs.tasks.dispatch import Dispatch
from subgraphs.tasks.machine import Status
from subgraphs.tasks.records import Failure, Progress
from subgraphs.tasks.transitions import Result, ended, succeeded
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, OTHER_PROJECT
from tests.subgraphs.tasks.making import LEASE, claim, drain, fresh, inference, ingest, make, run_sql
from tests.subgraphs.tasks.operations import MODEL_ID, PROJECT_ID

Json = Any

TASKS = """
query ($project: ID!, $filter: TaskFilter, $first: Int, $after: String) {
  tasks(projectId: $project, filter: $filter, first: $first, after: $after) {
    edges { cursor node { id } } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
SESSIONS = """
query ($of: [_Any!]!) { _entities(representations: $of) { ... on Session {
  tasks(first: 2) { edges { node { id status session { id } project { id } createdBy { id } } } totalCount }
} } }
"""
HISTORY = """
query ($id: ID!, $first: Int, $after: String, $types: [TaskEventType!]) { task(id: $id) {
  lastEventCursor
  events(first: $first, after: $after, types: $types) {
    edges { cursor node {
      __typename cursor sequence taskId at
      ... on TaskStatusEvent { from to attempt terminal } ... on TaskProgressEvent { progress { fraction message } }
    } }
    pageInfo { hasNextPage endCursor }
  }
} }
"""
USE = """
query ($of: [_Any!]!, $project: ID!) { _entities(representations: $of) { ... on ModelVersion {
  id
  usageLast24h(projectId: $project) { requests tokens { inputTokens outputTokens } errorRate p50LatencyMs p99LatencyMs }
  costLast24hUsd(projectId: $project)
} } }
"""


@pytest.fixture
async def dispatch(tasks: Client, database: Database) -> Dispatch:
    assert tasks
    await drain(database)
    return Dispatch(database, "one", LEASE)


def ids(connection: dict[str, Any]) -> Sequence[str]:
    return [edge["node"]["id"] for edge in connection["edges"]]


async def test_pages_follow_each_other_newest_first(tasks: Client, database: Database, dispatch: Dispatch) -> None:
    assert dispatch
    made = [(await make(database)).global_id for _ in range(5)]
    seen: list[str] = []
    after = None
    while True:
        page = (await tasks.data(ANN, TASKS, project=PROJECT_ID, first=2, after=after))["tasks"]
        assert page["totalCount"] == 5
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        seen += ids(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == made[::-1]


async def test_a_filter_says_which_tasks(tasks: Client, database: Database, dispatch: Dispatch) -> None:
    session = fresh()
    of_session = await make(database, inference(session_id=session, priority=9))
    of_files = await make(database, ingest("file:///a.md"))
    await claim(dispatch)

    async def matching(**filter: Json) -> Sequence[str]:
        page = (await tasks.data(ANN, TASKS, project=PROJECT_ID, filter=filter))["tasks"]
        assert page["totalCount"] == len(page["edges"])
        return ids(page)

    assert await matching(status=["RUNNING"]) == [of_session.global_id]
    assert await matching(kind=["INGEST"]) == [of_files.global_id]
    assert await matching(sessionId=encode("Session", session)) == [of_session.global_id]
    assert await matching(sessionId="nonsense") == []
    assert await matching(status=["QUEUED", "RUNNING"]) == [of_files.global_id, of_session.global_id]
    assert (await tasks.data(ANN, TASKS, project=encode("Project", OTHER_PROJECT)))["tasks"]["edges"] == []


@pytest.mark.parametrize("wrong", [{"first": 101}, {"first": -1}, {"after": "nonsense"}])
async def test_wrong_paging_is_an_error(tasks: Client, wrong: dict[str, Any]) -> None:
    answer = await tasks.answer(ANN, TASKS, project=PROJECT_ID, **wrong)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_fifty_sessions_cost_no_more_statements_than_one(
    tasks: Client, database: Database, dispatch: Dispatch
) -> None:
    assert dispatch
    sessions = [fresh() for _ in range(50)]
    made = {id: [await make(database, inference(session_id=id)) for _ in range(3)] for id in sessions}
    asked = [{"__typename": "Session", "id": encode("Session", id)} for id in sessions]
    found = (await tasks.data(ANN, SESSIONS, of=asked))["_entities"]
    assert [ids(one["tasks"]) for one in found] == [[task.global_id for task in made[id][:0:-1]] for id in sessions]
    assert {one["tasks"]["totalCount"] for one in found} == {3}
    of_one = await tasks.statements(ANN, SESSIONS, of=asked[:1])
    assert await tasks.statements(ANN, SESSIONS, of=asked) == of_one
    assert of_one <= 10  # tasks and counts: each one statement in a transaction of the caller's


async def test_entities_and_histories_of_many_tasks_are_read_together(
    tasks: Client, database: Database, dispatch: Dispatch
) -> None:
    assert dispatch
    made = [(await make(database)).global_id for _ in range(20)]
    query = """query ($of: [_Any!]!) { _entities(representations: $of) {
        ... on Task { id events(first: 3) { edges { node { sequence } } } } } }"""
    asked = [{"__typename": "Task", "id": id} for id in made]
    assert await tasks.statements(ANN, query, of=asked) == await tasks.statements(ANN, query, of=asked[:1])
    found = (await tasks.data(ANN, query, of=asked))["_entities"]
    assert [one["id"] for one in found] == made
    assert all(one["events"]["edges"] == [{"node": {"sequence": 1}}] for one in found)


async def test_a_history_tells_every_change_in_order(tasks: Client, database: Database, dispatch: Dispatch) -> None:
    task = await make(database)
    held = await claim(dispatch)
    await dispatch.report(held, Progress(1, 4, message="a quarter"))
    await dispatch.settle(held, succeeded(Result()))
    read = (await tasks.data(ANN, HISTORY, id=task.global_id))["task"]
    nodes = [edge["node"] for edge in read["events"]["edges"]]
    assert [node["sequence"] for node in nodes] == [1, 2, 3, 4]
    assert all(node["taskId"] == task.global_id for node in nodes)
    assert [(node["__typename"], node.get("to"), node.get("terminal")) for node in nodes] == [
        ("TaskStatusEvent", "QUEUED", False),
        ("TaskStatusEvent", "RUNNING", False),
        ("TaskProgressEvent", None, None),
        ("TaskStatusEvent", "SUCCEEDED", True),
    ]
    assert nodes[2]["progress"] == {"fraction": 0.25, "message": "a quarter"}
    assert read["lastEventCursor"] == nodes[-1]["cursor"] == read["events"]["pageInfo"]["endCursor"]

    rest = (await tasks.data(ANN, HISTORY, id=task.global_id, after=nodes[1]["cursor"], first=1))["task"]["events"]
    assert [edge["node"]["sequence"] for edge in rest["edges"]] == [3]
    assert rest["pageInfo"]["hasNextPage"]
    steps = (await tasks.data(ANN, HISTORY, id=task.global_id, types=["PROGRESS"]))["task"]["events"]["edges"]
    assert [edge["node"]["sequence"] for edge in steps] == [3]


async def test_a_cursor_of_another_tasks_history_is_refused(tasks: Client, database: Database) -> None:
    one, other = [(await make(database)).global_id for _ in range(2)]
    cursor = (await tasks.data(ANN, HISTORY, id=one))["task"]["lastEventCursor"]
    answer = await tasks.answer(ANN, HISTORY, id=other, after=cursor)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_use_of_a_model_is_summed_over_a_day_and_priced(
    tasks: Client, database: Database, dispatch: Dispatch
) -> None:
    for tokens in ((1_000, 100), (3_000, 300)):
        await make(database)
        await dispatch.settle(await claim(dispatch), succeeded(Result("", *tokens)))
    await make(database)
    broken = ended(Status.FAILED, Failure("BROKEN", "It broke.", retryable=False))
    await dispatch.settle(await claim(dispatch), broken)
    old = await make(database)
    await dispatch.settle(await claim(dispatch), succeeded(Result("", 9_000, 900)))
    await run_sql(database, "UPDATE tasks.task SET finished_at = now() - interval '25h' WHERE id = $1", old.id)
    await make(database)  # not ended

    pricing: Json = {"inputPerMTokUsd": 2.5, "outputPerMTokUsd": 10}
    unused = encode("ModelVersion", fresh())
    asked: list[Json] = [
        {"__typename": "ModelVersion", "id": MODEL_ID, "pricing": pricing},
        {"__typename": "ModelVersion", "id": unused, "pricing": pricing},
        {"__typename": "ModelVersion", "id": MODEL_ID, "pricing": None},
    ]
    used, not_used, not_priced = (await tasks.data(ANN, USE, of=asked, project=PROJECT_ID))["_entities"]
    assert used["usageLast24h"]["requests"] == 3
    assert used["usageLast24h"]["tokens"] == {"inputTokens": 4_000, "outputTokens": 400}
    assert used["usageLast24h"]["errorRate"] == pytest.approx(1 / 3)
    assert 0 <= used["usageLast24h"]["p50LatencyMs"] <= used["usageLast24h"]["p99LatencyMs"]
    assert used["costLast24hUsd"] == pytest.approx(4_000 * 2.5e-6 + 400 * 10e-6)
    assert (not_used["usageLast24h"]["requests"], not_used["usageLast24h"]["errorRate"]) == (0, None)
    assert not_used["costLast24hUsd"] == 0
    assert (not_priced["costLast24hUsd"], not_priced["usageLast24h"]) == (None, used["usageLast24h"])
    many = [{**asked[0], "id": encode("ModelVersion", fresh())} for _ in range(30)]
    assert await tasks.statements(ANN, USE, of=many, project=PROJECT_ID) == await tasks.statements(
        ANN, USE, of=asked[:1], project=PROJECT_ID
    )
