"""The worker at work: over a real PostgreSQL, with its neighbours on a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from subgraphs.kernel.database import Database
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import ServiceSigner
from subgraphs.kernel.relay import Relay
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.kernel.settings import Settings
from subgraphs.tasks.dispatch import Dispatch
from subgraphs.tasks.handlers import outbox_handlers
from subgraphs.tasks.inference import Inference
from subgraphs.tasks.ingest import CHUNKS_PER_CALL, Ingest, document_of
from subgraphs.tasks.machine import TERMINAL, Status
from subgraphs.tasks.new_task import NewTask
from subgraphs.tasks.oip import OipClient
from subgraphs.tasks.records import Kind, RetryPolicy, TaskRecord
from subgraphs.tasks.transitions import cancelled, cancelling, move
from subgraphs.tasks.wakeups import Wakeups
from subgraphs.tasks.work import Runner
from subgraphs.tasks.worker import Worker
from tests.subgraphs.kernel.kit import service_pem
from tests.subgraphs.kernel.people import ANN
from tests.subgraphs.tasks.making import (
    COLLECTION,
    MODEL,
    SESSION,
    drain,
    fresh,
    inference,
    ingest,
    look,
    make,
    run_sql,
)
from tests.subgraphs.tasks.neighbours import Neighbours, neighbours

Json = Any

AT_ONCE = RetryPolicy(max_attempts=3, initial_delay_ms=0, max_delay_ms=0)
MESSAGE, USER_MESSAGE = encode("Message", fresh()), encode("Message", fresh())
QUESTION = {"question": "What is Fedra?", "collectionIds": [encode("Collection", COLLECTION)], "topK": 4}
TURN = {"sessionId": encode("Session", SESSION), "messageId": MESSAGE, "userMessageId": USER_MESSAGE}


@dataclass
class World:
    """A worker's surroundings."""

    database: Database
    settings: Settings
    others: Neighbours
    documents: Path
    client: ServiceClient
    models: OipClient

    @asynccontextmanager
    async def working(self, lease: float = 30, concurrency: int = 4) -> AsyncIterator[Worker]:
        """Run a worker beside the body."""
        dispatch = Dispatch(self.database, "one", timedelta(seconds=lease))
        runners: dict[Kind, Runner] = {
            Kind.INFERENCE: Inference(self.client, self.models),
            Kind.INGEST: Ingest(self.client, self.settings.ingest_roots),
        }
        worker = Worker(dispatch, runners, concurrency)
        wakeups = Wakeups(self.settings.system_url, worker.wake, worker.look_at)
        running = asyncio.create_task(worker.run(wakeups))
        try:
            yield worker
        finally:
            worker.stop()
            await running
            await wakeups.close()

    async def until(self, id: UUID, *statuses: Status) -> TaskRecord:
        """Wait until the task has one of these."""
        async with asyncio.timeout(15):
            while (task := await look(self.database, id)).status not in statuses:  # noqa: ASYNC110 - it is told by nothing
                await asyncio.sleep(0.02)
        return task

    async def ended(self, id: UUID) -> TaskRecord:
        return await self.until(id, *TERMINAL)

    async def done(self, new: NewTask, lease: float = 30) -> TaskRecord:
        """Make a task, and have it done."""
        task = await make(self.database, new)
        async with self.working(lease):
            return await self.ended(task.id)

    def document(self, name: str, text: str) -> str:
        (self.documents / name).write_text(text, "utf-8")
        return (self.documents / name).as_uri()

    async def steps(self, id: UUID) -> list[str]:
        rows = await run_sql(
            self.database,
            "SELECT data->>'to' AS to FROM tasks.task_event WHERE task_id = $1 AND type = 'STATUS' ORDER BY seq",
            id,
        )
        return [row["to"] for row in rows]


@pytest.fixture
async def world(database: Database, settings: Settings, tmp_path: Path) -> AsyncIterator[World]:
    await drain(database)
    async with neighbours() as others, httpx.AsyncClient(trust_env=False) as http:
        urls: Json = {f"{name}_url": f"{others.url}/{name}/graphql" for name in ("sessions", "models", "search")}
        known = replace(settings, **urls, oip_url=others.url, ingest_roots=(str(tmp_path),))
        client = ServiceClient(known)
        models = OipClient(others.url, ServiceSigner(service_pem()), http)
        yield World(database, known, others, tmp_path, client, models)
        await client.close()


