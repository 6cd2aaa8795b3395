"""What must be forgotten of documents and messages, in the record and in the index over it."""

from __future__ import annotations

from typing import Final, assert_never

from subgraphs.kernel.database import Connection
from subgraphs.kernel.erasure import OnePrincipal, OneSession, Subject, WholeTenant, erase_part, erase_tenant
from subgraphs.search.vectors import VectorIndex
from subgraphs.search.visibility import equals

TABLES: Final = tuple(
    f"search.{name}" for name in ("task_step", "message", "chunk", "document", "collection", "idempotency", "outbox")
)
OWNED: Final = ("search.task_step", "search.message", "search.document")


async def erase(connection: Connection, index: VectorIndex, subject: Subject) -> None:
    """Erase, in the transaction of `connection`, one of `as_system`. A collection stays, without its maker's name."""
    await _erase_record(connection, subject)
    await index.erase(_entries_of(subject))


async def _erase_record(connection: Connection, subject: Subject) -> None:
    match subject:
        case WholeTenant():
            await erase_tenant(connection, TABLES, subject)
        case OnePrincipal(tenant, id):
            await erase_part(connection, OWNED, subject, "owner_id")
            await erase_part(connection, ["search.idempotency"], subject, "principal_id")
            await connection.execute(
                "UPDATE search.collection SET owner_id = NULL WHERE tenant_id = $1 AND owner_id = $2", tenant, id
            )
        case OneSession():
            await erase_part(connection, ["search.message"], subject, "session_id")
        case _:
            assert_never(subject)


def _entries_of(subject: Subject) -> str:
    """Name the subject's entries in Milvus' filter language."""
    tenant = equals("tenant", subject.tenant)
    match subject:
        case WholeTenant():
            return tenant
        case OnePrincipal():
            return f"{tenant} and {equals('owner', str(subject.id))}"
        case OneSession():
            return f"{tenant} and {equals('source', str(subject.id))}"
        case _:
            assert_never(subject)
