"""Steps of tasks: each is done once, and never for an attempt that was overtaken."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from subgraphs.kernel.database import Connection
from subgraphs.kernel.errors import Forbidden
from subgraphs.kernel.global_id import decode
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import conflict, invalid, not_found

TASK_TYPES = frozenset({"InferenceTask", "IngestTask"})
MAX_STEP_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class TaskStep:
    """One step of one attempt at a task."""

    task_id: UUID
    attempt: int
    step: str

    @classmethod
    def of(cls, task_id: str, attempt: int, step: str) -> TaskStep:
        """Check what a service says it is doing. Raises: Refusal."""
        id = decode(TASK_TYPES, task_id)
        if id is None:
            raise not_found("task", "taskId")
        if attempt < 1:
            raise invalid("Attempts are counted from 1.", "attempt")
        if not 0 < len(step) <= MAX_STEP_CHARACTERS:
            raise invalid(f"A step has 1 to {MAX_STEP_CHARACTERS} characters.", "step")
        return cls(id, attempt, step)


def acting_service(token: InternalToken) -> InternalToken:
    """Prove that a service acts for a principal. Raises: Forbidden."""
    if token.actor is None or token.principal is None:
        raise Forbidden("Only a service that acts for a principal indexes for a task.")
    return token


async def done_before(connection: Connection, step: TaskStep) -> int | None:
    """Tell what the step indexed when it was done; None if it was not. Holds the task until the transaction ends.

    Raises: Refusal if a higher attempt has done anything.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"search.task.{step.task_id}")
    latest = await connection.fetchval("SELECT max(attempt) FROM search.task_step WHERE task_id = $1", step.task_id)
    if latest is not None and step.attempt < latest:
        raise conflict(f"Attempt {latest} has taken over.", "attempt", current=latest)
    indexed: int | None = await connection.fetchval(
        "UPDATE search.task_step SET attempt = $3 WHERE task_id = $1 AND step = $2 RETURNING indexed",
        *(step.task_id, step.step, step.attempt),
    )
    return indexed


async def note_done(connection: Connection, token: InternalToken, step: TaskStep, indexed: int) -> None:
    """Note that the step is done."""
    await connection.execute(
        "INSERT INTO search.task_step (tenant_id, task_id, step, attempt, owner_id, indexed)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        *(token.tenant, step.task_id, step.step, step.attempt, token.principal, indexed),
    )
