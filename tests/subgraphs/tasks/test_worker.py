"""The worker: what it holds, gives back, loses and outlives."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from subgraphs.tasks.machine import Status
from subgraphs.tasks.transitions import cancelling, move
from tests.subgraphs.tasks.making import (
    inference,
    ingest,
    look,
    make,
    run_sql,
)
from tests.subgraphs.tasks.surroundings import (
    World,
    giving,
)

Json = Any


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
    world.others.once("indexChunks", giving({"indexed": 1, "errors": []}))
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
