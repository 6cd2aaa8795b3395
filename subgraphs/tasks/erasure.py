"""Erasure: what the store holds of a tenant, a principal or a session is gone for good. System work."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from subgraphs.kernel.database import Connection
from subgraphs.kernel.global_id import encode
from subgraphs.tasks.records import TYPE_NAMES, Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data is erased: all of the tenant's, or only that of one principal or one session of it."""

    tenant: str
    principal: UUID | None = None
    session: UUID | None = None


async def erase(connection: Connection, subject: Subject) -> None:
    """Erase, in the transaction of `connection`, one of `as_system`. A worker that runs an erased task has lost it."""
    if subject.session is not None:
        await _erase_tasks(connection, subject.tenant, "session_id", subject.session)
    elif subject.principal is not None:
        await _erase_tasks(connection, subject.tenant, "owner_id", subject.principal)
        await connection.execute(
            "DELETE FROM tasks.idempotency WHERE tenant_id = $1 AND principal_id = $2",
            subject.tenant,
            subject.principal,
        )
    else:
        for table in ("outbox", "idempotency", "task"):
            await connection.execute(f"DELETE FROM tasks.{table} WHERE tenant_id = $1", subject.tenant)


async def _erase_tasks(connection: Connection, tenant: str, column: str, id: UUID) -> None:
    """Erase tasks, by cascade their history, and what has not been told about them."""
    rows = await connection.fetch(
        f"DELETE FROM tasks.task WHERE tenant_id = $1 AND {column} = $2 RETURNING id, kind", tenant, id
    )
    await connection.execute(
        "DELETE FROM tasks.outbox WHERE tenant_id = $1 AND key = ANY ($2)",
        tenant,
        [encode(TYPE_NAMES[Kind(row["kind"])], row["id"]) for row in rows],
    )
