"""HTTP/1.1 against real sockets."""

from __future__ import annotations

import asyncio
import socket
import time
import zlib
from gzip import compress
from os import urandom

import pytest

from router.fetch.connection_pool import ConnectionPool
from router.fetch.http import (
    ConnectionDied,
    Endpoint,
    HttpError,
    HttpRequest,
    HttpResponse,
    HttpTimeout,
    ResponseTooLarge,
)
from router.settings.traffic import Connections
from tests.router.fetch.raw_server import RawServer, Talk, Talker, serve

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


async def post(
    pool: ConnectionPool, server: RawServer, body: bytes = b"hello", seconds: float = 5, most: int = 1_000_000
) -> HttpResponse:
    return await pool.post(Endpoint.of(server.url), HttpRequest({"x-a": "1"}, body, time.monotonic() + seconds, most))


def pooled(max_connections: int) -> ConnectionPool:
    return ConnectionPool(Connections(max_connections=max_connections))


def saying(*parts: bytes) -> Talk:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        await talker.say(*parts)
        await talker.hear()

    return talk


async def echo(talker: Talker) -> None:
    while True:
        request = await talker.hear()
        body = request.partition(b"\r\n\r\n")[2]
        await talker.say(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))


async def test_a_request_says_what_it_must() -> None:
    heard: list[bytes] = []

    async def talk(talker: Talker) -> None:
        heard.append(await talker.hear())
        await talker.say(OK)

    async with serve(talk) as server:
        response = await post(ConnectionPool(), server)
    assert heard == [
        b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:%d\r\naccept-encoding: gzip, deflate\r\n"
        b"content-length: 5\r\nx-a: 1\r\n\r\nhello" % server.port
    ]
    assert (response.status, response.header("content-type"), response.body) == (200, "text/plain", b"ok")


@pytest.mark.parametrize(
    "parts",
    [
        (OK[:20], OK[20:50], OK[50:]),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n", b"1\r\nk\r\n0\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", OK),
    ],
    ids=["content-length in pieces", "chunked", "informational"],
)
async def test_a_response_is_read_however_it_is_framed(parts: tuple[bytes, ...]) -> None:
    async with serve(saying(*parts)) as server:
        response = await post(ConnectionPool(), server)
    assert (response.status, response.body) == (200, b"ok")


async def test_a_response_may_end_with_the_connection() -> None:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        await talker.say(b"HTTP/1.1 200 OK\r\n\r\no", b"k")

    async with serve(talk) as server:
        assert (await post(ConnectionPool(), server)).body == b"ok"


async def test_a_connection_is_kept_and_used_again() -> None:
    pool = ConnectionPool()
    async with serve(echo) as server:
        for text in (b"a", b"b", b"c"):
            assert (await post(pool, server, text)).body == text
        assert server.connections == 1
        pool.close()


async def test_connection_close_is_obeyed() -> None:
    closing = OK.replace(b"Content-Length", b"Connection: close\r\nContent-Length")
    pool = ConnectionPool()
    async with serve(saying(closing)) as server:
        await post(pool, server)
        await post(pool, server)
        assert server.connections == 2


async def test_requests_at_once_take_connections_of_their_own_and_no_more_than_allowed() -> None:
    pool = pooled(max_connections=3)
    async with serve(echo) as server:
        texts = [b"%d" % number for number in range(20)]
        responses = await asyncio.gather(*(post(pool, server, text) for text in texts))
        assert [response.body for response in responses] == texts
        assert server.connections == 3
        pool.close()


async def test_a_kept_connection_that_the_server_closed_meanwhile_has_its_own_error() -> None:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        await talker.say(OK)
        if talker.number == 1:
            await talker.hear()  # the second request is read, and never answered

    pool = ConnectionPool()
    async with serve(talk) as server:
        await post(pool, server)
        with pytest.raises(ConnectionDied):
            await post(pool, server)


