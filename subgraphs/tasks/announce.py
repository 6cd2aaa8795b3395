"""What is told of a change of a task, in its own transaction: to followers, caches, workers, the conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from uuid6 import uuid7

from subgraphs.kernel import outbox
from subgraphs.kernel.database import Connection
from subgraphs.kernel.events import entity_changed
from subgraphs.tasks.machine import TERMINAL, Status
from subgraphs.tasks.records import TYPE_NAMES, TaskRecord

Json = Any

TASK_EVENTS = "task.events.v1"
MESSAGE_ABANDONED = "task.message-abandoned.v1"
QUEUED_CHANNEL = "fedra_tasks_queued"
CANCELLING_CHANNEL = "fedra_tasks_cancelling"


async def announce_status(connection: Connection, task: TaskRecord, was: Status | None) -> None:
    """Tell a change of status; wake workers where it concerns them."""
    await announce(connection, task, {"type": "STATUS", "from": was, "to": task.status})
    if task.status is Status.QUEUED:
        await connection.execute("SELECT pg_notify($1, '')", QUEUED_CHANNEL)
    elif task.status is Status.CANCELLING:
        await connection.execute("SELECT pg_notify($1, $2)", CANCELLING_CHANNEL, str(task.id))
    elif task.status in TERMINAL - {Status.SUCCEEDED} and "messageId" in task.input:
        await _abandon_message(connection, task)


async def announce(connection: Connection, task: TaskRecord, data: Json) -> None:
    """Tell the last change of a task to its followers and to caches."""
    tags = touched_tags(task)
    event = {
        "id": str(uuid7()),
        "type": "task.event",
        "tenant": task.tenant_id,
        "key": task.global_id,
        "sequence": task.last_seq,
        "at": datetime.now(UTC).isoformat(),
        "attempt": task.attempt,
        "tags": tags,
        "data": data,
    }
    await outbox.write(connection, "tasks", task.on_behalf_of, TASK_EVENTS, task.global_id, event)
    await entity_changed(connection, "tasks", task.on_behalf_of, task.global_id, tags)


def touched_tags(task: TaskRecord) -> list[str]:
    """Name what is stale once a task has changed: it may be cached by its interface as well as by its kind."""
    return [f"Task:{task.global_id}", f"{TYPE_NAMES[task.kind]}:{task.global_id}"]


async def _abandon_message(connection: Connection, task: TaskRecord) -> None:
    """Have the conversation told that the answer it waits for will not come."""
    payload = {
        "taskId": task.global_id,
        "attempt": task.attempt,
        "sessionId": task.input["sessionId"],
        "messageId": task.input["messageId"],
        "status": "INCOMPLETE" if task.status is Status.CANCELLED else "FAILED",
        "owner": str(task.owner_id),
        "initiator": task.initiator,
    }
    await outbox.write(connection, "tasks", task.on_behalf_of, MESSAGE_ABANDONED, task.global_id, payload)
