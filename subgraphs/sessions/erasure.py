"""What must be forgotten of sessions."""

from __future__ import annotations

from typing import Final, assert_never

from subgraphs.kernel.database import Connection
from subgraphs.kernel.erasure import OnePrincipal, OneSession, Subject, WholeTenant, erase_part, erase_tenant

TABLES: Final = tuple(
    f"sessions.{name}" for name in ("outbox", "idempotency", "recording", "message", "session", "project", "principal")
)


async def erase(connection: Connection, subject: Subject) -> None:
    """Erase, in the transaction of `connection`, one of `as_system`."""
    match subject:
        case WholeTenant():
            await erase_tenant(connection, TABLES, subject)
        case OnePrincipal():
            await _erase_sessions(connection, subject, "owner_id")
            await _erase_turns(connection, subject)
            await erase_part(connection, ["sessions.idempotency"], subject, "principal_id")
            await erase_part(connection, ["sessions.principal"], subject, "id")
        case OneSession():
            await _erase_sessions(connection, subject, "id")
        case _:
            assert_never(subject)


async def _erase_turns(connection: Connection, subject: OnePrincipal) -> None:
    """Leave of a principal's turns in sessions of others gaps, without words or author; none is answered any more."""
    await connection.execute(
        "UPDATE sessions.message SET parts = '[]', status = 'REDACTED', author_id = NULL"
        " WHERE tenant_id = $1 AND author_id = $2",
        subject.tenant,
        subject.id,
    )
    await connection.execute(
        "DELETE FROM sessions.outbox WHERE tenant_id = $1 AND payload #>> '{initiator,sub}' = $2",
        subject.tenant,
        str(subject.id),
    )


async def _erase_sessions(connection: Connection, subject: OnePrincipal | OneSession, column: str) -> None:
    """Erase sessions, by cascade their messages, and what has not been told about them."""
    rows = await connection.fetch(
        f"DELETE FROM sessions.session WHERE tenant_id = $1 AND {column} = $2 RETURNING id::text",
        subject.tenant,
        subject.id,
    )
    await connection.execute(
        "DELETE FROM sessions.outbox WHERE tenant_id = $1 AND payload ->> 'sessionId' = ANY ($2)",
        subject.tenant,
        [row["id"] for row in rows],
    )
