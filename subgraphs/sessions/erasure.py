"""Erasure: what the store holds of a tenant, a principal or a session is gone for good. System work."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from subgraphs.kernel.database import Connection


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data is erased: all of the tenant's, or only that of one principal or one session of it."""

    tenant: str
    principal: UUID | None = None
    session: UUID | None = None


async def erase(connection: Connection, subject: Subject) -> None:
    """Erase, in the transaction of `connection`, one of `as_system`."""
    if subject.session is not None:
        await _erase_sessions(connection, subject.tenant, "id", subject.session)
    elif subject.principal is not None:
        await _erase_principal(connection, subject.tenant, subject.principal)
    else:
        for table in ("outbox", "idempotency", "recording", "message", "session", "project", "principal"):
            await connection.execute(f"DELETE FROM sessions.{table} WHERE tenant_id = $1", subject.tenant)


async def _erase_principal(connection: Connection, tenant: str, principal: UUID) -> None:
    """Erase the principal's sessions; in sessions of others their turns stay as gaps without words or author."""
    await _erase_sessions(connection, tenant, "owner_id", principal)
    await connection.execute(
        "UPDATE sessions.message SET parts = '[]', status = 'REDACTED', author_id = NULL"
        " WHERE tenant_id = $1 AND author_id = $2",
        tenant,
        principal,
    )
    await connection.execute(
        "DELETE FROM sessions.outbox WHERE tenant_id = $1 AND payload #>> '{initiator,sub}' = $2",
        tenant,
        str(principal),
    )
    await connection.execute(
        "DELETE FROM sessions.idempotency WHERE tenant_id = $1 AND principal_id = $2", tenant, principal
    )
    await connection.execute("DELETE FROM sessions.principal WHERE tenant_id = $1 AND id = $2", tenant, principal)


async def _erase_sessions(connection: Connection, tenant: str, column: str, id: UUID) -> None:
    """Erase sessions, by cascade their messages, and what has not been told about them."""
    rows = await connection.fetch(
        f"DELETE FROM sessions.session WHERE tenant_id = $1 AND {column} = $2 RETURNING id::text", tenant, id
    )
    await connection.execute(
        "DELETE FROM sessions.outbox WHERE tenant_id = $1 AND payload ->> 'sessionId' = ANY ($2)",
        tenant,
        [row["id"] for row in rows],
    )
