"""A subgraph as an ASGI application: `/graphql`, `/health`, and what else it mounts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import JSONResponse, Response
from strawberry.federation import Schema

from subgraphs.kernel.errors import SubgraphError
from subgraphs.kernel.execution import MalformedRequest, Operation, execute
from subgraphs.kernel.identity import InternalToken, Verifier
from subgraphs.kernel.request_scope import open_scope
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.telemetry import traceparent

State = TypeVar("State")

DEADLINE_HEADER = "fedra-deadline"
STATEMENTS_HEADER = "fedra-store-statements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgraph(Generic[State]):
    """What makes one subgraph: its schema, and how a request gets what it needs.

    `lifespan` opens the stores for as long as the process serves; `context` makes the context of one request, with
    fresh DataLoaders; `routers` are mounted beside `/graphql`, and find them by `state_of` and `caller_of`.
    """

    name: str
    schema: Schema
    lifespan: Callable[[Settings], AbstractAsyncContextManager[State]]
    context: Callable[[State, InternalToken | None, Request], object]
    routers: Sequence[APIRouter] = ()


@dataclass(frozen=True, slots=True)
class _Served:
    """What stands behind all requests of one process."""

    name: str
    settings: Settings
    verifier: Verifier
    state: Any


def create_app(subgraph: Subgraph[Any], settings: Settings | None = None) -> FastAPI:
    """Make the application. Settings come from the environment unless given."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        chosen = settings or Settings.from_environment()
        verifier = Verifier(chosen.required("internal_jwks"))
        async with subgraph.lifespan(chosen) as state:
            app.state.served = _Served(subgraph.name, chosen, verifier, state)
            yield

    async def graphql(request: Request) -> Response:
        return await _answer(subgraph, request)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    app = FastAPI(title=subgraph.name, lifespan=lifespan, openapi_url=None)
    app.add_route("/graphql", graphql, methods=["POST"])
    app.add_route("/health", health, methods=["GET"])
    app.add_exception_handler(SubgraphError, _refuse)
    for router in subgraph.routers:
        app.include_router(router)
    return app


def caller_of(request: Request) -> InternalToken | None:
    """Read the internal token; None if there is none. Raises: InvalidToken."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    served: _Served = request.app.state.served
    return served.verifier.verify(text.strip(), served.name) if scheme.lower() == "bearer" else None


def state_of(request: Request) -> Any:  # noqa: ANN401 - each subgraph has its own
    """Answer what the subgraph's `lifespan` made."""
    return request.app.state.served.state


async def _answer(subgraph: Subgraph[Any], request: Request) -> Response:
    scope = open_scope()
    traceparent.set(request.headers.get("traceparent"))
    token = caller_of(request)
    try:
        operation = Operation.of(orjson.loads(await request.body()))
    except orjson.JSONDecodeError as error:
        raise MalformedRequest("The body is not JSON.") from error
    context = subgraph.context(state_of(request), token, request)
    body = await execute(subgraph.schema, operation, context, scope, _seconds_left(request))
    served: _Served = request.app.state.served
    headers = {STATEMENTS_HEADER: str(scope.statements)} if served.settings.debug else None
    return Response(orjson.dumps(body), media_type="application/json", headers=headers)


def _seconds_left(request: Request) -> float | None:
    text = request.headers.get(DEADLINE_HEADER, "")
    return int(text) / 1000 if text.isdecimal() else None


async def _refuse(_: Request, error: Exception) -> Response:
    code, status = (error.code, error.status) if isinstance(error, SubgraphError) else ("INTERNAL_SERVER_ERROR", 500)
    return JSONResponse({"errors": [{"message": str(error), "extensions": {"code": code}}]}, status)
