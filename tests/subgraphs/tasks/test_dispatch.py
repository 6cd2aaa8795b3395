"""Claims, leases and fencing tokens: whoever holds a task may change it, and nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from subgraphs.kernel.database import Database
from subgraphs.tasks.dispatch import WORKER_LOST, Claim, Dispatch
from subgraphs.tasks.machine import Status
from subgraphs.tasks.records import Failure, Progress, RetryPolicy
from subgraphs.tasks.transitions import Result, cancelling, move, report, succeeded, tried_again
from tests.subgraphs.tasks.making import LEASE, claim, drain, inference, look, make, run_sql

BROKEN = Failure("BROKEN", "It broke.", retryable=True)


@pytest.fixture
async def dispatch(database: Database) -> Dispatch:
    await drain(database)
    return Dispatch(database, "one", LEASE)


async def expire(database: Database, held: Claim) -> None:
    await run_sql(database, "UPDATE tasks.task SET lease_until = now() - interval '1s' WHERE id = $1", held.task.id)


async def test_a_claim_takes_the_task_with_the_highest_priority_then_the_oldest(
    database: Database, dispatch: Dispatch
) -> None:
    made = [await make(database, inference(priority=priority)) for priority in (5, 9, 5)]
    taken = [(await claim(dispatch)).task.id for _ in made]
    assert taken == [made[1].id, made[0].id, made[2].id]
    assert await dispatch.claim() is None


async def test_of_many_workers_each_task_is_claimed_by_one(database: Database, dispatch: Dispatch) -> None:
    made = {(await make(database)).id for _ in range(20)}
    taken = await asyncio.gather(*(replace(dispatch, worker=str(number)).claim() for number in range(30)))
    assert sorted(one.task.id for one in taken if one) == sorted(made)


async def test_a_claim_starts_the_attempt_under_a_new_token(database: Database, dispatch: Dispatch) -> None:
    await make(database)
    held = await claim(dispatch)
    assert (held.task.status, held.task.attempt, held.fence) == (Status.RUNNING, 1, 1)
    assert held.task.started_at is not None
    [row] = await run_sql(
        database,
        "SELECT worker, lease_until > now() + interval '25s' AS held FROM tasks.task WHERE id = $1",
        held.task.id,
    )
    assert (row["worker"], row["held"]) == ("one", True)


async def test_a_zombie_is_refused_by_every_write(database: Database, dispatch: Dispatch) -> None:
    await make(database)
    zombie = await claim(dispatch)
    await expire(database, zombie)
    assert await dispatch.sweep() == 1
    other = await claim(replace(dispatch, worker="two"))
    assert (other.task.id, other.fence, other.task.attempt) == (zombie.task.id, 2, 2)
    assert await dispatch.beat(zombie) is None
    assert not await dispatch.report(zombie, Progress(1, 2))
    assert await dispatch.settle(zombie, succeeded(Result("zombie's"))) is None
    assert await dispatch.settle(zombie, tried_again(BROKEN, timedelta())) is None
    assert await dispatch.give_back(zombie) is None
    after = await look(database, zombie.task.id)
    assert (after.status, after.fence, after.output, after.last_seq) == (Status.RUNNING, 2, None, other.task.last_seq)
    settled = await dispatch.settle(other, succeeded(Result("the other's", 3, 4)))
    assert settled is not None
    assert (settled.status, settled.output, settled.input_tokens, settled.output_tokens) == (
        Status.SUCCEEDED,
        "the other's",
        3,
        4,
    )


async def test_a_zombie_is_refused_before_anybody_claims_again(database: Database, dispatch: Dispatch) -> None:
    await make(database)
    zombie = await claim(dispatch)
    await expire(database, zombie)
    await dispatch.sweep()
    assert await dispatch.settle(zombie, succeeded(Result("zombie's"))) is None
    assert (await look(database, zombie.task.id)).status is Status.QUEUED


async def test_a_beat_keeps_the_task_from_the_sweep(database: Database, dispatch: Dispatch) -> None:
    await make(database)
    held = await claim(dispatch)
    await expire(database, held)
    assert await dispatch.beat(held) is Status.RUNNING
    assert await dispatch.sweep() == 0


async def test_an_expired_lease_is_swept_to_the_next_attempt_and_the_last_one_to_crashed(
    database: Database, dispatch: Dispatch
) -> None:
    task = await make(database, inference(retry=RetryPolicy(max_attempts=2)))
    await expire(database, await claim(dispatch))
    await dispatch.sweep()
    again = await look(database, task.id)
    assert (again.status, again.attempt, again.failure) == (Status.QUEUED, 2, WORKER_LOST)
    await expire(database, await claim(dispatch))
    await dispatch.sweep()
    crashed = await look(database, task.id)
    assert (crashed.status, crashed.failure) == (Status.CRASHED, WORKER_LOST)
    rows = await run_sql(
        database, "SELECT data->>'to' AS to FROM tasks.task_event WHERE task_id = $1 ORDER BY seq", task.id
    )
    assert [row["to"] for row in rows] == ["QUEUED", "RUNNING", "RETRYING", "QUEUED", "RUNNING", "CRASHED"]


async def test_a_task_is_cancelled_by_the_sweep_if_its_worker_is_gone(database: Database, dispatch: Dispatch) -> None:
    task = await make(database)
    held = await claim(dispatch)
    async with database.as_system() as connection:
        await move(connection, task.id, cancelling("Enough."))
    assert await dispatch.sweep() == 0  # the worker still has time
    await expire(database, held)
    assert await dispatch.sweep() == 1
    assert (await look(database, task.id)).status is Status.CANCELLED


async def test_a_worker_hears_of_a_cancellation_by_its_beat_and_cannot_succeed_any_more(
    database: Database, dispatch: Dispatch
) -> None:
    task = await make(database)
    held = await claim(dispatch)
    async with database.as_system() as connection:
        await move(connection, task.id, cancelling("Enough."))
    assert await dispatch.beat(held) is Status.CANCELLING
    assert not await dispatch.report(held, Progress(1, 2))
    settled = await dispatch.settle(held, succeeded(Result("too late")))
    assert settled is not None
    assert (settled.status, settled.output) == (Status.CANCELLED, None)
    assert settled.failure == Failure("CANCELLED", "Enough.", retryable=False)


async def test_a_task_given_back_is_queued_with_the_same_attempt_and_another_token(
    database: Database, dispatch: Dispatch
) -> None:
    await make(database)
    returned = await dispatch.give_back(await claim(dispatch))
    assert returned is not None
    assert (returned.status, returned.attempt) == (Status.QUEUED, 1)
    assert (await claim(dispatch)).fence == 2


async def test_a_retry_waits_for_its_time(database: Database, dispatch: Dispatch) -> None:
    task = await make(database)
    await dispatch.settle(await claim(dispatch), tried_again(BROKEN, timedelta(hours=1)))
    assert await dispatch.sweep() == 0
    assert (await look(database, task.id)).status is Status.RETRYING
    await run_sql(database, "UPDATE tasks.task SET due_at = now() WHERE id = $1", task.id)
    assert await dispatch.sweep() == 1
    assert (await claim(dispatch)).task.attempt == 2


async def test_a_scheduled_task_is_queued_at_its_time(database: Database, dispatch: Dispatch) -> None:
    task = await make(database, inference(scheduled_for=datetime.now(UTC) + timedelta(hours=1)))
    assert task.status is Status.SCHEDULED
    assert (await dispatch.sweep(), await dispatch.claim()) == (0, None)
    await run_sql(database, "UPDATE tasks.task SET due_at = now() WHERE id = $1", task.id)
    assert await dispatch.sweep() == 1
    assert (await claim(dispatch)).task.id == task.id


async def test_sequences_have_no_gap_and_follow_the_order_of_commits(database: Database, dispatch: Dispatch) -> None:
    """Many writers at once, some of whose transactions are rolled back; a reader sees no number before its former."""
    task = await make(database)
    held = await claim(dispatch)

    async def write(number: int) -> None:
        try:
            async with database.as_system() as connection:
                assert await report(connection, task.id, held.fence, Progress(number, 60)) is not None
                if number % 3 == 0:
                    raise ConnectionAbortedError
        except ConnectionAbortedError:
            return

    async def read() -> None:
        while True:
            rows = await run_sql(database, "SELECT seq FROM tasks.task_event WHERE task_id = $1 ORDER BY seq", task.id)
            assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
            await asyncio.sleep(0)

    reader = asyncio.create_task(read())
    await asyncio.gather(*(write(number) for number in range(60)))
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    rows = await run_sql(database, "SELECT seq FROM tasks.task_event WHERE task_id = $1 ORDER BY seq", task.id)
    assert [row["seq"] for row in rows] == list(range(1, 2 + 40 + 1))
    told = await run_sql(
        database,
        "SELECT (payload->>'sequence')::int AS seq FROM tasks.outbox"
        " WHERE topic = 'task.events.v1' AND key = $1 ORDER BY id",
        task.global_id,
    )
    assert [row["seq"] for row in told] == [row["seq"] for row in rows]


def test_what_failed_together_does_not_come_back_together() -> None:
    waits = {RetryPolicy().delay(2).total_seconds() for _ in range(50)}
    assert len(waits) > 1
    assert all(0.5 <= wait <= 1.0 for wait in waits)


def test_a_retry_policy_waits_longer_each_time_up_to_its_limit() -> None:
    policy = RetryPolicy(max_attempts=4, initial_delay_ms=500, max_delay_ms=1500, multiplier=2.0)
    longest = [policy.delay(attempt, chance=1.0).total_seconds() for attempt in (1, 2, 3)]
    assert longest == [0.5, 1.0, 1.5]
    assert policy.allows(BROKEN, 3)
    assert not policy.allows(BROKEN, 4)
    assert not policy.allows(replace(BROKEN, retryable=False), 1)
    assert not replace(policy, non_retryable_codes=("BROKEN",)).allows(BROKEN, 1)
