"""What every client of HTTP does, with TLS or without, against servers that misbehave."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from gzip import compress
from pathlib import Path

import pytest

from router.fetch.connection_pool import ConnectionPool
from router.fetch.http import Endpoint, HttpClient, HttpError, HttpRequest, HttpResponse, HttpTimeout, ResponseTooLarge
from router.fetch.tls import InvalidCertificates, TlsClient
from router.settings.tls import ClientAuthentication, ClientTls
from router.settings.traffic import Connections
from tests.router.fetch.certificates import Authority
from tests.router.fetch.raw_server import RawServer, Talk, Talker, serve

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BOMB = compress(bytes(10**7))
BOMB = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%b" % (len(BOMB), BOMB)
AUTHORITY = Authority()


@dataclass(frozen=True, slots=True)
class Way:
    client: HttpClient
    serve: Callable[[Talk], AbstractAsyncContextManager[RawServer]]

    async def post(self, server: RawServer, seconds: float = 5, most: int = 1000, **headers: str) -> HttpResponse:
        request = HttpRequest({"x-a": "1", **headers}, b"hello", time.monotonic() + seconds, most)
        return await self.client.post(Endpoint.of(server.url), request)


@pytest.fixture(params=["plain", "tls"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    if request.param == "plain":
        return Way(ConnectionPool(), serve)
    client = TlsClient(tls=ClientTls(certificate_authorities=AUTHORITY.pem))
    return Way(client, lambda talk: serve(talk, AUTHORITY.server(tmp_path)))


def saying(*parts: bytes, ends: bool = False) -> Talk:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        await talker.say(*parts)
        if not ends:
            await talker.hear()

    return talk


@pytest.mark.parametrize(
    "parts",
    [
        (OK[:20], OK[20:40], OK[40:]),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n", b"1\r\nk\r\n0\r\n\r\n"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", OK),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 22\r\n\r\n", compress(b"ok")),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"ok"),
        (b"HTTP/1.0 200 OK\r\n\r\n", b"ok"),
    ],
    ids=["in pieces", "chunked", "informational", "gzip", "until the end", "HTTP/1.0"],
)
async def test_a_response_is_read_however_it_is_framed(way: Way, parts: tuple[bytes, ...]) -> None:
    async with way.serve(saying(*parts, ends=parts[-1] == b"ok")) as server:
        response = await way.post(server)
    assert (response.status, response.body) == (200, b"ok")


async def test_connections_are_kept(way: Way) -> None:
    async def talk(talker: Talker) -> None:
        while True:
            assert (await talker.hear()).endswith(b"\r\n\r\nhello")
            await talker.say(OK)

    async with way.serve(talk) as server:
        assert [(await way.post(server)).body for _ in range(3)] == [b"ok"] * 3
        assert server.connections == 1


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (saying(ends=True), HttpError),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", ends=True), HttpError),
        (saying(b"no http\r\n\r\n"), HttpError),
        (saying(), HttpTimeout),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"), HttpTimeout),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n", b"x" * 2000), ResponseTooLarge),
        (saying(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 2000, ends=True), ResponseTooLarge),
        (saying(BOMB), ResponseTooLarge),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok"), HttpError),
    ],
    ids=[
        "nothing",
        "half",
        "no http",
        "silence",
        "half, then silence",
        "long",
        "long, without length",
        "bomb",
        "no gzip",
    ],
)
async def test_how_it_fails(way: Way, talk: Talk, expected: type[HttpError]) -> None:
    async with way.serve(talk) as server:
        with pytest.raises(HttpError) as raised:
            await way.post(server, seconds=1)
    assert type(raised.value) is expected


async def test_a_cancelled_request_never_answers_the_next(way: Way) -> None:
    async def talk(talker: Talker) -> None:
        await talker.hear()
        if talker.number == 1:
            await asyncio.sleep(0.1)
        await talker.say(OK if talker.number > 1 else OK.replace(b"ok", b"no"))
        await talker.hear()

    async with way.serve(talk) as server:
        cancelled = asyncio.create_task(way.post(server))
        await asyncio.sleep(0.05)
        cancelled.cancel()
        assert (await way.post(server)).body == b"ok"


async def test_redirects_are_not_followed(way: Way) -> None:
    async with way.serve(saying(b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n")) as server:
        assert (await way.post(server)).status == 302


async def test_headers_cannot_smuggle_others(way: Way) -> None:
    async with way.serve(saying(OK)) as server:
        with pytest.raises(HttpError, match="illegal"):
            await way.post(server, a="1\r\nb: 2")


@pytest.mark.parametrize(
    ("address", "days", "authorities"),
    [
        ("127.0.0.1", 1, None),
        ("127.0.0.1", 1, Authority().pem),
        ("127.0.0.2", 1, AUTHORITY.pem),
        ("127.0.0.1", -1, AUTHORITY.pem),
    ],
    ids=["nobody vouches", "somebody else vouches", "another's certificate", "expired"],
)
async def test_nobody_is_trusted_without_a_reason(
    tmp_path: Path, address: str, days: int, authorities: str | None
) -> None:
    tls = AUTHORITY.server(tmp_path, AUTHORITY.certify(address, days))
    async with serve(saying(OK), tls) as server:
        with pytest.raises(HttpError, match="no connection"):
            await Way(TlsClient(tls=ClientTls(certificate_authorities=authorities)), serve).post(server)


async def test_a_server_may_ask_who_the_router_is(tmp_path: Path) -> None:
    own = AUTHORITY.certify()
    shown = ClientAuthentication.model_validate({"certificate_chain": own.certificate, "key": own.key})
    async with serve(saying(OK), AUTHORITY.server(tmp_path, asks=True)) as server:
        known = TlsClient(tls=ClientTls(certificate_authorities=AUTHORITY.pem, client_authentication=shown))
        assert (await Way(known, serve).post(server)).body == b"ok"
        with pytest.raises(HttpError):
            await Way(TlsClient(tls=ClientTls(certificate_authorities=AUTHORITY.pem)), serve).post(server)


@pytest.mark.parametrize("http2", [True, False])
async def test_http2_is_offered_unless_the_settings_say_no(tmp_path: Path, http2: bool) -> None:
    tls = AUTHORITY.server(tmp_path)
    tls.set_alpn_protocols(["h2", "http/1.1"])
    chosen: list[str | None] = []

    async def talk(talker: Talker) -> None:
        chosen.append(talker.writer.get_extra_info("ssl_object").selected_alpn_protocol())

    client = TlsClient(Connections(http2=http2), ClientTls(certificate_authorities=AUTHORITY.pem))
    async with serve(talk, tls) as server:
        with pytest.raises(HttpError):
            await Way(client, serve).post(server)
    assert (chosen[0] == "h2") is http2


@pytest.mark.parametrize(
    "tls", [{"certificate_authorities": "x"}, {"client_authentication": {"certificate_chain": "x", "key": "y"}}]
)
def test_what_is_no_certificate_is_refused(tls: dict[str, str]) -> None:
    with pytest.raises(InvalidCertificates, match=r"tls\.subgraph"):
        TlsClient(tls=ClientTls.model_validate(tls))
