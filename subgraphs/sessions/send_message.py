"""`sendMessage`: a user turn and, if it is to be answered, the turn that a task will fill."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Self
from uuid import UUID

from subgraphs.kernel import outbox
from subgraphs.kernel.database import Connection, Database
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import Refusal, conflict, invalid, not_found
from subgraphs.sessions import store, writes
from subgraphs.sessions.generation import CREATE_TASK, Generation
from subgraphs.sessions.inputs import GenerationInput, SendMessageInput
from subgraphs.sessions.payloads import SessionBusyError
from subgraphs.sessions.records import Json, MessageRecord, MessageRole, MessageStatus, SessionRecord, SessionStatus
from subgraphs.sessions.types import Task
from subgraphs.sessions.validation import (
    MAX_COLLECTIONS,
    MAX_PASSAGES,
    check_id,
    check_key,
    check_said,
    optional_id,
    request_of,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """How the turn is to be answered, its values checked."""

    model_id: UUID | None
    collection_ids: tuple[UUID, ...]
    top_k: int

    @classmethod
    def of(cls, input: GenerationInput) -> Self:
        """Check an input. Raises: Refusal."""
        retrieval, path = input.retrieval, ("respondWith", "retrieval")
        collections = retrieval.collection_ids if retrieval else []
        top_k = 8 if retrieval is None or retrieval.top_k is None else retrieval.top_k
        if not 1 <= top_k <= MAX_PASSAGES:
            raise invalid(f"This must be from 1 to {MAX_PASSAGES}.", *path, "topK")
        if len(collections) > MAX_COLLECTIONS:
            raise invalid(f"These are more than {MAX_COLLECTIONS}.", *path, "collectionIds")
        return cls(
            model_id=optional_id("ModelVersion", input.model_id, "respondWith", "modelId"),
            collection_ids=tuple(
                check_id("Collection", id, *path, "collectionIds", str(index)) for index, id in enumerate(collections)
            ),
            top_k=top_k,
        )


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A turn to append, its values checked."""

    session_id: UUID
    parent_id: UUID | None
    parts: list[Json]
    wish: Wish | None

    @classmethod
    def of(cls, input: SendMessageInput) -> Self:
        """Check an input. Raises: Refusal."""
        return cls(
            session_id=check_id("Session", input.session_id, "sessionId"),
            parent_id=optional_id("Message", input.parent_id, "parentId"),
            parts=check_said(input.parts),
            wish=None if input.respond_with is None else Wish.of(input.respond_with),
        )


async def send_message(database: Database, token: InternalToken, input: SendMessageInput) -> tuple[UUID, UUID | None]:
    """Append a turn; the ids of its message and of the task that answers it. Raises: Refusal."""
    key, turn = check_key(input.idempotency_key), NewTurn.of(input)
    async with database.as_tenant(token) as connection:
        run = partial(_append, connection, token, turn)
        sent = await once(connection, token, "sessions.sendMessage", key, request_of(input), run)
    return UUID(sent["messageId"]), None if sent["taskId"] is None else UUID(sent["taskId"])


async def _append(connection: Connection, token: InternalToken, turn: NewTurn) -> Json:
    session = await _open_session(connection, turn)
    parent_id = await _parent_id(connection, session, turn)
    await writes.ensure_principal(connection, token)
    said = writes.Draft(
        id=writes.new_id(),
        role=MessageRole.USER,
        status=MessageStatus.COMPLETE,
        parts=turn.parts,
        author_id=token.principal,
        parent_id=parent_id,
    )
    generation = None if turn.wish is None else _generation(session, said, turn.wish)
    drafts = [said] if generation is None else [said, generation.placeholder()]
    await writes.append(connection, token, session, drafts)
    if generation is not None:
        payload = generation.to_payload(token)
        await outbox.write(connection, "sessions", token, CREATE_TASK, str(session.id), payload)
    await writes.session_changed(connection, token, session.id, *(draft.id for draft in drafts))
    return {"messageId": str(said.id), "taskId": None if generation is None else str(generation.task_id)}


async def _open_session(connection: Connection, turn: NewTurn) -> SessionRecord:
    """Lock the session. Raises: Refusal if it takes no such turn."""
    session = await store.lock(connection, SessionRecord, turn.session_id)
    if session is None:
        raise not_found("session", "sessionId")
    if session.status is not SessionStatus.ACTIVE:
        raise conflict("The session is not active.", "sessionId")
    running = None if turn.wish is None else await store.running_task(connection, session.id)
    if running is not None:
        raise Refusal(SessionBusyError(path=["sessionId"], running_task=Task.generating(running)))
    return session


async def _parent_id(connection: Connection, session: SessionRecord, turn: NewTurn) -> UUID | None:
    """Find what the turn follows: the message it names, else the last one."""
    if turn.parent_id is None:
        return await store.last_message_id(connection, session)
    parent = (await store.by_ids(connection, MessageRecord, [turn.parent_id])).get(turn.parent_id)
    if parent is None or parent.session_id != session.id:
        raise not_found("message", "parentId")
    return parent.id


def _generation(session: SessionRecord, said: writes.Draft, wish: Wish) -> Generation:
    model_id = wish.model_id or session.default_model_id
    if model_id is None:
        raise invalid("Name a model; the session has no default model.", "respondWith", "modelId")
    return Generation(
        task_id=writes.new_id(),
        message_id=writes.new_id(),
        user_message_id=said.id,
        session_id=session.id,
        project_id=session.project_id,
        model_id=model_id,
        question="\n\n".join(part["text"] for part in said.parts),
        collection_ids=wish.collection_ids,
        top_k=wish.top_k,
    )
