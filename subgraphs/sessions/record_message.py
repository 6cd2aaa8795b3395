"""`recordMessage`: what a task says, written once per task and step, and never for an attempt that was overtaken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from subgraphs.kernel.database import Connection, Database
from subgraphs.kernel.errors import Forbidden
from subgraphs.kernel.global_id import decode
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import conflict, invalid, not_found
from subgraphs.sessions import store, writes
from subgraphs.sessions.inputs import RecordMessageInput
from subgraphs.sessions.records import Json, MessageRecord, MessageStatus, SessionRecord
from subgraphs.sessions.types import TASK_TYPES
from subgraphs.sessions.validation import MAX_KEY, check_id, check_recorded, check_words, optional_id


@dataclass(frozen=True, slots=True)
class Recording:
    """What a task says, its values checked."""

    task_id: UUID
    attempt: int
    step: str
    session_id: UUID
    message_id: UUID
    status: MessageStatus
    parts: list[Json]
    model_id: UUID | None
    usage: Json

    @classmethod
    def of(cls, input: RecordMessageInput) -> Self:
        """Check an input. Raises: Refusal."""
        task_id = decode(TASK_TYPES, input.task_id)
        if task_id is None:
            raise not_found("task", "taskId")
        if input.attempt < 0:
            raise invalid(
                "An attempt has no number below 0, which is that of a task given up before its first.", "attempt"
            )
        if input.status is MessageStatus.REDACTED:
            raise invalid("A task does not redact.", "status")
        usage = input.usage
        return cls(
            task_id=task_id,
            attempt=input.attempt,
            step=check_words(input.step, MAX_KEY, "step"),
            session_id=check_id("Session", input.session_id, "sessionId"),
            message_id=check_id("Message", input.message_id, "messageId"),
            status=input.status,
            parts=check_recorded(input.parts),
            model_id=optional_id("ModelVersion", input.model_id, "modelId"),
            usage=None if usage is None else {"inputTokens": usage.input_tokens, "outputTokens": usage.output_tokens},
        )


async def record_message(database: Database, token: InternalToken, input: RecordMessageInput) -> UUID:
    """Write what a task says in a step; the id of the message. Raises: Refusal, Forbidden to all but services."""
    if token.actor is None:
        raise Forbidden("Only a service records messages.")
    recording = Recording.of(input)
    async with database.as_tenant(token) as connection:
        message = await _locked(connection, recording)
        if recording.status is MessageStatus.IN_PROGRESS is not message.status:
            raise conflict("The message is final.", "status")
        if await _is_first(connection, token, recording):
            await _write(connection, recording)
        await writes.session_changed(connection, token, recording.session_id, recording.message_id)
    return recording.message_id


async def _locked(connection: Connection, recording: Recording) -> MessageRecord:
    """Lock the session, then the message, as `sendMessage` does. Raises: Refusal if they are not the task's."""
    session = await store.lock(connection, SessionRecord, recording.session_id)
    message = await store.lock(connection, MessageRecord, recording.message_id)
    if session is None or message is None:
        raise not_found("message", "messageId")
    if (message.task_id, message.session_id) != (recording.task_id, session.id):
        raise not_found("message", "messageId")
    return message


async def _is_first(connection: Connection, token: InternalToken, recording: Recording) -> bool:
    """Note the step; whether it is new. Raises: Refusal if a higher attempt has recorded anything."""
    latest = await connection.fetchval(
        "SELECT max(attempt) FROM sessions.recording WHERE task_id = $1", recording.task_id
    )
    if latest is not None and recording.attempt < latest:
        raise conflict(f"Attempt {latest} has taken over.", "attempt", current=latest)
    is_first: bool = await connection.fetchval(
        "INSERT INTO sessions.recording (tenant_id, task_id, step, attempt, message_id) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (task_id, step) DO UPDATE SET attempt = excluded.attempt RETURNING xmax = 0",
        token.tenant,
        recording.task_id,
        recording.step,
        recording.attempt,
        recording.message_id,
    )
    return is_first


async def _write(connection: Connection, recording: Recording) -> None:
    await connection.execute(
        "UPDATE sessions.message SET status = $2, parts = $3, usage = coalesce($4, usage),"
        " model_id = coalesce($5, model_id) WHERE id = $1",
        recording.message_id,
        recording.status.value,
        recording.parts,
        recording.usage,
        recording.model_id,
    )
    await connection.execute("UPDATE sessions.session SET last_activity_at = now() WHERE id = $1", recording.session_id)
