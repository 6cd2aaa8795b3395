"""What an app sends becomes HTTP/1.1 on a connection that serves one request after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from router.transport import bounded_http
from tests.router.door import serving

GET = b"GET /%b HTTP/1.1\r\nhost: x\r\n\r\n"
LENGTH = (b"content-length", b"5")


def app_sending(*messages: Message) -> ASGIApp:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    return app


def start(*headers: tuple[bytes, bytes], status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(text: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": text, "more_body": more}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the path, and with the body that was sent, which comes in pieces."""
    answer = scope["path"].encode()
    while (message := await receive())["more_body"]:
        answer += message["body"]
    answer += message["body"]
    await asyncio.sleep(0.01)
    await send(start((b"content-length", str(len(answer)).encode())))
    await send(body(answer))


@asynccontextmanager
async def connection(app: ASGIApp) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)

    async with serving(served) as url:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        yield reader, writer
        writer.close()


async def answer_to(app: ASGIApp, request: bytes) -> tuple[bytes, bytes]:
    """Ask on a connection of which nothing more is wanted: the lines of the head but for the date, and the rest."""
    async with connection(app) as (reader, writer):
        writer.write(request.replace(b"host: x", b"host: x\r\nconnection: close"))
        head, _, rest = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
    return b"\n".join(one for one in head.split(b"\r\n") if not one.startswith((b"date:", b"server:"))), rest


async def test_a_body_of_known_length_is_sent_as_it_is() -> None:
    whole = app_sending(start(LENGTH), body(b"hello"))
    parts = app_sending(start(LENGTH), body(b"he", more=True), body(b"", more=True), body(b"llo"))
    for app in (whole, parts):
        head, rest = await answer_to(app, GET % b"")
        assert (head, rest) == (b"HTTP/1.1 200 OK\ncontent-length: 5\nconnection: close", b"hello")


async def test_a_body_of_unknown_length_is_sent_in_chunks() -> None:
    app = app_sending(start(), body(b"he", more=True), body(b"", more=True), body(b"llo"))
    head, rest = await answer_to(app, GET % b"")
    assert head.endswith(b"transfer-encoding: chunked")
    assert rest == b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("method", "status"), [(b"HEAD", 200), (b"GET", 204), (b"GET", 304)], ids=["HEAD", "no content", "not modified"]
)
async def test_where_no_body_may_be_none_is_sent(method: bytes, status: int) -> None:
    text = b"hello" if method == b"HEAD" else b""
    head, rest = await answer_to(
        app_sending(start(status=status), body(text)), method + b" / HTTP/1.1\r\nhost: x\r\n\r\n"
    )
    assert (b"transfer-encoding" in head, rest) == (False, b"")


async def test_a_head_is_kept_until_there_is_something_of_the_body() -> None:
    go = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(start(LENGTH))
        await go.wait()
        await send(body(b"hello"))

    async with connection(app) as (reader, writer):
        writer.write(GET % b"")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.1)
        go.set()
        assert (await reader.read(1_000)).endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\x00", b"a\nb"])
async def test_a_header_cannot_become_two(value: bytes) -> None:
    head, _ = await answer_to(app_sending(start(LENGTH, (b"x-a", value)), body(b"hello")), GET % b"")
    assert b"set-cookie" not in head
    assert b"200" not in head


@pytest.mark.parametrize("text", [b"hell", b"hello!"])
async def test_a_body_of_another_length_than_was_told_ends_the_connection(text: bytes) -> None:
    async with connection(app_sending(start(LENGTH), body(text))) as (reader, writer):
        writer.write(GET % b"")
        assert not (await asyncio.wait_for(reader.read(), 5)).endswith(text)


async def test_requests_sent_at_once_are_answered_in_their_order() -> None:
    async with connection(echo) as (reader, writer):
        requests = [GET % b"a", b"POST /b HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi", GET % b"c%20d?e"]
        writer.write(b"".join(requests))
        answers = b""
        while not answers.endswith(b"/c d"):
            answers += await asyncio.wait_for(reader.read(1_000), 5)
    assert [one.split(b"HTTP/1.1")[0] for one in answers.split(b"\r\n\r\n")[1:]] == [b"/a", b"/bhi", b"/c d"]


async def test_a_client_that_asks_first_is_told_to_go_on() -> None:
    async with connection(echo) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"hi")
        assert (await reader.readuntil(b"/hi")).startswith(b"HTTP/1.1 200")


async def test_a_client_of_http_1_0_gets_one_answer() -> None:
    async with connection(echo) as (reader, writer):
        writer.write(b"GET /a HTTP/1.0\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 5)
    assert (b"connection: close" in answer, answer.endswith(b"/a")) == (True, True)


async def test_a_connection_at_rest_is_closed_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        bounded_http.BoundedHttp, "timeout_keep_alive", property(lambda _: 0.3, lambda *_: None), raising=False
    )
    async with connection(echo) as (reader, writer):
        for _ in range(3):
            writer.write(GET % b"a")
            assert (await reader.readuntil(b"/a")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.2)
        assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_a_head_that_stops_after_a_request_was_answered_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounded_http, "HEAD_SECONDS", 0.3)
    async with connection(echo) as (reader, writer):
        writer.write(GET % b"a")
        await reader.readuntil(b"/a")
        writer.write(b"GET /b HT")
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 408")
