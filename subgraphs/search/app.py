"""The search subgraph, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
from fastapi import Request

from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.kernel.events import ENTITY_CHANGED, notify
from subgraphs.kernel.identity import InternalToken, ServiceSigner
from subgraphs.kernel.migrate import migrate
from subgraphs.kernel.relay import Relay, relaying
from subgraphs.kernel.serve import Subgraph
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.kernel.settings import Settings
from subgraphs.search.context import Context, State
from subgraphs.search.embedding import Embedding
from subgraphs.search.loaders import Loaders
from subgraphs.search.schema import schema
from subgraphs.search.store import SearchReader
from subgraphs.search.vectors import VectorIndex

MIGRATIONS = Path(__file__).parent / "migrations"


@asynccontextmanager
async def lifespan(settings: Settings) -> AsyncIterator[State]:
    """Open the record and the index over it, and relay what changes."""
    await migrate(settings.required("owner_url"), "search", MIGRATIONS)
    async with AsyncExitStack() as stack:
        database = await Database.open(settings)
        stack.push_async_callback(database.close)
        index = await stack.enter_async_context(VectorIndex.open(settings.required("milvus_uri")))
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        services = ServiceClient(settings)
        stack.push_async_callback(services.close)
        if settings.system_url:
            await stack.enter_async_context(relaying(Relay(database, "search", {ENTITY_CHANGED: notify})))
        key = settings.required("service_key")
        embedding = Embedding(http, settings.required("oip_url"), ServiceSigner(key))
        yield State(database, index, embedding, services, Cursors.of(key))


def context(state: State, token: InternalToken | None, _: Request) -> Context:
    """Make what one request holds."""
    reader = SearchReader(state.database, token)
    return Context(state, token, Loaders.over(reader), reader)


subgraph = Subgraph(name="search", schema=schema, lifespan=lifespan, context=context)
