"""What must be forgotten of tasks."""

from __future__ import annotations

from typing import Final, assert_never

from subgraphs.kernel.database import Connection
from subgraphs.kernel.erasure import OnePrincipal, OneSession, Subject, WholeTenant, erase_part, erase_tenant
from subgraphs.kernel.global_id import encode
from subgraphs.tasks.records import TYPE_NAMES, Kind

TABLES: Final = ("tasks.outbox", "tasks.idempotency", "tasks.task")


async def erase(connection: Connection, subject: Subject) -> None:
    """Erase, in the transaction of `connection`, one of `as_system`. A worker that runs an erased task has lost it."""
    match subject:
        case WholeTenant():
            await erase_tenant(connection, TABLES, subject)
        case OnePrincipal():
            await _erase_tasks(connection, subject, "owner_id")
            await erase_part(connection, ["tasks.idempotency"], subject, "principal_id")
        case OneSession():
            await _erase_tasks(connection, subject, "session_id")
        case _:
            assert_never(subject)


async def _erase_tasks(connection: Connection, subject: OnePrincipal | OneSession, column: str) -> None:
    """Erase tasks, by cascade their history, and what has not been told about them."""
    rows = await connection.fetch(
        f"DELETE FROM tasks.task WHERE tenant_id = $1 AND {column} = $2 RETURNING id, kind", subject.tenant, subject.id
    )
    await connection.execute(
        "DELETE FROM tasks.outbox WHERE tenant_id = $1 AND key = ANY ($2)",
        subject.tenant,
        [encode(TYPE_NAMES[Kind(row["kind"])], row["id"]) for row in rows],
    )
