"""What is not what it seems: paths, lengths, origins and forms that two readers may read differently."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.router.door import Door, open_door
from tests.router.transport.raw import connect, exchange, post, read_response

BODY = json.dumps({"query": "{ people { name } }"}).encode()
ORIGIN = "https://app.example.com"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    policies = [{"origins": [ORIGIN], "match_origins": [r"https://[a-z]+\.shop\.example"], "allow_credentials": True}]
    async with open_door(tmp_path_factory.mktemp("door"), cors={"policies": policies}) as opened:
        yield opened


@pytest.mark.parametrize(
    "path",
    [
        "//graphql", "/graphql/", "/./graphql", "/health/../graphql", "/graphql/../health", "/graphql%00", "/GRAPHQL",
        "/graphql;a=b", "/%2e%2e/graphql", "/graphql%2f", "/graphql/d", "\\graphql",
    ],
)  # fmt: skip
async def test_a_path_that_only_looks_like_ours_is_nothing(door: Door, path: str) -> None:
    asked = len(door.subgraphs.asked)
    response = await exchange(door, post(BODY).replace(b" /graphql ", f" {path} ".encode(), 1))
    assert response.status in {400, 404}
    assert len(door.subgraphs.asked) == asked


async def test_a_path_of_raw_bytes_ends_its_connection_and_no_other(door: Door) -> None:
    response = await exchange(door, b"GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n")
    assert response.status in {400, 404}
    assert await door.works()


HIDDEN = b"GET /hidden HTTP/1.1\r\nhost: x\r\n\r\n"
LENGTH = b"content-length: %d\r\n" % (len(BODY) + len(HIDDEN))
SMUGGLED = {
    "a length and chunks": b"transfer-encoding: chunked\r\n" + LENGTH,
    "chunks and a length": LENGTH + b"transfer-encoding: chunked\r\n",
    "two lengths": b"content-length: %d\r\n" % len(BODY) + LENGTH,
    "a list of lengths": b"content-length: %d, %d\r\n" % (len(BODY), len(BODY) + len(HIDDEN)),
    "a signed length": b"content-length: +%d\r\n" % len(BODY),
    "a length in words": b"content-length: 0x10\r\n",
    "a length without end": b"content-length: " + b"9" * 5_000 + b"\r\n",
    "a space before the colon": b"content-length : %d\r\n" % len(BODY),
    "unknown chunks": b"transfer-encoding: xchunked\r\n",
    "chunks that are not last": b"transfer-encoding: chunked, identity\r\n",
    "a folded header": b"x-a: b\r\n content-length: %d\r\n" % len(BODY),
}


@pytest.mark.parametrize("framing", SMUGGLED.values(), ids=SMUGGLED)
async def test_a_request_that_two_readers_would_end_at_different_places_is_refused(door: Door, framing: bytes) -> None:
    head = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n" + framing + b"\r\n"
    reader, writer = await connect(door)
    writer.write(head + BODY + HIDDEN)
    writer.write_eof()
    came = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert came.startswith(b"HTTP/1.1 4")
    assert b"/hidden" not in came
    assert b"Ada" not in came
    assert await door.works()


async def test_requests_in_a_row_are_answered_in_a_row(door: Door) -> None:
    reader, writer = await connect(door)
    writer.write(post(BODY) + HIDDEN + post(BODY))
    assert [(await read_response(reader)).status for _ in range(3)] == [200, 404, 200]
    writer.close()


@pytest.mark.parametrize(
    "origin",
    [
        "null", "https://app.example.com.evil.example", "https://evil.example/https://app.example.com",
        "http://app.example.com", "https://app.example.com:444", "https://app.example.com@evil.example",
        "HTTPS://APP.EXAMPLE.COM", "https://app.example.com ,https://evil.example", "https://a.shop.example.evil.example",
        "https://a.b.shop.example", "https://ashop.example", "https://a.shop.example\tx", "x" * 30_000,
    ],
)  # fmt: skip
async def test_an_origin_that_only_looks_like_a_friend_is_not_let_in(door: Door, origin: str) -> None:
    for request in (
        post(BODY, f"origin: {origin}"),
        post(b"", f"origin: {origin}", "access-control-request-method: POST").replace(b"POST", b"OPTIONS", 1),
    ):
        response = await exchange(door, request)
        assert not [name for name, _ in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain", "text/plain; application/json", "TEXT/PLAIN;charset=utf-8", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded", "", "; application/json", " text/plain",
    ],
)  # fmt: skip
async def test_what_a_form_can_send_is_no_request(door: Door, content_type: str) -> None:
    asked = len(door.subgraphs.asked)
    request = post(BODY).replace(b"content-type: application/json", f"content-type: {content_type}".encode())
    response = await exchange(door, request)
    assert (response.status, response.json()["errors"][0]["extensions"]["code"]) == (400, "CSRF_ERROR")
    assert len(door.subgraphs.asked) == asked
