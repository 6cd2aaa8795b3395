"""Subgraphs over HTTP, served by uvicorn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import orjson
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from router.fetch.connection_pool import ConnectionPool
from router.fetch.http import Endpoint, HttpClient
from router.fetch.network import NetworkSource, Remote
from router.operation.model import OperationKind
from router.request import Json
from router.telemetry.watch import Watch
from tests.router.fetch.plans import context, entity_asks, root_ask
from tests.router.fetch.raw_server import Talker, serve
from tests.router.telemetry.watched import watched

Handler = Callable[[Request], Awaitable[Response]]


def remotes_of(urls: Mapping[str, str], client: HttpClient) -> dict[str, Remote]:
    return {name: Remote(Endpoint.of(url), client) for name, url in urls.items()}


@asynccontextmanager
async def subgraph(handler: Handler, **urls: str) -> AsyncIterator[NetworkSource]:
    app = Starlette(routes=[Route("/graphql", handler, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/graphql"
    pool = ConnectionPool()
    remotes = remotes_of({"products": url, "reviews": url, **urls}, pool)
    try:
        yield NetworkSource(remotes, mint=lambda name, _: f"token-for-{name}")
    finally:
        pool.close()
        server.should_exit = True
        await serving


def saying(content: Json, status: int = 200, media_type: str = "application/json") -> Handler:
    async def handle(_: Request) -> Response:
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        return Response(body, status, media_type=media_type)

    return handle


async def test_a_request_carries_operation_token_deadline_and_trace() -> None:
    heard: list[tuple[dict[str, str], Json]] = []

    async def handle(request: Request) -> Response:
        heard.append((dict(request.headers), await request.json()))
        return JSONResponse({"data": {"_entities": [{"list": []}]}})

    async with subgraph(handle) as source:
        with watched(Watch(headers={"traceparent": "00-1-2-01"})):
            (answer,) = await source.load(entity_asks("_entities"), context(5, cookie="secret"))
    assert answer.data == [{"list": []}]
    ((headers, body),) = heard
    assert headers["content-type"] == "application/json"
    assert "application/json" in headers["accept"]
    assert headers["authorization"] == "Bearer token-for-reviews"
    assert 0 < int(headers["fedra-deadline"]) <= 5000
    assert headers["traceparent"] == "00-1-2-01"
    assert "cookie" not in headers
    assert body["operationName"] == "Op__reviews__1"
    assert body["variables"] == {"first": 3, "representations": [{"__typename": "Product", "upc": "_entities"}]}


async def test_an_anonymous_operation_without_variables_is_only_its_text() -> None:
    heard: list[Json] = []

    async def handle(request: Request) -> Response:
        heard.append(await request.json())
        return JSONResponse({"data": {"me": "Ada"}}, media_type="application/graphql-response+json")

    async with subgraph(handle) as source:
        (answer,) = await source.load([root_ask()], context())
    assert (heard, answer.data) == ([{"query": "query{me}"}], {"me": "Ada"})


@pytest.mark.parametrize("status", [201, 400, 401, 500, 503])
async def test_a_graphql_body_is_used_whatever_the_status(status: int) -> None:
    async with subgraph(saying({"data": {"me": 1}, "errors": [{"message": "no", "path": ["me"]}]}, status)) as source:
        (answer,) = await source.load([root_ask()], context())
    assert answer.data == {"me": 1}
    codes = [error.code for error in answer.errors]
    if status == 201:
        assert codes == ["DOWNSTREAM_SERVICE_ERROR"]
    else:
        assert codes == ["SUBREQUEST_HTTP_ERROR", "DOWNSTREAM_SERVICE_ERROR"]
        assert answer.errors[0].extensions == {"http": {"status": status}}


@pytest.mark.parametrize(
    ("status", "content", "media_type"),
    [
        (500, b"<html>", "text/html"),
        (502, b"{", "application/json"),
        (404, b'{"detail": "x"}', "application/json"),
        (302, b"", "text/plain"),
    ],
)
async def test_a_failed_request_without_a_graphql_body_is_one_error(
    status: int, content: bytes, media_type: str
) -> None:
    async with subgraph(saying(content, status, media_type)) as source:
        (answer,) = await source.load([root_ask()], context())
    assert answer.data is None
    assert [(error.code, dict(error.extensions)) for error in answer.errors] == [
        ("SUBREQUEST_HTTP_ERROR", {"http": {"status": status}})
    ]


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"{", "application/json", "SUBREQUEST_MALFORMED_RESPONSE"),
        (b'{"data": {"me": 1}}', "text/html", "SUBREQUEST_MALFORMED_RESPONSE"),
        (b"", "application/json", "SUBREQUEST_MALFORMED_RESPONSE"),
        (b"--a", 'multipart/mixed; boundary="a"', "SUBREQUEST_UNEXPECTED_PATCH_RESPONSE"),
    ],
)
async def test_what_is_no_json_is_malformed(content: bytes, media_type: str, code: str) -> None:
    async with subgraph(saying(content, 200, media_type)) as source:
        (answer,) = await source.load([root_ask()], context())
    assert (answer.data, [error.code for error in answer.errors]) == (None, [code])


async def test_every_ask_of_a_fetch_that_fails_is_answered() -> None:
    async with subgraph(saying(b"", 500)) as source:
        answers = await source.load(entity_asks("_e0", "_e1"), context())
    assert [answer.errors[0].code for answer in answers] == ["SUBREQUEST_HTTP_ERROR"] * 2


async def test_no_message_tells_where_a_subgraph_is_or_who_asked() -> None:
    async with subgraph(saying({}), reviews="http://127.0.0.1:1/secret") as source:
        answers = [
            *await source.load(entity_asks("_entities"), context()),
            *await source.load([root_ask()], context(-1)),
            *await NetworkSource({}).load([root_ask()], context()),
        ]
    messages = [error.message for answer in answers for error in answer.errors]
    assert messages == [
        "The subgraph could not be reached.",
        "The subgraph did not answer in time.",
        "The subgraph could not be reached.",
    ]


async def dies_once_idle(talker: Talker) -> None:
    """Answer the first request; read the second on the same connection, and close."""
    body = b'{"data": {"me": %d}}' % talker.number
    await talker.hear()
    await talker.say(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
    )
    await talker.hear()


async def test_a_query_is_asked_again_if_a_kept_connection_turns_out_to_be_closed() -> None:
    async with serve(dies_once_idle) as server:
        pool = ConnectionPool()
        source = NetworkSource(remotes_of({"products": server.url}, pool))
        await source.load([root_ask()], context())
        (answer,) = await source.load([root_ask()], context())
        pool.close()
    assert answer.data == {"me": 2}


async def test_a_mutation_is_never_sent_twice() -> None:
    async with serve(dies_once_idle) as server:
        pool = ConnectionPool()
        source = NetworkSource(remotes_of({"products": server.url}, pool))
        await source.load([root_ask()], context())
        (answer,) = await source.load([root_ask(kind=OperationKind.MUTATION)], context())
        assert server.connections == 1
    assert [error.code for error in answer.errors] == ["SUBREQUEST_HTTP_ERROR"]
