"""A subgraph that answers anything: the client gets its other data, an error with a code, and nothing from inside."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from router.app import create_router_app
from router.configuration.load import ConfigurationSource
from router.request import Json
from tests.attacks.besieged import answer_known, write_supergraph
from tests.router.door import serving
from tests.router.fetch.raw_server import Talker, serve
from tests.router.transport.raw import read_response

QUERY = "{ things { id part } }"
REST = {"things": [{"id": "1", "part": None}]}
"""What is left of the answer: what the other subgraph knows."""
SECRET = "postgres://admin:hunter2@10.0.0.7/things"  # noqa: S105  # of nobody
MOST = 1_000_000


def response(body: bytes, *headers: bytes, status: bytes = b"200 OK", media_type: bytes = b"application/json") -> bytes:
    """Write an honest response."""
    fields = [b"content-type: " + media_type, b"content-length: %d" % len(body), *headers]
    return b"\r\n".join([b"HTTP/1.1 " + status, *fields, b"", body])


def graphql(data: Json = None, errors: Json = None) -> bytes:
    return response(json.dumps({"data": data, **({"errors": errors} if errors is not None else {})}).encode())


THING = {"__typename": "Thing", "id": "1", "name": "a"}
DEEP = b'{"data": {"_entities": [{"part": ' + b"[" * 5_000 + b"]" * 5_000 + b"}]}}"
NESTED = b'{"data": {"_entities": [{"part": ' + b"[" * 500 + b"]" * 500 + b"}]}}"
LIES: dict[str, tuple[bytes, set[str]]] = {
    "a list instead of an object": (response(b"[]"), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "a text instead of data": (graphql("data"), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "no entities": (graphql({}), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "too few entities": (graphql({"_entities": []}), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "too many entities": (graphql({"_entities": [{"part": "p"}] * 100_000}), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "an entity that is a number": (graphql({"_entities": [7]}), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "a field that is an object": (graphql({"_entities": [{"part": {"a": 1}}]}), {"RESPONSE_VALIDATION_FAILED"}),
    "errors that are no list": (graphql(None, {"a": 1}), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "errors that are no errors": (graphql(None, [1, None, "x", []]), {"DOWNSTREAM_SERVICE_ERROR"}),
    "not JSON": (response(b"{"), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "not UTF-8": (response(b'{"data": "\xff"}'), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "nesting without end": (response(DEEP), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "deep nesting": (response(NESTED), {"RESPONSE_VALIDATION_FAILED"}),
    "a page": (response(b"<html>", media_type=b"text/html"), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "an answer in parts": (response(b"--", media_type=b"multipart/mixed"), {"SUBREQUEST_UNEXPECTED_PATCH_RESPONSE"}),
    "a redirection": (
        response(b"", b"location: http://169.254.169.254/latest/meta-data", status=b"307 Temporary Redirect"),
        {"SUBREQUEST_HTTP_ERROR"},
    ),
    "an announced hundred megabytes": (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000000\r\n\r\n" + b" " * 2 * MOST,
        {"SUBREQUEST_MALFORMED_RESPONSE"},
    ),
    "two lengths": (
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        {"SUBREQUEST_HTTP_ERROR"},
    ),
    "not HTTP": (b"\x16\x03\x01 what is this\r\n\r\n", {"SUBREQUEST_HTTP_ERROR"}),
    "a secret in an error": (
        graphql(None, [{"message": SECRET, "extensions": {"stack": SECRET, "code": "BOOM"}, "path": [SECRET]}]),
        {"DOWNSTREAM_SERVICE_ERROR"},
    ),
    "a secret beside a failure": (response(SECRET.encode(), status=b"500 Oops"), {"SUBREQUEST_HTTP_ERROR"}),
    "a hundred thousand errors": (graphql(None, [{"message": SECRET}] * 60_000), {"SUBREQUEST_MALFORMED_RESPONSE"}),
    "as many errors as fit": (graphql(None, [{}] * 200_000), {"DOWNSTREAM_SERVICE_ERROR"}),
}


async def things(talker: Talker) -> None:
    """Know one thing."""
    while True:
        await talker.hear()
        await talker.say(graphql({"things": [THING]}))


@asynccontextmanager
async def lied_to(folder: Path, lie: Callable[[Talker], Awaitable[None]], **shaping: Json) -> AsyncIterator[str]:
    """Run a router, one honest subgraph and one that is not; yields where the router listens."""
    async with serve(things) as honest, serve(lie) as liar:
        file = write_supergraph(folder / "supergraph.graphql", {"things": honest.url, "parts": liar.url})
        settings = {"supergraph": {"file": file}, "traffic_shaping": {"all": {"max_response_bytes": MOST, **shaping}}}
        (folder / "router.yaml").write_text(json.dumps(settings, default=str))
        source = ConfigurationSource(folder / "router.yaml", {})
        async with serving(create_router_app(source.read(), source)) as url:
            yield url


async def ask(url: str, query: str = QUERY) -> Json:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = json.dumps({"query": query}).encode()
    head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
    try:
        answer = await asyncio.wait_for(read_response(reader), 30)
    finally:
        writer.close()
    assert answer.status == 200
    assert SECRET.encode() not in answer.body
    assert b"127.0.0.1" not in answer.body
    assert len(answer.body) < MOST
    return answer.json()


@pytest.mark.parametrize(("said", "codes"), LIES.values(), ids=LIES)
async def test_a_lie_costs_its_own_fields_and_no_others(tmp_path: Path, said: bytes, codes: set[str]) -> None:
    async def lie(talker: Talker) -> None:
        await talker.hear()
        await talker.say(said)

    async with lied_to(tmp_path, lie) as url:
        body = await ask(url)
        assert await ask(url, "{ things { name } }") == {"data": {"things": [{"name": "a"}]}}
    assert body["data"] == REST
    assert {one["extensions"]["code"] for one in body["errors"]} == codes


ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "a body": (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n", b" " * 65_536),
    "chunks": (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n",
        b"10000\r\n" + b" " * 65_536 + b"\r\n",
    ),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"x-more: " + b"x" * 65_000 + b"\r\n"),
    "one header": (b"HTTP/1.1 200 OK\r\nx-more: ", b"x" * 65_536),
    "announcements": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1_000),
}


@pytest.mark.parametrize(("begun", "more"), ENDLESS.values(), ids=ENDLESS)
async def test_what_has_no_end_is_cut_off_before_it_fills_the_memory(tmp_path: Path, begun: bytes, more: bytes) -> None:
    async def lie(talker: Talker) -> None:
        await talker.hear()
        await talker.say(begun)
        while True:
            await talker.say(more)

    async with lied_to(tmp_path, lie) as url:
        tracemalloc.start()
        try:
            body = await ask(url)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert body["data"] == REST
    assert peak < 20 * MOST


async def test_a_slow_drip_ends_with_the_time_of_its_subgraph(tmp_path: Path) -> None:
    async def lie(talker: Talker) -> None:
        await talker.hear()
        await talker.say(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n")
        while True:
            await talker.say(b" ")
            await asyncio.sleep(0.05)

    async with lied_to(tmp_path, lie, timeout="500ms") as url:
        slow, quick = asyncio.create_task(ask(url)), await ask(url, "{ things { name } }")
        assert quick == {"data": {"things": [{"name": "a"}]}}
        assert not slow.done()
        body = await slow
    assert body["errors"][0]["message"] == "The subgraph did not answer in time."


async def test_a_redirection_is_not_followed(tmp_path: Path) -> None:
    followed: list[str] = []

    async def elsewhere(request: object) -> object:
        followed.append(str(request))
        return await answer_known(request)  # type: ignore[arg-type]

    async with serving(Starlette(routes=[Route("/", elsewhere, methods=["GET", "POST"])])) as inside:

        async def lie(talker: Talker) -> None:
            await talker.hear()
            await talker.say(response(b"", b"location: " + inside.encode() + b"/", status=b"308 Permanent Redirect"))

        async with lied_to(tmp_path, lie) as url:
            body = await ask(url)
    assert body["errors"][0]["extensions"]["http"] == {"status": 308}
    assert not followed
