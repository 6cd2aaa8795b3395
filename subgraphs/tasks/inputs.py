"""What mutations are given, and the errors their payloads may hold."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from subgraphs.kernel.graphql_types import ConflictError, IdempotencyError, NotFoundError, UserError, ValidationError
from subgraphs.tasks.machine import Status
from subgraphs.tasks.new_task import DEFAULT_PRIORITY
from subgraphs.tasks.types import Task


@strawberry.input
class InferenceSpecInput:
    """One model call."""

    model_id: strawberry.ID
    input: JSON


@strawberry.input
class IngestSpecInput:
    """Documents into a collection."""

    collection_id: strawberry.ID
    source_uris: list[str]


@strawberry.input(one_of=True)
class TaskSpecInput:
    """What to do: exactly one kind."""

    inference: InferenceSpecInput | None = strawberry.UNSET
    ingest: IngestSpecInput | None = strawberry.UNSET


@strawberry.input
class RetryPolicyInput:
    """When a retryable failure is tried again, and how often."""

    max_attempts: int | None = 3
    initial_delay_ms: int | None = 500
    max_delay_ms: int | None = 60_000
    multiplier: float | None = 2.0
    non_retryable_codes: list[str] | None = strawberry.UNSET


@strawberry.input
class CreateTaskInput:
    """A task to be done."""

    id: strawberry.ID | None = strawberry.federation.field(
        description="Chosen by a calling service; clients leave it out.", inaccessible=True, default=strawberry.UNSET
    )
    client_mutation_id: str | None = strawberry.UNSET
    idempotency_key: str
    project_id: strawberry.ID
    session_id: strawberry.ID | None = strawberry.UNSET
    spec: TaskSpecInput
    priority: int | None = DEFAULT_PRIORITY
    scheduled_for: datetime | None = strawberry.UNSET
    deadline: datetime | None = strawberry.UNSET
    retry: RetryPolicyInput | None = strawberry.UNSET


@strawberry.input
class CancelTaskInput:
    """A task to be stopped. `force` does not wait for the worker that runs it."""

    client_mutation_id: str | None = strawberry.UNSET
    task_id: strawberry.ID
    reason: str | None = strawberry.UNSET
    force: bool | None = False


@strawberry.type
class TaskNotCancellableError(UserError):
    """The task has ended."""

    code: str = "TASK_NOT_CANCELLABLE"
    status: Status


TaskError = Annotated[
    ValidationError | NotFoundError | ConflictError | IdempotencyError | TaskNotCancellableError,
    strawberry.union("TaskError"),
]


@strawberry.type
class CreateTaskPayload:
    """The task, or why there is none."""

    client_mutation_id: str | None
    task: Task | None
    errors: list[TaskError]


@strawberry.type
class CancelTaskPayload:
    """The task as it is now, or why it was not cancelled."""

    client_mutation_id: str | None
    task: Task | None
    errors: list[TaskError]
