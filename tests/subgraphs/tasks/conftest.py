"""The tasks subgraph in this process, over a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subgraphs.kernel.database import Database
from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.migrate import migrate
from subgraphs.kernel.settings import Settings
from subgraphs.tasks.app import MIGRATIONS, subgraph
from tests.subgraphs.kernel.kit import Client, serving, settings_for
from tests.subgraphs.tasks.surroundings import World, surroundings

NOWHERE = "http://127.0.0.1:9/graphql"


@pytest.fixture(scope="module")
def settings(database_urls: DatabaseUrls) -> Settings:
    return settings_for(database_urls, sessions_url=NOWHERE)


@pytest.fixture(scope="module")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The store alone: nothing relays its outbox."""
    await migrate(settings.owner_url, "tasks", MIGRATIONS)
    opened = await Database.open(settings)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
async def tasks(settings: Settings) -> AsyncIterator[Client]:
    async with serving(subgraph, settings) as client:
        yield client


@pytest.fixture
async def world(database: Database, settings: Settings, tmp_path: Path) -> AsyncIterator[World]:
    async with surroundings(database, settings, tmp_path) as made:
        yield made
