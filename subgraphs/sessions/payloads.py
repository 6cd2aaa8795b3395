"""What the mutations of sessions answer."""

from __future__ import annotations

from typing import Annotated

import strawberry

from subgraphs.kernel.graphql_types import (
    ConflictError,
    IdempotencyError,
    NotFoundError,
    UserError,
    ValidationError,
)
from subgraphs.sessions.types import Message, Session, Task


@strawberry.type
class SessionBusyError(UserError):
    """A generation is running in the session."""

    running_task: Task
    code: str = "SESSION_BUSY"
    message: str = "An answer is being generated in this session."
    path: list[str] | None = None


SessionError = Annotated[
    ValidationError | NotFoundError | ConflictError | IdempotencyError | SessionBusyError,
    strawberry.union("SessionError"),
]


@strawberry.type
class CreateSessionPayload:
    """The session, or what is wrong with the input."""

    session: Session | None = None
    errors: list[SessionError] = strawberry.field(default_factory=list)
    client_mutation_id: str | None = None


@strawberry.type
class SendMessagePayload:
    """The message, and the task that answers it; or what is wrong with the input."""

    message: Message | None = None
    task: Task | None = None
    errors: list[SessionError] = strawberry.field(default_factory=list)
    client_mutation_id: str | None = None
