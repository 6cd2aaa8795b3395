"""From `sendMessage` to a task of the real tasks subgraph, through the outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest_asyncio

from subgraphs.kernel.database import Database
from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.global_id import decode
from subgraphs.sessions.app import subgraph
from subgraphs.tasks.app import subgraph as tasks_subgraph
from tests.subgraphs.kernel.kit import Client, listening, serving, settings_for, until
from tests.subgraphs.kernel.people import ANN, PROJECT
from tests.subgraphs.sessions.operations import COLLECTION, MODEL, new_session, send

STATUS = "query($id: ID!) { session(id: $id) { messages(last: 1) { edges { node { status } } } } }"


@pytest_asyncio.fixture(scope="module")
async def database(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    async with Database.connected(settings_for(database_urls)) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module")
async def sessions(database_urls: DatabaseUrls, database: Database) -> AsyncIterator[Client]:
    """Sessions beside tasks, which is a real server on a socket."""
    settings = settings_for(database_urls)
    async with (
        listening(tasks_subgraph, settings) as tasks_url,
        serving(subgraph, settings_for(database_urls, tasks_url=tasks_url)) as client,
    ):
        async with database.as_system() as connection:
            await connection.execute(
                "INSERT INTO sessions.project (id, tenant_id, name, slug) VALUES ($1, 'acme', 'Apples', 'apples')",
                PROJECT,
            )
        yield client


async def is_told(database: Database) -> bool:
    """Whether the outbox is empty."""
    async with database.as_system() as connection:
        return not await connection.fetchval("SELECT count(*) FROM sessions.outbox")


async def task_row(database: Database, task_id: str) -> dict[str, Any] | None:
    async with database.as_system() as connection:
        row = await connection.fetchrow("SELECT * FROM tasks.task WHERE id = $1", decode("InferenceTask", task_id))
    return None if row is None else dict(row)


async def test_the_task_is_created_on_behalf_of_who_asked(sessions: Client, database: Database) -> None:
    id = await new_session(sessions, ANN)
    wish = {"modelId": MODEL, "retrieval": {"collectionIds": [COLLECTION], "topK": 3}}
    payload = await send(sessions, ANN, id, "Why is the sky blue?", respondWith=wish)
    await until(partial(is_told, database))
    row = await task_row(database, payload["task"]["id"])
    assert row is not None
    assert (row["tenant_id"], row["owner_id"], row["project_id"]) == ("acme", ANN.principal, PROJECT)
    assert row["session_id"] == decode("Session", id)
    answer = await sessions.data(ANN, STATUS, id=id)
    assert answer["session"]["messages"]["edges"][0]["node"]["status"] == "IN_PROGRESS"
