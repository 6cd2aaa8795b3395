"""A subgraph on a real socket of this machine, for what is asked over HTTP by others."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn

from subgraphs.kernel.serve import Subgraph, create_app
from subgraphs.kernel.settings import Settings
from tests.subgraphs.kernel.kit import Client


@asynccontextmanager
async def listening(subgraph: Subgraph[Any], settings_at: Callable[[str], Settings]) -> AsyncIterator[Client]:
    """Serve on a free port; `settings_at` gets the base URL before the subgraph starts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(subgraph, settings_at(url))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", ws="none"))
        running = asyncio.create_task(server.serve([listener]))
        while not (server.started or running.done()):  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
                yield Client(http, subgraph.name)
        finally:
            server.should_exit = True
            await running
