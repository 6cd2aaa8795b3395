"""What must be forgotten."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kernel.database import Database
from subgraphs.search.vectors import VectorIndex
from subgraphs.search.visibility import equals

TENANT_TABLES = ("task_step", "message", "chunk", "document", "collection", "idempotency", "outbox")


async def erase(
    database: Database, index: VectorIndex, tenant: str, principal: UUID | None = None, session: UUID | None = None
) -> None:
    """Forget a principal, a session, or, with neither, the tenant. A collection stays, without its maker's name."""
    where = equals("tenant", tenant)
    async with database.as_system() as connection:
        if principal is not None:
            for table in ("task_step", "message", "document"):
                await connection.execute(
                    f"DELETE FROM search.{table} WHERE tenant_id = $1 AND owner_id = $2", tenant, principal
                )
            await connection.execute(
                "UPDATE search.collection SET owner_id = NULL WHERE tenant_id = $1 AND owner_id = $2", tenant, principal
            )
            await connection.execute(
                "DELETE FROM search.idempotency WHERE tenant_id = $1 AND principal_id = $2", tenant, principal
            )
            where += f" and {equals('owner', str(principal))}"
        elif session is not None:
            await connection.execute(
                "DELETE FROM search.message WHERE tenant_id = $1 AND session_id = $2", tenant, session
            )
            where += f" and {equals('source', str(session))}"
        else:
            for table in TENANT_TABLES:
                await connection.execute(f"DELETE FROM search.{table} WHERE tenant_id = $1", tenant)
        await index.erase(where)
