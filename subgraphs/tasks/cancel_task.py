"""`cancelTask`: what does not run ends at once; what runs is asked to stop."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kernel.database import Connection
from subgraphs.kernel.refusal import Refusal, invalid, not_found
from subgraphs.tasks import store
from subgraphs.tasks.inputs import TaskNotCancellableError
from subgraphs.tasks.machine import TERMINAL, Status
from subgraphs.tasks.records import TaskRecord
from subgraphs.tasks.specs import is_word
from subgraphs.tasks.transitions import cancelled, cancelling, move

MAX_REASON_CHARACTERS = 1_000


async def cancel_task(connection: Connection, id: UUID | None, reason: str, *, force: bool) -> TaskRecord:
    """Cancel a task of the caller's; asked again, answer the same. `force`: do not wait for its worker.

    Raises: Refusal.
    """
    if not is_word(reason, MAX_REASON_CHARACTERS):
        raise invalid(f"A reason has at most {MAX_REASON_CHARACTERS} characters, none of them NUL.", "reason")
    task = None if id is None else await store.lock(connection, id)
    if task is None:
        raise not_found("task", "taskId")
    if task.status in TERMINAL - {Status.CANCELLED}:
        message = f"The task has ended as {task.status}."
        raise Refusal(TaskNotCancellableError(message=message, path=["taskId"], status=task.status))
    waits_for_worker = task.status in {Status.RUNNING, Status.CANCELLING} and not force
    if task.status not in {Status.CANCELLING, Status.CANCELLED}:
        task = await move(connection, task.id, cancelling(reason)) or task
    if task.status is Status.CANCELLING and not waits_for_worker:
        task = await move(connection, task.id, cancelled()) or task
    return task
