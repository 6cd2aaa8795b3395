"""Writes that several mutations of sessions share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from uuid6 import uuid7

from subgraphs.kernel.database import Connection
from subgraphs.kernel.events import entity_changed
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from subgraphs.sessions.records import Json, MessageRole, MessageStatus, SessionRecord


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to append."""

    id: UUID
    role: MessageRole
    status: MessageStatus
    parts: Sequence[Json] = ()
    author_id: UUID | None = None
    parent_id: UUID | None = None
    task_id: UUID | None = None
    model_id: UUID | None = None


def new_id() -> UUID:
    """Make an id; later ones sort after earlier ones."""
    return UUID(int=uuid7().int)


async def ensure_principal(connection: Connection, token: InternalToken) -> None:
    """Know the caller; one who was never seen is taken for a user until someone says more."""
    await connection.execute(
        "INSERT INTO sessions.principal (tenant_id, id, kind) VALUES ($1, $2, 'USER') ON CONFLICT DO NOTHING",
        token.tenant,
        token.principal,
    )


async def append(connection: Connection, token: InternalToken, session: SessionRecord, drafts: Sequence[Draft]) -> None:
    """Append messages to a session whose row the transaction has locked: so the sequence has no gap."""
    first = session.message_count + 1
    await connection.executemany(
        "INSERT INTO sessions.message (tenant_id, session_id, project_id, owner_id, visibility, sequence, id, role,"
        " status, parts, author_id, parent_id, task_id, model_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        [
            (
                *(token.tenant, session.id, session.project_id, session.owner_id, session.visibility, sequence),
                *(draft.id, draft.role.value, draft.status.value, list(draft.parts)),
                *(draft.author_id, draft.parent_id, draft.task_id, draft.model_id),
            )
            for sequence, draft in enumerate(drafts, first)
        ],
    )
    await connection.execute(
        "UPDATE sessions.session SET message_count = message_count + $2, last_activity_at = now() WHERE id = $1",
        session.id,
        len(drafts),
    )


async def session_changed(connection: Connection, token: InternalToken, session_id: UUID, *message_ids: UUID) -> None:
    """Say that a session, and messages of it, changed."""
    key = encode("Session", session_id)
    tags = [f"session:{key}", *(f"message:{encode('Message', id)}" for id in message_ids)]
    await entity_changed(connection, "sessions", token, key, tags)
