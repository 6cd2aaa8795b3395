"""`createSession`: a session of the caller's, in one of their projects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Self
from uuid import UUID

from subgraphs.kernel.database import Connection, Database
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import not_found
from subgraphs.sessions import store, writes
from subgraphs.sessions.inputs import CreateSessionInput
from subgraphs.sessions.records import Json, ProjectRecord
from subgraphs.sessions.validation import (
    MAX_TEXT,
    MAX_TITLE,
    check_id,
    check_key,
    check_metadata,
    check_text,
    optional_id,
    request_of,
)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to begin, its values checked."""

    project_id: UUID
    title: str | None
    default_model_id: UUID | None
    system_prompt: str | None
    metadata: Json

    @classmethod
    def of(cls, input: CreateSessionInput) -> Self:
        """Check an input. Raises: Refusal."""
        return cls(
            project_id=check_id("Project", input.project_id, "projectId"),
            title=check_text(input.title, MAX_TITLE, "title"),
            default_model_id=optional_id("ModelVersion", input.default_model_id, "defaultModelId"),
            system_prompt=check_text(input.system_prompt, MAX_TEXT, "systemPrompt"),
            metadata=check_metadata(input.metadata, "metadata"),
        )


async def create_session(database: Database, token: InternalToken, input: CreateSessionInput) -> UUID:
    """Begin a session; its id. Raises: Refusal."""
    key, new = check_key(input.idempotency_key), NewSession.of(input)
    async with database.as_tenant(token) as connection:
        run = partial(_create, connection, token, new)
        answer = await once(connection, token, "sessions.createSession", key, request_of(input), run)
    return UUID(answer)


async def _create(connection: Connection, token: InternalToken, new: NewSession) -> Json:
    is_member = new.project_id in token.project_ids
    if not is_member or not await store.by_ids(connection, ProjectRecord, [new.project_id]):
        raise not_found("project", "projectId")
    await writes.ensure_principal(connection, token)
    id = writes.new_id()
    await connection.execute(
        "INSERT INTO sessions.session (id, tenant_id, project_id, owner_id, title, default_model_id, system_prompt,"
        " metadata) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        token.tenant,
        new.project_id,
        token.principal,
        new.title,
        new.default_model_id,
        new.system_prompt,
        new.metadata,
    )
    await writes.session_changed(connection, token, id)
    return str(id)
