"""The one way a task changes: row, event and outbox messages in one transaction, each change with the next number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from subgraphs.kernel.database import Connection
from subgraphs.tasks.announce import announce, announce_status
from subgraphs.tasks.machine import TERMINAL, TRANSITIONS, Status
from subgraphs.tasks.records import Failure, Progress, TaskRecord, columns

Json = Any

SOURCES: Mapping[Status, list[str]] = {
    target: [source.value for source, following in TRANSITIONS.items() if target in following] for target in Status
}

# The lock on the row gives out `last_seq`, so numbers have no gap and follow the order of commits.
_CHANGE = """
    WITH was AS (
        SELECT id, status FROM tasks.task
        WHERE id = $1 AND status = ANY ($2) AND ($3::bigint IS NULL OR fence = $3) FOR UPDATE
    ), changed AS (
        UPDATE tasks.task t SET last_seq = t.last_seq + 1, {assignments}
        FROM was WHERE t.id = was.id RETURNING {columns}, was.status AS was
    ), event AS (
        INSERT INTO tasks.task_event (task_id, seq, tenant_id, type, attempt, data)
        SELECT id, last_seq, tenant_id, '{type}', attempt, {data} FROM changed
    )
    SELECT * FROM changed
"""
_ALL_DONE = (
    "CASE WHEN t.progress ->> 'total' IS NULL THEN t.progress"
    " ELSE jsonb_set(t.progress, '{current}', t.progress -> 'total') END"
)
_STATUS_DATA = "jsonb_build_object('from', was, 'to', status)"


@dataclass(frozen=True, slots=True)
class Step:
    """A status to go to, and what else the row then says. `sets`: SQL, its first argument is `$5`."""

    target: Status
    sets: str = ""
    arguments: tuple[object, ...] = ()

    def assignments(self) -> str:
        """Write the SET list; `$4` is the status."""
        parts = ["status = $4"]
        if self.target in TERMINAL:
            parts.append("finished_at = now()")
        if self.target not in {Status.RUNNING, Status.CANCELLING}:
            parts.append("lease_until = NULL, worker = NULL")
        return ", ".join([*parts, *filter(None, [self.sets])])


@dataclass(frozen=True, slots=True)
class Result:
    """What a task that succeeded leaves."""

    output: Json = None
    input_tokens: int = 0
    output_tokens: int = 0


def queued() -> Step:
    """Hand it to whichever worker is free."""
    return Step(Status.QUEUED)


def claimed(worker: str, lease: timedelta) -> Step:
    """Give it to a worker under a new fencing token, until the lease ends by the server's clock."""
    sets = "fence = t.fence + 1, worker = $5, lease_until = now() + $6, started_at = now()"
    return Step(Status.RUNNING, sets, (worker, lease))


def given_back() -> Step:
    """Let another worker go on with the same attempt; the one that stops has left nothing under way."""
    return Step(Status.RETRYING, "due_at = now()")


def tried_again(failure: Failure, delay: timedelta) -> Step:
    """Begin the next attempt after a while."""
    sets = "attempt = t.attempt + 1, failure = $5, due_at = now() + $6"
    return Step(Status.RETRYING, sets, (failure.to_json(), delay))


def succeeded(result: Result) -> Step:
    """End it well: all of it is done, so no runner needs to say so."""
    sets = f"output = $5, input_tokens = $6, output_tokens = $7, failure = NULL, progress = {_ALL_DONE}"
    return Step(Status.SUCCEEDED, sets, (result.output, result.input_tokens, result.output_tokens))


def ended(target: Status, failure: Failure) -> Step:
    """End it without success: FAILED, TIMED_OUT or CRASHED."""
    return Step(target, "failure = $5", (failure.to_json(),))


def cancelling(reason: str) -> Step:
    """Ask whoever runs it to stop."""
    return Step(Status.CANCELLING, "failure = $5", (Failure("CANCELLED", reason, retryable=False).to_json(),))


def cancelled() -> Step:
    """End it as it was asked to."""
    return Step(Status.CANCELLED)


async def move(connection: Connection, id: UUID, step: Step, fence: int | None = None) -> TaskRecord | None:
    """Take one step with one task; the task as it is then.

    None, and no change, if the task is not where that step is legal, or `fence` is given and not its newest token.
    """
    statement = _CHANGE.format(assignments=step.assignments(), columns=columns("t"), type="STATUS", data=_STATUS_DATA)
    row = await connection.fetchrow(statement, id, SOURCES[step.target], fence, step.target.value, *step.arguments)
    if row is None:
        return None
    task = TaskRecord.of(row)
    await announce_status(connection, task, was=Status(row["was"]))
    return task


async def report(connection: Connection, id: UUID, fence: int, progress: Progress) -> TaskRecord | None:
    """Record how far a running task is. None, and no change, if it no longer runs under that token."""
    statement = _CHANGE.format(assignments="progress = $4", columns=columns("t"), type="PROGRESS", data="progress")
    row = await connection.fetchrow(statement, id, [Status.RUNNING.value], fence, progress.to_json())
    if row is None:
        return None
    task = TaskRecord.of(row)
    await announce(connection, task, {"type": "PROGRESS", **progress.to_json()})
    return task
