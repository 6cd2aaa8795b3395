"""Keys, tokens and a client for tests that talk to a subgraph as the router or a service does."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import OKPAlgorithm

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.identity import InternalToken, ServiceSigner
from subgraphs.kernel.serve import Subgraph, create_app
from subgraphs.kernel.settings import Settings

Json = Any

PRIVATE_KEYS = {kid: Ed25519PrivateKey.generate() for kid in ("router", "service", "stranger")}


def service_pem() -> str:
    return PRIVATE_KEYS["service"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def jwks() -> str:
    keys = [
        {**OKPAlgorithm.to_jwk(PRIVATE_KEYS[kid].public_key(), as_dict=True), "kid": kid}
        for kid in ("router", "service")
    ]
    return json.dumps({"keys": keys})


def settings_for(urls: DatabaseUrls, **more: Json) -> Settings:
    """Settings of a subgraph over a test's database."""
    return Settings(
        database_url=urls.app,
        owner_url=urls.owner,
        system_url=urls.system,
        internal_jwks=jwks(),
        service_key=service_pem(),
        debug=True,
        **more,
    )


def router_token(identity: InternalToken, audience: str, **claims: Json) -> str:
    """Sign as the router does; `claims` replace the usual ones."""
    now = int(time.time())
    usual = {**identity.to_claims(), "iss": "fedra-router", "aud": audience, "iat": now, "exp": now + 60}
    return jwt.encode({**usual, **claims}, PRIVATE_KEYS["router"], algorithm="EdDSA", headers={"kid": "router"})


def service_token(identity: InternalToken, audience: str, actor: str = "worker") -> str:
    return ServiceSigner(service_pem()).sign(identity, audience, actor)


@dataclass(frozen=True, slots=True)
class Client:
    """Sends operations to one subgraph over HTTP."""

    http: httpx.AsyncClient
    audience: str

    async def post(
        self, query: str, variables: Mapping[str, Any] | None = None, token: str | None = None
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def answer(self, caller: InternalToken | None, query: str, **variables: Json) -> dict[str, Any]:
        """Ask as the router does for a client; as a service does if the caller has an actor."""
        response = await self.post(query, variables, None if caller is None else self.token(caller))
        answer: dict[str, Any] = response.json()
        return answer

    async def data(self, caller: InternalToken, query: str, **variables: Json) -> dict[str, Any]:
        """Ask what must be answered without an error."""
        answer = await self.answer(caller, query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def statements(self, caller: InternalToken, query: str, **variables: Json) -> int:
        """Ask, and count what the subgraph sent to its store."""
        response = await self.post(query, variables, self.token(caller))
        assert "errors" not in response.json(), response.json()["errors"]
        return int(response.headers["fedra-store-statements"])

    def token(self, caller: InternalToken) -> str:
        sign = router_token if caller.actor is None else service_token
        return sign(caller, self.audience)


@asynccontextmanager
async def serving(subgraph: Subgraph[Any], settings: Settings) -> AsyncIterator[Client]:
    """Serve a subgraph in this process, its lifespan included."""
    app = create_app(subgraph, settings)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=f"http://{subgraph.name}") as http,
    ):
        yield Client(http, subgraph.name)


@asynccontextmanager
async def listening(subgraph: Subgraph[Any], settings: Settings) -> AsyncIterator[str]:
    """Serve a subgraph on a socket; the URL of its endpoint."""
    config = uvicorn.Config(create_app(subgraph, settings), host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "the subgraph did not start"
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/graphql"
    finally:
        server.should_exit = True
        await serving


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Wait for something that another task brings about."""
    deadline = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.05)
