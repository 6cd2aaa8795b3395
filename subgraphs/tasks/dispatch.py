"""How tasks reach workers: a queue in PostgreSQL. A worker holds a task by a lease and proves it by a fencing token."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from subgraphs.kernel.database import Connection, Database
from subgraphs.tasks.machine import Status
from subgraphs.tasks.records import Failure, Progress, TaskRecord
from subgraphs.tasks.transitions import (
    Step,
    cancelled,
    claimed,
    ended,
    given_back,
    move,
    queued,
    report,
    tried_again,
)

SWEEP_LIMIT = 100
STORE_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)  # what a call may raise while it is
WORKER_LOST = Failure("WORKER_LOST", "The worker that ran the task did not come back.", retryable=True)

logger = logging.getLogger(__name__)

_NEXT = """
    SELECT id, deadline - now() AS left FROM tasks.task WHERE status = 'QUEUED'
    ORDER BY priority DESC, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_BEAT = """
    UPDATE tasks.task SET lease_until = now() + $3
    WHERE id = $1 AND fence = $2 AND status IN ('RUNNING', 'CANCELLING') RETURNING status
"""
_DUE = f"""
    SELECT id, status, attempt, max_attempts FROM tasks.task
    WHERE (status IN ('SCHEDULED', 'RETRYING') AND due_at <= now())
        OR (status IN ('RUNNING', 'CANCELLING') AND lease_until < now())
    ORDER BY due_at LIMIT {SWEEP_LIMIT} FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A task that a worker holds. `left`: until its deadline, when it was claimed."""

    task: TaskRecord
    left: timedelta | None

    @property
    def fence(self) -> int:
        """The token that every write of the holder carries."""
        return self.task.fence


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The queue as one worker sees it. All times are the server's."""

    database: Database
    worker: str
    lease: timedelta

    async def claim(self) -> Claim | None:
        """Take the next task, if there is one that nobody holds."""
        async with self.database.as_system() as connection:
            row = await connection.fetchrow(_NEXT)
            if row is None:
                return None
            task = await move(connection, row["id"], claimed(self.worker, self.lease))
            return None if task is None else Claim(task, row["left"])

    async def beat(self, claim: Claim) -> Status | None:
        """Extend the lease. CANCELLING: stop the work; None: the task is another's now, or has ended."""
        async with self.database.as_system() as connection:
            status = await connection.fetchval(_BEAT, claim.task.id, claim.fence, self.lease)
        return None if status is None else Status(status)

    async def report(self, claim: Claim, progress: Progress) -> bool:
        """Record progress; False if the task no longer runs under this claim."""
        async with self.database.as_system() as connection:
            return await report(connection, claim.task.id, claim.fence, progress) is not None

    async def settle(self, claim: Claim, step: Step) -> TaskRecord | None:
        """Let the task go by `step`, or as cancelled if that was asked for meanwhile. None: it was no longer ours."""
        async with self.database.as_system() as connection:
            settled = await move(connection, claim.task.id, step, claim.fence)
            return settled or await move(connection, claim.task.id, cancelled(), claim.fence)

    async def give_back(self, claim: Claim) -> TaskRecord | None:
        """Let another worker go on with the attempt, at once."""
        async with self.database.as_system() as connection:
            if await move(connection, claim.task.id, given_back(), claim.fence) is not None:
                return await move(connection, claim.task.id, queued(), claim.fence)
            return await move(connection, claim.task.id, cancelled(), claim.fence)

    async def sweep(self) -> int:
        """Queue what is due, and take back what lost its worker; how many tasks were moved. Any number may sweep."""
        async with self.database.as_system() as connection:
            rows = await connection.fetch(_DUE)
            for row in rows:
                await _sweep_one(connection, row)
        return len(rows)


async def _sweep_one(connection: Connection, row: asyncpg.Record) -> None:
    id, status = row["id"], Status(row["status"])
    if status is Status.CANCELLING:
        await move(connection, id, cancelled())
    elif status is Status.RUNNING and row["attempt"] >= row["max_attempts"]:
        await move(connection, id, ended(Status.CRASHED, WORKER_LOST))
    else:
        if status is Status.RUNNING:
            logger.warning("lease expired", extra={"task": str(id), "attempt": row["attempt"]})
            await move(connection, id, tried_again(WORKER_LOST, timedelta()))
        await move(connection, id, queued())
