"""How a task begins: its row, its first event and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from subgraphs.kernel.database import Connection
from subgraphs.kernel.identity import InternalToken
from subgraphs.tasks.announce import announce_status
from subgraphs.tasks.initiator import initiator_of
from subgraphs.tasks.records import Kind, Progress, RetryPolicy, TaskRecord, columns

Json = Any

DEFAULT_PRIORITY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task that is not yet there."""

    id: UUID
    project_id: UUID
    kind: Kind
    input: dict[str, Json]
    session_id: UUID | None = None
    model_id: UUID | None = None
    collection_id: UUID | None = None
    progress: Progress = field(default_factory=Progress)
    priority: int = DEFAULT_PRIORITY
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    scheduled_for: datetime | None = None
    deadline: datetime | None = None


_INSERT = f"""
    WITH made AS (
        INSERT INTO tasks.task AS t (
            id, tenant_id, project_id, owner_id, initiator, session_id, kind, model_id, collection_id, input,
            progress, priority, max_attempts, retry, scheduled_for, deadline, due_at, status, last_seq)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
            coalesce($15, now()), CASE WHEN $15 > now() THEN 'SCHEDULED' ELSE 'QUEUED' END, 1)
        ON CONFLICT (id) DO NOTHING
        RETURNING {columns("t")}
    ), event AS (
        INSERT INTO tasks.task_event (task_id, seq, tenant_id, type, attempt, data)
        SELECT id, last_seq, tenant_id, 'STATUS', attempt, jsonb_build_object('from', NULL, 'to', status) FROM made
    )
    SELECT * FROM made
"""


async def create(connection: Connection, token: InternalToken, new: NewTask) -> TaskRecord | None:
    """Make a task of the token's principal, SCHEDULED or QUEUED. None, and no change, if the id is taken."""
    row = await connection.fetchrow(
        _INSERT,
        *(new.id, token.tenant, new.project_id, token.principal, initiator_of(token), new.session_id, new.kind.value),
        *(new.model_id, new.collection_id, new.input, new.progress.to_json(), new.priority),
        *(new.retry.max_attempts, new.retry.to_json(), new.scheduled_for, new.deadline),
    )
    if row is None:
        return None
    task = TaskRecord.of(row)
    await announce_status(connection, task, was=None)
    return task
