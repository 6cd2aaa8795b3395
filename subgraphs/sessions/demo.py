"""The demo: one tenant, one principal, one project."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kernel.database import Database

TENANT = "demo"
ADA = UUID("01890000-0000-7000-8000-000000000001")
PROJECT = UUID("01890000-0000-7000-8000-000000000010")


async def ensure_demo(database: Database) -> None:
    """Put what is missing of the demo into the store."""
    async with database.as_system() as connection:
        await connection.execute(
            "INSERT INTO sessions.principal (tenant_id, id, kind, display_name, email)"
            " VALUES ($1, $2, 'USER', 'Ada', 'ada@demo.example') ON CONFLICT DO NOTHING",
            TENANT,
            ADA,
        )
        await connection.execute(
            "INSERT INTO sessions.project (id, tenant_id, name, slug) VALUES ($1, $2, 'Demo', 'demo')"
            " ON CONFLICT DO NOTHING",
            PROJECT,
            TENANT,
        )