def broken(status: int = 200, code: str = "INTERNAL_SERVER_ERROR") -> Callable[[], Awaitable[Response]]:
    async def answer() -> Response:
        return JSONResponse({"errors": [{"message": "Broken.", "extensions": {"code": code}}]}, status)

    return answer


def refusing(code: str) -> Callable[[], Awaitable[Json]]:
    async def answer() -> Json:
        return {"message": None, "indexed": 0, "errors": [{"code": code, "message": "No."}]}

    return answer


async def test_documents_are_cut_and_indexed_one_by_one(world: World) -> None:
    uris = [world.document("a.md", "# Apples\n\nRed.\n\n## Green\n\nSour."), world.document("b.txt", "Pears.")]
    task = await world.done(ingest(*uris))
    assert (task.status, task.failure, task.output) == (Status.SUCCEEDED, None, {"chunks": 3})
    assert (task.progress.current, task.progress.total, task.progress.unit) == (2, 2, "documents")
    first, second = world.others.named("indexChunks")
    document = encode("Document", document_of(COLLECTION, uris[0]))
    assert first.pop("step").startswith(f"index:{document}:")
    assert first == {
        "taskId": task.global_id,
        "attempt": 1,
        "collectionId": encode("Collection", COLLECTION),
        "documentId": document,
        "title": "Apples",
        "uri": uris[0],
        "mediaType": "text/markdown",
        "chunkCount": 2,
        "chunks": [
            {"index": 0, "text": "# Apples\n\nRed.", "start": 0, "end": 14},
            {"index": 1, "text": "## Green\n\nSour.", "start": 16, "end": 31},
        ],
    }
    assert (second["title"], second["mediaType"]) == ("b.txt", "text/plain")
    assert await world.steps(task.id) == ["QUEUED", "RUNNING", "SUCCEEDED"]


async def test_a_long_document_is_indexed_in_bounded_parts_each_a_step_of_its_text(world: World) -> None:
    uri = world.document("long.md", "\n\n".join(f"# {number}\n\nText." for number in range(CHUNKS_PER_CALL + 2)))
    world.others.once("indexChunks", world_answer({"indexed": CHUNKS_PER_CALL, "errors": []}))
    world.others.once("indexChunks", broken())
    task = await world.done(ingest(uri, retry=AT_ONCE))
    assert (task.status, task.output) == (Status.SUCCEEDED, {"chunks": CHUNKS_PER_CALL + 2})
    calls = world.others.named("indexChunks")
    parts = [(call["attempt"], len(call["chunks"]), call["chunkCount"]) for call in calls]
    whole = CHUNKS_PER_CALL + 2
    assert parts == [(1, CHUNKS_PER_CALL, whole), (1, 2, whole), (2, CHUNKS_PER_CALL, whole), (2, 2, whole)]
    steps = [call["step"] for call in calls]
    assert steps[:2] == steps[2:]
    assert len(set(steps)) == 2


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


async def test_what_may_heal_is_tried_again_and_goes_on_where_it_stopped(world: World) -> None:
    uris = [world.document(f"{number}.md", f"Text {number}.") for number in range(3)]
    world.others.once("indexChunks", world_answer({"indexed": 1, "errors": []}))
    world.others.once("indexChunks", broken())
    world.others.once("indexChunks", broken(503, "REQUEST_TIMEOUT"))
    task = await world.done(ingest(*uris, retry=AT_ONCE))
    assert (task.status, task.attempt, task.failure) == (Status.SUCCEEDED, 3, None)
    asked = [(call["uri"][-4], call["attempt"]) for call in world.others.named("indexChunks")]
    assert asked == [("0", 1), ("1", 1), ("1", 2), ("1", 3), ("2", 3)]
    again = ["RETRYING", "QUEUED", "RUNNING"]
    assert await world.steps(task.id) == ["QUEUED", "RUNNING", *again, *again, "SUCCEEDED"]


def world_answer(answer: Json) -> Callable[[], Awaitable[Json]]:
    async def give() -> Json:
        return answer

    return give


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
        ("modelVersion", world_answer(None), "MODEL_NOT_FOUND"),
        ("infer answer", broken(404), "MODEL_FAILED"),
        ("infer answer", world_answer({"outputs": []}), "MODEL_ANSWER_MALFORMED"),
        ("recordMessage", refusing("CONFLICT"), "CONFLICT"),
        ("indexMessages", refusing("NOT_FOUND"), "NOT_FOUND"),
        ("_entities", world_answer([None, None]), "NOT_FOUND"),
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


