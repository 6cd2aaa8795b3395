"""The sessions subgraph as a program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Request

from subgraphs.kernel.context import Context, Store
from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.kernel.events import ENTITY_CHANGED, notify
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.migrate import migrate
from subgraphs.kernel.relay import Handler, Relay, relaying
from subgraphs.kernel.serve import Subgraph
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.kernel.settings import Settings
from subgraphs.sessions.demo import ensure_demo
from subgraphs.sessions.generation import CREATE_TASK, TaskCreator
from subgraphs.sessions.loaders import Loaders
from subgraphs.sessions.schema import schema

MIGRATIONS = Path(__file__).parent / "migrations"


@asynccontextmanager
async def lifespan(settings: Settings) -> AsyncIterator[Store]:
    """Open the store and relay its outbox."""
    await migrate(settings.required("owner_url"), "sessions", MIGRATIONS)
    cursors = Cursors.of(settings.required("service_key"))
    async with Database.connected(settings) as database, ServiceClient.connected(settings) as client:
        if settings.demo:
            await ensure_demo(database)
        handlers: dict[str, Handler] = {CREATE_TASK: TaskCreator(client), ENTITY_CHANGED: notify}
        async with relaying(Relay(database, "sessions", handlers)):
            yield Store(database, cursors)


def context(state: Store, token: InternalToken | None, _: Request) -> Context[Store, Loaders]:
    """Make the context of one request."""
    return Context(state, token, Loaders(state.database, token))


subgraph = Subgraph(name="sessions", schema=schema, lifespan=lifespan, context=context)