@pytest.mark.parametrize("parts", [(), (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",), (b"no http\r\n\r\n",)])
async def test_a_response_that_breaks_off_is_an_error(parts: tuple[bytes, ...]) -> None:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        await talker.say(*parts)

    async with serve(talk) as server:
        with pytest.raises(HttpError) as raised:
            await post(ConnectionPool(), server)
    assert type(raised.value) is HttpError


@pytest.mark.parametrize("parts", [(), (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",)])
async def test_the_deadline_ends_a_request_at_any_point(parts: tuple[bytes, ...]) -> None:
    async with serve(saying(*parts)) as server:
        started = time.monotonic()
        with pytest.raises(HttpTimeout):
            await post(ConnectionPool(), server, seconds=0.1)
        assert time.monotonic() - started < 2


async def test_the_deadline_holds_while_waiting_for_a_turn() -> None:
    pool = pooled(max_connections=1)
    async with serve(saying()) as server:
        first = asyncio.create_task(post(pool, server, seconds=0.4))
        await asyncio.sleep(0.05)
        with pytest.raises(HttpTimeout):
            await post(pool, server, seconds=0.1)
        with pytest.raises(HttpTimeout):
            await first


async def test_a_cancelled_request_never_answers_the_next() -> None:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        if talker.number == 1:
            await asyncio.sleep(0.1)
            await talker.say(OK.replace(b"ok", b"no"))
        else:
            await talker.say(OK)

    pool = pooled(max_connections=1)
    async with serve(talk) as server:
        cancelled = asyncio.create_task(post(pool, server))
        await asyncio.sleep(0.05)
        cancelled.cancel()
        assert (await post(pool, server)).body == b"ok"
        assert server.connections == 2


@pytest.mark.parametrize(
    "framing", [b"content-length: 50\r\n\r\n%b", b"transfer-encoding: chunked\r\n\r\n32\r\n%b\r\n0\r\n\r\n"]
)
async def test_a_body_beyond_the_limit_is_refused(framing: bytes) -> None:
    async with serve(saying(b"HTTP/1.1 200 OK\r\n" + framing % (b"x" * 50))) as server:
        with pytest.raises(ResponseTooLarge):
            await post(ConnectionPool(), server, most=49)
        assert len((await post(ConnectionPool(), server, most=50)).body) == 50


async def test_a_body_in_the_smallest_chunks_is_read() -> None:
    chunks = b"1;a=b\r\nx\r\n" * 20_000
    async with serve(saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunks, b"0\r\n\r\n")) as server:
        assert len((await post(ConnectionPool(), server)).body) == 20_000


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"x-more: %b\r\n" % (b"x" * 1000)),
        (b"HTTP/1.1 200 OK\r\nx-more: ", b"x" * 1000),
        (b"HTTP/1.1 200 ", b"x" * 1000),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;", b"x" * 1000),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-more: ", b"x" * 1000),
    ],
    ids=["headers", "one header", "a status", "announcements", "a chunk's extension", "a trailer"],
)
async def test_what_is_no_body_may_not_be_without_end(begun: bytes, more: bytes) -> None:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        await talker.say(begun)
        while True:
            await talker.say(more)

    async with serve(talk) as server:
        with pytest.raises(ResponseTooLarge):
            await post(ConnectionPool(), server)


async def test_bytes_that_nobody_asked_for_close_the_connection() -> None:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        await talker.say(OK)
        await asyncio.sleep(0.01)
        await talker.say(OK.replace(b"ok", b"no"))
        await talker.hear()

    pool = ConnectionPool()
    async with serve(talk) as server:
        await post(pool, server)
        await asyncio.sleep(0.05)
        assert (await post(pool, server)).body == b"ok"
        assert server.connections == 2


async def test_where_nobody_listens_there_is_no_connection() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(HttpError):
        await post(ConnectionPool(), RawServer(port))


async def test_a_header_cannot_smuggle_another() -> None:
    async with serve(echo) as server:
        request = HttpRequest({"a": "1\r\nb: 2"}, b"", time.monotonic() + 5)
        with pytest.raises(HttpError, match="illegal"):
            await ConnectionPool().post(Endpoint.of(server.url), request)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.b/graphql?x=1", Endpoint("a.b", 80, "/graphql?x=1", "a.b", tls=False)),
        ("https://user:secret@a.b", Endpoint("a.b", 443, "/", "a.b", tls=True)),
        ("http://[::1]:8080/q", Endpoint("::1", 8080, "/q", "[::1]:8080", tls=False)),
    ],
)
def test_a_url_is_read_once(url: str, expected: Endpoint) -> None:
    assert Endpoint.of(url) == expected


@pytest.mark.parametrize("url", ["", "ftp://a.b", "a.b/graphql", "http:///graphql"])
def test_what_is_no_http_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is no http"):
        Endpoint.of(url)


async def test_a_pool_closed_during_a_request_keeps_nothing() -> None:
    pool = ConnectionPool()
    async with serve(echo) as server:
        await post(pool, server)
        under_way = asyncio.create_task(post(pool, server))
        await asyncio.sleep(0)
        pool.close()
        assert (await under_way).body == b"hello"
        await asyncio.sleep(0.05)
        assert not server.open


