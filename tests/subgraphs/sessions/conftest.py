"""The sessions subgraph over a database of its own, with the projects of two tenants."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from subgraphs.kernel.database import Database
from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.sessions.app import subgraph
from tests.subgraphs.kernel.kit import Client, serving, settings_for
from tests.subgraphs.kernel.people import FOREIGN_PROJECT, OTHER_PROJECT, PROJECT


@pytest_asyncio.fixture(scope="module")
async def database(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    """The store behind `sessions`, for what no operation shows."""
    async with Database.connected(settings_for(database_urls)) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module")
async def sessions(database_urls: DatabaseUrls, database: Database) -> AsyncIterator[Client]:
    async with serving(subgraph, settings_for(database_urls)) as client:
        async with database.as_system() as connection:
            await connection.executemany(
                "INSERT INTO sessions.project (id, tenant_id, name, slug) VALUES ($1, $2, $3, $4)",
                [
                    (PROJECT, "acme", "Apples", "apples"),
                    (OTHER_PROJECT, "acme", "Oranges", "oranges"),
                    (FOREIGN_PROJECT, "evil", "Plans", "plans"),
                ],
            )
        yield client
