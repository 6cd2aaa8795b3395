"""The tasks subgraph, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import Request

from subgraphs.kernel.context import Context, Store
from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.migrate import migrate
from subgraphs.kernel.relay import Relay, relaying
from subgraphs.kernel.serve import Subgraph
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.kernel.settings import Settings
from subgraphs.tasks.handlers import outbox_handlers
from subgraphs.tasks.loaders import Loaders
from subgraphs.tasks.schema import schema

MIGRATIONS = Path(__file__).parent / "migrations"


@asynccontextmanager
async def lifespan(settings: Settings) -> AsyncIterator[Store]:
    """Open the store, brought up to date, and relay what it has to tell."""
    await migrate(settings.required("owner_url"), "tasks", MIGRATIONS)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.connected(settings))
        client = ServiceClient(settings)
        stack.push_async_callback(client.close)
        await stack.enter_async_context(relaying(Relay(database, "tasks", outbox_handlers(client))))
        yield Store(database, Cursors.of(settings.required("service_key")))


def context(state: Store, token: InternalToken | None, _: Request) -> Context[Store, Loaders]:
    """Make the context of one request."""
    return Context(state, token, Loaders(state.database, token))


subgraph = Subgraph(name="tasks", schema=schema, lifespan=lifespan, context=context)