def compressed(encoding: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-encoding: %b\r\ncontent-length: %d\r\n\r\n%b" % (encoding, len(body), body)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"gzip", compress(b"ok")),
        (b"X-GZIP", compress(b"o") + compress(b"k")),
        (b"deflate", zlib.compress(b"ok")),
        (b"deflate", zlib.compress(b"ok", wbits=-zlib.MAX_WBITS)),
        (b"deflate, gzip", compress(zlib.compress(b"ok"))),
        (b"identity", b"ok"),
    ],
)
async def test_a_compressed_response_is_inflated(encoding: bytes, body: bytes) -> None:
    async with serve(saying(compressed(encoding, body))) as server:
        assert (await post(ConnectionPool(), server)).body == b"ok"


async def test_a_long_response_is_inflated_no_further_than_its_limit() -> None:
    body = urandom(50_000).hex().encode()
    async with serve(saying(compressed(b"gzip", compress(body)))) as server:
        pool = ConnectionPool()
        assert (await post(pool, server)).body == body
    async with serve(saying(compressed(b"gzip", compress(body)))) as server:
        with pytest.raises(ResponseTooLarge):
            await post(pool, server, most=len(body) - 1)


@pytest.mark.parametrize(
    ("encoding", "body", "expected"),
    [
        (b"gzip", compress(b"x" * 10_000_000), ResponseTooLarge),
        (b"gzip", compress(b"x" * 30_000) * 2, ResponseTooLarge),
        (b"gzip", compress(b"ok")[:-4], HttpError),
        (b"deflate", b"\xff\xff", HttpError),
        (b"snappy", b"ok", HttpError),
    ],
    ids=["bomb", "bomb in two members", "cut off", "no deflate", "unknown"],
)
async def test_what_cannot_be_inflated_within_the_limit_is_refused(
    encoding: bytes, body: bytes, expected: type[HttpError]
) -> None:
    async with serve(saying(compressed(encoding, body))) as server:
        with pytest.raises(HttpError) as raised:
            await post(ConnectionPool(), server, most=50_000)
    assert type(raised.value) is expected


@pytest.mark.parametrize(
    "begin",
    [
        b"HTTP/1.1 200 OK\r\nx-endless: ",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-endless: ",
    ],
    ids=["header", "chunk extension", "trailer"],
)
async def test_what_frames_a_body_has_an_end(begin: bytes) -> None:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        await talker.say(begin)
        while True:
            await talker.say(b"x" * 1000)

    async with serve(talk) as server:
        with pytest.raises(ResponseTooLarge):
            await post(ConnectionPool(), server)


async def test_headers_after_the_body_are_not_those_of_the_response() -> None:
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\ncache-control: public\r\n\r\n"
    async with serve(saying(chunked)) as server:
        response = await post(ConnectionPool(), server)
    assert (response.body, response.header("cache-control")) == (b"ok", None)


async def test_a_second_answer_in_one_breath_is_nobodys() -> None:
    pool = ConnectionPool()
    async with serve(saying(OK + OK.replace(b"ok", b"no"))) as server:
        for _ in range(2):
            response = await post(pool, server)
            assert (response.body, len(response.headers)) == (b"ok", 2)
        assert server.connections == 2


async def test_http_1_0_ends_with_every_response() -> None:
    pool = ConnectionPool()
    async with serve(saying(OK.replace(b"1.1", b"1.0"))) as server:
        assert [(await post(pool, server)).body for _ in range(2)] == [b"ok", b"ok"]
        assert server.connections == 2


async def test_redirects_are_not_followed() -> None:
    async with serve(saying(b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n")) as server:
        assert (await post(ConnectionPool(), server)).status == 302
        assert server.connections == 1


async def dying_once_kept(talker: Talker) -> None:
    await talker.hear()
    await talker.say(OK)
    await talker.hear()


async def test_what_may_be_repeated_is_sent_again_once_on_a_fresh_connection() -> None:
    pool = ConnectionPool()
    async with serve(dying_once_kept) as server:
        await asyncio.gather(*(post(pool, server) for _ in range(3)))
        request = HttpRequest({}, b"hello", time.monotonic() + 5, repeatable=True)
        response = await pool.post(Endpoint.of(server.url), request)
        assert (response.body, server.connections) == (b"ok", 4)
        pool.close()
