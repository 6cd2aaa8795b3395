"""The routers that the clients meet: `fedra router`, each a process of its own, with settings of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import orjson
import yaml

from router.request import Json
from tests.clients.frontends import blocks
from tests.router.identity.tokens import Issuer, ed25519_issuer, write_jwks

ROOT = Path(__file__).parents[2]
SECONDS = 60
"""Time a router has to start."""

_CLIENT = [
    {"insert": {"name": "x-client-name", "from_context": "client_name"}},
    {"insert": {"name": "x-client-version", "from_context": "client_version"}},
]
_ERRORS = {"subgraphs": {"notes": True}}
_JWT = {"router": {"jwt": {"jwks": [{"url": "jwks.json"}]}}}

PAGE = yaml.safe_load(blocks()["router.yaml"])
CORS = PAGE["cors"]

PEOPLE: Mapping[str, Json] = {
    "open": {
        "supergraph": {"introspection": True},
        "batching": {"enabled": True, "mode": "batch_http_link", "maximum_size": 5},
        "include_subgraph_errors": _ERRORS,
        "headers": {"all": {"request": _CLIENT}},
    },
    "unlearning": {"apq": {"enabled": False}, "cors": CORS},
    "guarded": {
        "cors": CORS,
        "authentication": _JWT,
        "authorization": {"require_authentication": True},
        "rate_limits": {"rules": [{"by": "principal", "limit": 2, "period": "1h"}]},
    },
}
"""Before the two subgraphs of the door's tests."""

DEVELOPMENT: Mapping[str, Json] = {
    "development": {"authentication": _JWT, "supergraph": {"introspection": True}, "cors": CORS}
}
"""Before the platform, for those who write frontends."""


PRODUCTION: Mapping[str, Json] = {
    "trusted": {**PAGE, "authentication": _JWT},
    "listed": {
        **PAGE,
        "authentication": _JWT,
        "persisted_queries": {**PAGE["persisted_queries"], "mode": "safelist"},
    },
}
"""With the settings that `docs/clients.md` has, and the same as a safelist; before the platform too."""


def tokens(folder: Path) -> dict[str, str]:
    """Publish a key; sign tokens of principals with it."""
    issuer: Issuer = ed25519_issuer()
    write_jwks(folder / "jwks.json", issuer)
    lasting: dict[str, Json] = {"exp": 4_000_000_000, "scope": "sessions:read sessions:write"}
    return {
        name: issuer.sign(headers=None, sub=name, **lasting) for name in ("ada", "apollo", "urql", "graphql-request")
    }


@asynccontextmanager
async def running(folder: Path, supergraph: Path, settings: Mapping[str, Json]) -> AsyncIterator[dict[str, str]]:
    """Run routers on free ports; yields the URL of each."""
    async with AsyncExitStack() as stack:
        started = [stack.enter_async_context(_router(folder, supergraph, name, settings[name])) for name in settings]
        yield dict(zip(settings, [await one for one in started], strict=True))


@asynccontextmanager
async def _router(folder: Path, supergraph: Path, name: str, settings: Json) -> AsyncIterator[str]:
    """Run one; what it logs is told when it has ended."""
    config = folder / f"{name}.yaml"
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    arguments = ("router", "--supergraph", str(supergraph), "--config", str(config), "--port", "0")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fedra", *arguments, cwd=folder, env=environment, stdout=PIPE
    )
    assert process.stdout is not None
    try:
        told = await asyncio.wait_for(process.stdout.readline(), SECONDS)
        log = asyncio.create_task(process.stdout.read())  # a router that nobody reads stops at a full pipe
        yield orjson.loads(told)["url"]
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    sys.stdout.buffer.write(await log)
