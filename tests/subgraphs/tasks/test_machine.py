"""Which status may follow which: each legal step is taken, each other one is refused and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from subgraphs.kernel.database import Database
from subgraphs.tasks.machine import INITIAL, TERMINAL, TRANSITIONS, Status
from subgraphs.tasks.records import Failure
from subgraphs.tasks.transitions import (
    Result,
    Step,
    cancelled,
    cancelling,
    claimed,
    ended,
    move,
    queued,
    succeeded,
    tried_again,
)
from tests.subgraphs.tasks.making import LEASE, look, make, run_sql

BROKEN = Failure("BROKEN", "It broke.", retryable=True)
STEPS = {
    Status.SCHEDULED: Step(Status.SCHEDULED),
    Status.QUEUED: queued(),
    Status.RUNNING: claimed("worker", LEASE),
    Status.RETRYING: tried_again(BROKEN, timedelta()),
    Status.CANCELLING: cancelling("Enough."),
    Status.SUCCEEDED: succeeded(Result()),
    Status.FAILED: ended(Status.FAILED, BROKEN),
    Status.CANCELLED: cancelled(),
    Status.TIMED_OUT: ended(Status.TIMED_OUT, BROKEN),
    Status.CRASHED: ended(Status.CRASHED, BROKEN),
}
LEGAL = {
    "SCHEDULED": {"QUEUED", "CANCELLING"},
    "QUEUED": {"RUNNING", "CANCELLING"},
    "RUNNING": {"SUCCEEDED", "FAILED", "TIMED_OUT", "CRASHED", "RETRYING", "CANCELLING"},
    "RETRYING": {"QUEUED", "CANCELLING"},
    "CANCELLING": {"CANCELLED"},
}


def test_terminal_is_final_and_every_status_is_reached() -> None:
    assert {"SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT", "CRASHED"} == TERMINAL
    assert set(TRANSITIONS) == set(Status)
    assert set().union(INITIAL, *TRANSITIONS.values()) == set(Status)


@pytest.mark.parametrize("source", Status)
@pytest.mark.parametrize("target", Status)
async def test_only_legal_steps_are_taken(database: Database, source: Status, target: Status) -> None:
    task = await make(database)
    await run_sql(
        database,
        "UPDATE tasks.task SET status = $2, lease_until = CASE WHEN $3 THEN now() END,"
        " finished_at = CASE WHEN $4 THEN now() END WHERE id = $1",
        task.id,
        source.value,
        source is Status.RUNNING,
        source in TERMINAL,
    )
    async with database.as_system() as connection:
        moved = await move(connection, task.id, STEPS[target])
    after = await look(database, task.id)
    events = await run_sql(database, "SELECT data FROM tasks.task_event WHERE task_id = $1 AND seq > 1", task.id)
    told = await run_sql(database, "SELECT 1 FROM tasks.outbox WHERE payload->>'key' = $1", task.global_id)
    if target.value in LEGAL.get(source.value, set()):
        assert moved is not None
        assert (after.status, after.last_seq) == (target, 2)
        assert [event["data"] for event in events] == [{"from": source.value, "to": target.value}]
        assert len(told) == 4  # a task.event and an entity.changed, of the creation and of this step
        assert (after.finished_at is not None) == (target in TERMINAL)
    else:
        assert moved is None
        assert (after.status, after.last_seq) == (source, 1)
        assert (events, len(told)) == ([], 2)
