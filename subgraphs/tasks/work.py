"""What the worker asks of the code that does a task, and what that code may answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from subgraphs.kernel.service_client import ServiceError
from subgraphs.tasks.records import Failure, Progress, TaskRecord
from subgraphs.tasks.transitions import Result

Report = Callable[[Progress], Awaitable[None]]
"""Records progress. The work is cancelled there if it is no longer wanted."""

Runner = Callable[[TaskRecord, Report], Awaitable[Result]]
"""Does one attempt. Its effects bear repetition. Raises: WorkFailed, ServiceError."""

ACTOR = "worker"
_MAY_HEAL = frozenset({"INTERNAL_SERVER_ERROR", "REQUEST_TIMEOUT", "EMBEDDING_UNAVAILABLE"})


class WorkFailed(Exception):
    """The task cannot be done, now or ever."""

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.failure = Failure(code, message, retryable)


def failure_of(error: Exception) -> Failure:
    """Say for the record why an attempt failed; what we did not expect is said without detail."""
    if isinstance(error, WorkFailed):
        return error.failure
    if isinstance(error, ServiceError):
        if not error.codes:
            return Failure("UPSTREAM_UNAVAILABLE", str(error), retryable=True)
        return Failure("UPSTREAM_REFUSED", str(error), retryable=bool(_MAY_HEAL.intersection(error.codes)))
    return Failure("INTERNAL_ERROR", "The attempt failed unexpectedly.", retryable=True)


def refuse_errors(payload: dict[str, object], step: str) -> None:
    """Read a mutation's payload. Raises: WorkFailed if it holds errors: asked again, it would answer the same."""
    errors = payload["errors"]
    if isinstance(errors, list) and errors:
        raise WorkFailed(str(errors[0]["code"]), f"{step}: {errors[0]['message']}")
