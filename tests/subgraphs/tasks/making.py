"""Tasks made straight in the store, and what tests look at there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from subgraphs.kernel.database import Database
from subgraphs.kernel.identity import InternalToken
from subgraphs.tasks import store
from subgraphs.tasks.dispatch import Claim, Dispatch
from subgraphs.tasks.new_task import NewTask, create
from subgraphs.tasks.records import Kind, TaskRecord
from tests.subgraphs.kernel.people import ANN, PROJECT

MODEL, COLLECTION, SESSION = (UUID(f"01890000-0000-7000-8000-0000000000{number}") for number in ("b0", "b1", "b2"))
Json = Any

LEASE = timedelta(seconds=30)


def fresh() -> UUID:
    return UUID(bytes=uuid7().bytes)


def inference(**more: Json) -> NewTask:
    given = {"id": fresh(), "project_id": PROJECT, "kind": Kind.INFERENCE, "input": {"question": "Why?"}}
    return NewTask(**{**given, "model_id": MODEL, **more})


def ingest(*uris: str, **more: Json) -> NewTask:
    given = {"id": fresh(), "project_id": PROJECT, "kind": Kind.INGEST, "input": {"sourceUris": list(uris)}}
    return NewTask(**{**given, "collection_id": COLLECTION, **more})


async def make(database: Database, new: NewTask | None = None, token: InternalToken = ANN) -> TaskRecord:
    async with database.as_tenant(token) as connection:
        task = await create(connection, token, new or inference())
    assert task is not None
    return task


async def look(database: Database, id: UUID, token: InternalToken = ANN) -> TaskRecord:
    async with database.as_tenant(token) as connection:
        return (await store.by_ids(connection, [id]))[id]


async def claim(dispatch: Dispatch) -> Claim:
    taken = await dispatch.claim()
    assert taken is not None
    return taken


async def drain(database: Database) -> None:
    """Take away every task, so that the next claim is of the test's own."""
    async with database.as_system() as connection:
        await connection.execute("DELETE FROM tasks.task")


async def run_sql(database: Database, statement: str, *arguments: object) -> Json:
    async with database.as_system() as connection:
        return await connection.fetch(statement, *arguments)
