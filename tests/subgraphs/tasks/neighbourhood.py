"""The four subgraphs, each on a socket of its own, over one PostgreSQL and one Milvus Lite."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import uvicorn

from subgraphs.kernel.cli import load
from subgraphs.kernel.serve import create_app
from subgraphs.kernel.settings import Settings
from tests.subgraphs.kernel.kit import Client

NAMES = ("models", "search", "sessions", "tasks")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Where each answers, and a client for each."""

    settings: Settings
    clients: Mapping[str, Client]


@asynccontextmanager
async def neighbourhood(settings: Settings) -> AsyncIterator[Neighbourhood]:
    """Serve all four, knowing each other's places."""
    async with AsyncExitStack() as stack:
        listeners = {name: stack.enter_context(socket.create_server(("127.0.0.1", 0))) for name in NAMES}
        urls = {name: f"http://127.0.0.1:{one.getsockname()[1]}" for name, one in listeners.items()}
        places: Any = {f"{name}_url": f"{url}/graphql" for name, url in urls.items()}
        known = replace(settings, **places, oip_url=urls["models"])
        clients = {}
        for name, listener in listeners.items():
            await stack.enter_async_context(_serving(name, known, listener))
            http = await stack.enter_async_context(httpx.AsyncClient(base_url=urls[name], trust_env=False, timeout=30))
            clients[name] = Client(http, name)
        yield Neighbourhood(known, clients)


@asynccontextmanager
async def _serving(name: str, settings: Settings, listener: socket.socket) -> AsyncIterator[None]:
    app = create_app(load(name), settings)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", ws="none"))
    running = asyncio.create_task(server.serve([listener]))
    while not (server.started or running.done()):  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await running
