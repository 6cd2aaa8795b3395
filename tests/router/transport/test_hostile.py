"""What a client may not do to the router: bounded, and nobody else is harmed."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from router.transport import bounded_http
from tests.router.door import Door, code_of, open_door, until
from tests.router.transport.raw import connect, exchange, post, read_response

BODY = b'{"query": "{ people { name } }"}'
MANY = b"".join(b"x-%d: %s\r\n" % (at, b"v" * 100) for at in range(2_000))
JSON = {"content-type": "application/json"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with open_door(tmp_path_factory.mktemp("door"), limits={"max_body_bytes": 50_000}) as opened:
        yield opened


@pytest.mark.parametrize(
    "head",
    [
        b"POST /graphql HTTP/1.1\r\nhost: x\r\n" + MANY,
        b"POST /graphql HTTP/1.1\r\nhost: x\r\n" + MANY + b"\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: x\r\nx: " + b"v" * 200_000,
        b"GET /graphql?query=" + b"x" * 200_000,
        b"GET /graphql?query=" + b"x" * 200_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
    ],
    ids=["many headers", "many headers, ended", "a long header", "a long URL", "a long URL, ended"],
)
async def test_a_flood_of_headers_ends_the_connection(door: Door, head: bytes) -> None:
    response = await exchange(door, head)
    assert (response.status, response.body) == (431, b"")
    assert ("connection", "close") in response.headers
    assert await door.works()


async def test_a_flood_after_a_good_request_ends_the_connection_too(door: Door) -> None:
    reader, writer = await connect(door)
    writer.write(post(BODY))
    assert (await read_response(reader)).status == 200
    writer.write(b"POST /graphql HTTP/1.1\r\nhost: x\r\n")
    await asyncio.sleep(0.01)
    writer.write(MANY)
    assert (await read_response(reader)).status == 431
    writer.close()


async def test_large_headers_within_the_bound_are_served(door: Door) -> None:
    assert (await exchange(door, post(BODY, "x-large: " + "v" * 40_000))).status == 200


async def test_a_head_that_does_not_end_is_not_waited_for(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_http, "HEAD_SECONDS", 0.5)
    for begun, expected in [(b"POST /graphql HTTP/1.1\r\nhost:", b"HTTP/1.1 408"), (b"", b"")]:
        reader, writer = await connect(door)
        writer.write(begun)
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(expected)
        writer.close()
    reader, writer = await connect(door)
    writer.write(post(BODY))
    assert (await read_response(reader)).status == 200
    await asyncio.sleep(0.7)
    writer.write(post(BODY))  # between requests a connection may rest
    assert (await read_response(reader)).status == 200
    writer.close()


async def test_a_body_that_does_not_come_is_not_waited_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    shaping = {"router": {"timeout": "1s"}}
    async with open_door(tmp_path_factory.mktemp("door"), traffic_shaping=shaping) as door:
        response = await exchange(door, post(BODY)[:-5])
        assert (response.status, code_of(response.json())) == (408, "REQUEST_TIMEOUT")
        assert await door.works()


@pytest.mark.parametrize(
    "headers",
    [
        ["authorization: Bearer a", "authorization: Bearer b"],
        ["content-type: text/plain"],
        ["content-type: application/json"],
        ["content-length: 5"],
        ["transfer-encoding: chunked"],
        ["traceparent: a", "traceparent: b"],
        ["host: other"],
    ],
    ids=str,
)
async def test_headers_that_contradict_each_other_are_refused(door: Door, headers: list[str]) -> None:
    asked = len(door.subgraphs.asked)
    assert (await exchange(door, post(BODY, *headers))).status == 400
    assert len(door.subgraphs.asked) == asked
    assert await door.works()


@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
async def test_a_compressed_body_counts_with_the_length_that_it_has(
    door: Door, encoding: str, compress: object
) -> None:
    assert callable(compress)
    headers = {**JSON, "content-encoding": encoding}
    padded = BODY[:-1] + b', "extensions": {"padding": "%s"}}'
    for length, expected in [(40_000, 200), (60_000, 413), (50_000_000, 413)]:
        content = compress(padded % (b"x" * length))
        response = await door.client.post("/graphql", content=content, headers=headers)
        assert response.status_code == expected
    assert code_of(response.json()) == "PAYLOAD_TOO_LARGE"
    assert await door.works()


async def test_many_who_are_slow_keep_nobody_waiting(door: Door) -> None:
    writers = []
    for at in range(100):
        _, writer = await connect(door)
        writer.write(post(BODY)[: -1 if at % 2 else 30])
        writers.append(writer)
    try:
        assert await asyncio.wait_for(door.works(), 5)
    finally:
        for writer in writers:
            writer.close()
    assert await door.works()


async def test_a_bomb_takes_no_more_memory_than_a_body_may(door: Door) -> None:
    bomb = gzip.compress(b" " * 100_000_000)
    assert len(bomb) > 50_000, "what is compressed is counted as well"
    small = gzip.compress(b" " * 40_000_000)
    tracemalloc.start()
    try:
        for content in (bomb, small):
            response = await door.client.post("/graphql", content=content, headers={**JSON, "content-encoding": "gzip"})
            assert response.status_code == 413
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("encoding", "content", "status"),
    [
        ("gzip", b"not gzip at all", 400),
        ("gzip", gzip.compress(BODY)[:-4], 400),
        ("gzip", gzip.compress(BODY) + b"more", 400),
        ("gzip", gzip.compress(b"{"), 400),
        ("br", BODY, 415),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY)), 415),
        ("identity", BODY, 200),
        ("GZIP", gzip.compress(BODY), 200),
    ],
)
async def test_a_body_is_inflated_or_refused(door: Door, encoding: str, content: bytes, status: int) -> None:
    response = await door.client.post("/graphql", content=content, headers={**JSON, "content-encoding": encoding})
    assert response.status_code == status
    if status == 415:
        assert response.headers["accept-encoding"] == "gzip, deflate"


async def test_a_client_that_leaves_takes_its_query_along(tmp_path: Path) -> None:
    async with open_door(tmp_path, authorization={"directives": {"enabled": False}}) as door:
        door.subgraphs.delay = 0.4
        _, writer = await connect(door)
        writer.write(post(b'{"query": "{ people { notes { id } } }"}'))
        await until(lambda: _asked(door, "people"))
        await asyncio.sleep(0.1)
        writer.close()
        await asyncio.sleep(0.6)
        assert len(door.subgraphs.asked) == 1, "what comes after the first fetch is not asked any more"
        door.subgraphs.delay = 0
        for _ in range(3):
            assert await door.works(), "no connection to a subgraph was left with an answer that nobody took"


async def test_a_client_that_leaves_does_not_stop_its_mutation(door: Door) -> None:
    door.subgraphs.delay = 0.2
    door.subgraphs.written.clear()
    door.subgraphs.asked.clear()
    try:
        _, writer = await connect(door)
        writer.write(post(b'{"query": "mutation { a: write(text: \\"a\\") b: write(text: \\"b\\") }"}'))
        await until(lambda: _asked(door, "notes"))
        await asyncio.sleep(0.1)
        writer.close()
        await until(lambda: _written(door, ["a", "b"]))
    finally:
        door.subgraphs.delay = 0


async def _asked(door: Door, subgraph: str) -> bool:
    return door.subgraphs.asked[-1:] != [] and door.subgraphs.asked[-1][0] == subgraph


async def _written(door: Door, expected: list[str]) -> bool:
    return door.subgraphs.written == expected
