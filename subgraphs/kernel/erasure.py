"""Erasure: whose data is gone for good, and rows deleted for it. System work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kernel.database import Connection


@dataclass(frozen=True, slots=True)
class WholeTenant:
    """All that is a tenant's."""

    tenant: str


@dataclass(frozen=True, slots=True)
class OnePrincipal:
    """All that is one principal's in a tenant."""

    tenant: str
    id: UUID


@dataclass(frozen=True, slots=True)
class OneSession:
    """All that belongs to one session of a tenant."""

    tenant: str
    id: UUID


Subject = WholeTenant | OnePrincipal | OneSession


async def erase_tenant(connection: Connection, tables: Iterable[str], subject: WholeTenant) -> None:
    """Delete from tables, in this order, all rows of the tenant."""
    for table in tables:
        await connection.execute(f"DELETE FROM {table} WHERE tenant_id = $1", subject.tenant)


async def erase_part(
    connection: Connection, tables: Iterable[str], subject: OnePrincipal | OneSession, column: str
) -> None:
    """Delete from tables, in this order, the rows of the tenant that hold the subject's id in a column."""
    for table in tables:
        statement = f"DELETE FROM {table} WHERE tenant_id = $1 AND {column} = $2"
        await connection.execute(statement, subject.tenant, subject.id)
