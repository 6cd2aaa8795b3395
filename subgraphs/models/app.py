"""The models subgraph, put together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
from fastapi import Request

from subgraphs.kernel.context import Context
from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.kernel.events import ENTITY_CHANGED, notify
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.migrate import migrate
from subgraphs.kernel.relay import Relay, relaying
from subgraphs.kernel.serve import Subgraph
from subgraphs.kernel.settings import Settings
from subgraphs.models.context import State
from subgraphs.models.demo import register_demo
from subgraphs.models.endpoint_client import EndpointClient
from subgraphs.models.loaders import Loaders
from subgraphs.models.oip import oip
from subgraphs.models.schema import schema
from subgraphs.models.serving import local_models
from subgraphs.models.store import RegistryReader

MIGRATIONS = Path(__file__).parent / "migrations"


@asynccontextmanager
async def lifespan(settings: Settings) -> AsyncIterator[State]:
    """Open the registry, load the models, and relay what changes."""
    await migrate(settings.required("owner_url"), "models", MIGRATIONS)
    async with AsyncExitStack() as stack:
        database = await Database.open(settings)
        stack.push_async_callback(database.close)
        models = await stack.enter_async_context(local_models())
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        if settings.demo:
            await register_demo(database, models, settings.required("oip_url"))
        if settings.system_url:
            await stack.enter_async_context(relaying(Relay(database, "models", {ENTITY_CHANGED: notify})))
        yield State(
            database=database,
            local_models=models,
            endpoint_client=EndpointClient(settings, http),
            cursors=Cursors.of(settings.required("service_key")),
        )


def context(state: State, token: InternalToken | None, _: Request) -> Context[State, Loaders]:
    """Make what one request holds."""
    return Context(state, token, Loaders.over(RegistryReader(state.database, token)))


subgraph = Subgraph(name="models", schema=schema, lifespan=lifespan, context=context, routers=[oip])