async def test_a_source_outside_the_open_folders_is_not_read(world: World) -> None:
    task = await world.done(ingest("file:///etc/hostname", retry=AT_ONCE))
    assert (task.status, task.attempt) == (Status.FAILED, 1)
    assert task.failure is not None
    assert task.failure.code == "SOURCE_NOT_FOUND"
    assert world.others.calls == []


async def test_a_cancelled_task_is_stopped_in_the_middle_at_once(world: World) -> None:
    world.others.once("infer answer", world.others.hang)
    task = await make(world.database, inference())
    async with world.working():
        await world.others.reached.wait()
        async with world.database.as_system() as connection:
            await move(connection, task.id, cancelling("Enough."))
        async with asyncio.timeout(3):  # much sooner than the next beat of a lease of 30 s
            ended = await world.ended(task.id)
    assert (ended.status, ended.failure and ended.failure.code) == (Status.CANCELLED, "CANCELLED")


async def test_a_task_past_its_deadline_has_timed_out(world: World) -> None:
    world.others.once("infer answer", world.others.hang)
    task = await world.done(inference(deadline=datetime.now(UTC) + timedelta(seconds=0.5)))
    assert (task.status, task.failure and task.failure.code) == (Status.TIMED_OUT, "DEADLINE_EXCEEDED")


async def test_a_worker_that_stops_gives_its_task_back_and_another_goes_on(world: World) -> None:
    uris = [world.document(f"{number}.md", f"Text {number}.") for number in range(2)]
    world.others.once("indexChunks", world_answer({"indexed": 1, "errors": []}))
    world.others.once("indexChunks", world.others.hang)
    task = await make(world.database, ingest(*uris))
    async with world.working():
        await world.others.reached.wait()
    returned = await look(world.database, task.id)
    assert (returned.status, returned.attempt, returned.progress.current) == (Status.QUEUED, 1, 1)
    async with world.working():
        ended = await world.ended(task.id)
    assert (ended.status, ended.attempt) == (Status.SUCCEEDED, 1)
    asked = [(call["uri"][-4], call["attempt"]) for call in world.others.named("indexChunks")]
    assert asked == [("0", 1), ("1", 1), ("1", 1)]
    assert await world.steps(task.id) == ["QUEUED", "RUNNING", "RETRYING", "QUEUED", "RUNNING", "SUCCEEDED"]


async def test_beats_keep_a_task_that_takes_longer_than_its_lease(world: World) -> None:
    async def think() -> Json:
        await asyncio.sleep(1.5)
        return {"id": "x", "model": {"name": "answer"}}

    world.others.once("modelVersion", think)
    task = await world.done(inference(), lease=0.6)
    assert (task.status, task.attempt, task.fence) == (Status.SUCCEEDED, 1, 1)


async def test_work_that_lost_its_task_is_stopped_and_says_nothing(world: World) -> None:
    world.others.once("infer answer", world.others.hang)
    task = await make(world.database, inference())
    async with world.working() as worker:
        await world.others.reached.wait()
        await run_sql(world.database, "UPDATE tasks.task SET fence = fence + 1 WHERE id = $1", task.id)
        worker.look_at(task.id)
        async with asyncio.timeout(3):
            while worker.held:  # noqa: ASYNC110 - the worker has no event for it
                await asyncio.sleep(0.01)
        assert (await look(world.database, task.id)).status is Status.RUNNING  # as its new holder wants it


async def test_a_worker_outlives_the_loss_of_its_connections(world: World) -> None:
    async with world.working():
        assert (await world.ended((await make(world.database)).id)).status is Status.SUCCEEDED
        others = "usename = 'fedra_system' AND datname = current_database() AND pid <> pg_backend_pid()"
        await run_sql(world.database, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        assert (await world.ended((await make(world.database)).id)).status is Status.SUCCEEDED


async def test_no_more_tasks_run_at_once_than_were_asked_for(world: World) -> None:
    running = most = 0

    async def think() -> Json:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        return {"id": "x", "model": {"name": "answer"}}

    made = [await make(world.database) for _ in range(6)]
    for _ in made:
        world.others.once("modelVersion", think)
    async with world.working(concurrency=2):
        for task in made:
            assert (await world.ended(task.id)).status is Status.SUCCEEDED
    assert most == 2


@pytest.mark.parametrize("target", [Status.FAILED, Status.CANCELLED])
async def test_a_conversation_hears_that_its_answer_will_not_come(world: World, target: Status) -> None:
    task = await make(world.database, inference(input={**QUESTION, **TURN}))
    if target is Status.FAILED:
        world.others.once("modelVersion", world_answer(None))
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
