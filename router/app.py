"""The composition root: the only place that joins the parts of the router to one ASGI app."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from router.fetch.connection_pool import ConnectionPool
from router.fetch.source import EntitySource
from router.hooks import load_hooks
from router.identity.internal_token import InternalTokens
from router.identity.tokens import Authenticator
from router.middleware.body_limit import BodyLimit
from router.middleware.csrf import CsrfProtection
from router.middleware.request_id import RequestId
from router.overrides import Overrides
from router.pipeline import Router, answer
from router.prepared import off_loop
from router.request import RequestContext
from router.settings import Cors, Settings
from router.snapshot import Snapshot
from router.subgraph_sources import source_for
from router.supergraph_source import SupergraphFile
from router.transport.health import health
from router.transport.http import GraphQLOverHTTP
from router.transport.read import Headers
from router.transport.write import not_found
from schema.supergraph import InvalidSupergraph, Supergraph


def create_router_app(settings: Settings) -> ASGIApp:
    """Make the router over the supergraph that the settings name.

    Raises: InvalidSupergraph, InvalidKeys, InvalidSigningKey, InvalidReference.
    """
    return RequestId(RouterApp(settings))


class RouterApp:
    """One ASGI app: the GraphQL endpoint and `/health`; while it lives it follows the supergraph's file."""

    def __init__(self, settings: Settings) -> None:
        if settings.supergraph.file is None:
            raise InvalidSupergraph("No supergraph is named: give '--supergraph FILE', or 'supergraph.file'.")
        self._settings = settings
        self._file = SupergraphFile(settings.supergraph.file, settings.supergraph.poll_interval)
        self._pool = ConnectionPool()
        self._mint = InternalTokens.read(settings.internal_token.key) if settings.internal_token else None
        snapshot = Snapshot.load(self._file.read(), settings.supergraph.query_planning)
        source = self._source_for(snapshot.supergraph)
        overrides = Overrides(settings.override, load_hooks(settings.hooks))
        self.router = Router(
            snapshot,
            source,
            settings.limits,
            introspection=settings.supergraph.introspection,
            overrides=overrides,
            expose_query_plan=settings.supergraph.expose_query_plan,
        )
        self._paths: dict[str, ASGIApp] = {settings.supergraph.path: self._graphql(), "/health": health}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await serve_lifespan(self, receive, send)
        elif scope["type"] == "http":
            await self._paths.get(scope["path"], not_found)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Follow the supergraph's file; at the end leave no connection open."""
        watch = asyncio.create_task(self._file.watch(self._use))
        try:
            yield
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            self._pool.close()

    def _graphql(self) -> ASGIApp:
        jwt, authorization = self._settings.authentication.router.jwt, self._settings.authorization
        authenticator = Authenticator(jwt, authorization)
        timeout = self._settings.traffic_shaping.router.timeout.total_seconds()

        async def context_of(headers: Headers) -> RequestContext:
            identity = await authenticator.identify(headers.get("authorization"))
            return RequestContext(time.monotonic() + timeout, identity, headers)

        app: ASGIApp = GraphQLOverHTTP(partial(answer, router=self.router), context_of)
        app = BodyLimit(app, self._settings.limits.max_body_bytes)
        if not self._settings.csrf.unsafe_disabled:
            app = CsrfProtection(app, self._settings.csrf)
        return _with_cors(app, self._settings.cors)

    async def _use(self, sdl: str) -> None:
        """Swap the supergraph; requests under way end with the one they began with. Raises: InvalidSupergraph."""
        snapshot = await off_loop(Snapshot.load, sdl, self._settings.supergraph.query_planning)
        if snapshot.supergraph.id != self.router.snapshot.supergraph.id:
            self.router.source = self._source_for(snapshot.supergraph)
            self.router.snapshot = snapshot

    def _source_for(self, supergraph: Supergraph) -> EntitySource:
        return source_for(supergraph, self._settings, self._pool, self._mint)


def _with_cors(app: ASGIApp, settings: Cors) -> ASGIApp:
    if not settings.origins and not settings.allow_any_origin:
        return app
    return CORSMiddleware(
        app,
        allow_origins=["*"] if settings.allow_any_origin else settings.origins,
        allow_methods=["GET", "POST"],
        allow_headers=settings.allow_headers,
        allow_credentials=settings.allow_credentials,
        expose_headers=["x-request-id"],
    )


async def serve_lifespan(app: RouterApp, receive: Receive, send: Send) -> None:
    """Speak the lifespan protocol. Source: ASGI, "Lifespan Protocol"."""
    await receive()
    async with app.lifespan():
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})
