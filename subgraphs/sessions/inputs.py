"""What the mutations and lists of sessions take."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from subgraphs.sessions.records import MessageStatus, SessionStatus


@strawberry.input
class SessionFilter:
    """Which sessions are asked for; what is left out does not matter."""

    status: SessionStatus | None = None
    owner_id: strawberry.ID | None = None
    title_contains: str | None = None
    updated_after: datetime | None = None


@strawberry.input
class CreateSessionInput:
    """A session to begin."""

    idempotency_key: str
    project_id: strawberry.ID
    client_mutation_id: str | None = None
    title: str | None = None
    default_model_id: strawberry.ID | None = None
    system_prompt: str | None = None
    metadata: JSON | None = None


@strawberry.input(one_of=True)
class ContentPartInput:
    """One part of what a user says."""

    text: str | None = strawberry.UNSET


@strawberry.input
class RetrievalInput:
    """Where the answer may look things up, and how many passages it reads."""

    collection_ids: list[strawberry.ID]
    top_k: int | None = 8


@strawberry.input
class GenerationInput:
    """How the turn is answered. Without a model the session's default model answers."""

    model_id: strawberry.ID | None = None
    retrieval: RetrievalInput | None = None


@strawberry.input
class SendMessageInput:
    """A user turn. Without a parent it follows the last message."""

    idempotency_key: str
    session_id: strawberry.ID
    parts: list[ContentPartInput]
    client_mutation_id: str | None = None
    parent_id: strawberry.ID | None = None
    respond_with: GenerationInput | None = None


@strawberry.federation.input(inaccessible=True)
class CitationInput:
    """A span of the text and the document that stands behind it. Units: characters of the text."""

    start: int
    end: int
    document_id: strawberry.ID
    score: float | None = None


@strawberry.federation.input(inaccessible=True)
class RecordedPartInput:
    """One part of what a task says."""

    text: str
    citations: list[CitationInput] = strawberry.field(default_factory=list)


@strawberry.federation.input(inaccessible=True)
class RecordedUsageInput:
    """How many tokens the task took."""

    input_tokens: int
    output_tokens: int


@strawberry.federation.input(inaccessible=True)
class RecordMessageInput:
    """What a task says in its step."""

    task_id: strawberry.ID
    attempt: int
    step: str
    session_id: strawberry.ID
    message_id: strawberry.ID
    status: MessageStatus
    parts: list[RecordedPartInput]
    model_id: strawberry.ID | None = None
    usage: RecordedUsageInput | None = None
