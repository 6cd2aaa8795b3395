"""The client side of one HTTP/1.1 connection: a request, its response, a deadline, a limit of size. Nothing else."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

MAX_HEAD_BYTES = 64 * 1024
_FRAMING = 8
"""Bytes beside each byte of a body that is sent in the smallest chunks there are, and some more."""


class HttpError(Exception):
    """No response: the connection could not be made or broke, or what came is no HTTP/1.1."""


class ConnectionDied(HttpError):
    """The server closed a connection it had kept alive before a byte of the response came: safe to ask again."""


class HttpTimeout(HttpError):
    """The deadline passed before the response was whole."""


class ResponseTooLarge(HttpError):
    """The body, or the headers together, are larger than the limit."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, read once from a URL."""

    host: str
    port: int
    target: str
    authority: str
    tls: bool

    @classmethod
    def of(cls, url: str) -> Endpoint:
        """Raises: `ValueError` for anything but an http or https URL."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"'{url}' is no http or https URL.")
        tls = parts.scheme == "https"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        authority = parts.netloc.rpartition("@")[2]
        return cls(parts.hostname, parts.port or (443 if tls else 80), target, authority, tls)


@dataclass(slots=True)
class HttpResponse:
    """A response, whole. Header names are lower case; a header of several lines is several pairs."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Find a header that is there once."""
        return next((value for found, value in self.headers if found == name), None)


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self.idle_since = time.monotonic()
        self._max_body_bytes = 0
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[HttpResponse] | None = None
        self._response = HttpResponse()
        self._chunks: list[bytes] = []
        self._size = 0
        self._head_size = 0
        self._received = 0
        self._used = False
        self._started = False
        self._parser = HttpResponseParser(self)

    @property
    def usable(self) -> bool:
        """Whether another request may be sent."""
        return self._transport is not None and not self._transport.is_closing()

    async def send(self, request: bytes, deadline: float, max_body_bytes: int) -> HttpResponse:
        """Send one request and wait for its response. Units: deadline in seconds of `time.monotonic`."""
        if self._transport is None:
            raise ConnectionDied if self._used else HttpError("the connection broke")
        loop = asyncio.get_running_loop()
        self._answered = loop.create_future()
        self._response, self._chunks, self._started = HttpResponse(), [], False
        self._size = self._head_size = self._received = 0
        self._max_body_bytes = max_body_bytes
        timer = loop.call_later(max(0.0, deadline - time.monotonic()), self._fail, HttpTimeout())
        self._transport.write(request)
        try:
            return await self._answered
        except asyncio.CancelledError:
            self.close()  # the response may still come, and nobody may take it for the next one
            raise
        finally:
            timer.cancel()
            self._used = True
            self._answered = None

    def close(self) -> None:
        """Drop the connection and whatever is on its way."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def _fail(self, error: HttpError) -> None:
        self.close()
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._answered is None:  # nobody asked
            self.close()
            return
        self._started = True
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserError:
            self._fail(HttpError("malformed HTTP"))
        if self._received - self._size > MAX_HEAD_BYTES + _FRAMING * self._size:
            self._fail(ResponseTooLarge())  # one header, or anything else that is no body, without end

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._answered is None or self._answered.done():
            return
        if self._started and exc is None and self._ends_with_connection():
            self._complete()
        elif self._used and not self._started:
            self._fail(ConnectionDied())
        else:
            self._fail(HttpError("the connection broke"))

    # httptools

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_size += len(name) + len(value)
        if self._head_size > MAX_HEAD_BYTES:
            self._fail(ResponseTooLarge())
            return
        self._response.headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        self._response.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > self._max_body_bytes:
            self._fail(ResponseTooLarge())
        else:
            self._chunks.append(body)

    def on_message_complete(self) -> None:
        if self._response.status < HTTPStatus.OK:  # 100 Continue, 103 Early Hints: the real one follows
            self._response = HttpResponse()
        else:
            self._complete()

    def _ends_with_connection(self) -> bool:
        names = {name for name, _ in self._response.headers}
        return self._response.status != 0 and not names & {"content-length", "transfer-encoding"}

    def _complete(self) -> None:
        self._response.body = b"".join(self._chunks)
        self.idle_since = time.monotonic()
        if not self._parser.should_keep_alive():
            self.close()
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(self._response)
