"""The client side of one HTTP/1.1 connection: a request, its response, limits of size. Nothing else."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus
from typing import cast

from httptools import HttpParserError, HttpResponseParser

from router.fetch.http import ConnectionDied, HttpError, HttpResponse, HttpTimeout, ResponseTooLarge

MAX_HEAD_BYTES = 64 * 1024
MAX_FRAMING = 8
"""Bytes around each byte of a body: chunks of one byte each have five."""


class Connection(asyncio.Protocol):
    """One connection, one request at a time. Whoever sends looks after the deadline."""

    def __init__(self) -> None:
        self.idle_since = time.monotonic()
        self.deadline = float("inf")
        self._max_body_bytes = 0
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[HttpResponse] | None = None
        self._response: HttpResponse | None = None  # none: nobody asked, or all that was asked for is there
        self._chunks: list[bytes] = []
        self._received = self._head_size = self._size = 0
        self._is_head_read = False
        self._used = False
        self._loop = asyncio.get_running_loop()
        self._parser = HttpResponseParser(self)

    @property
    def usable(self) -> bool:
        """Whether another request may be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: bytes, max_body_bytes: int) -> asyncio.Future[HttpResponse]:
        """Send one request; gives the response to come, its body as it was sent, or an HttpError. Raises: HttpError.

        Who gives up waiting has to close the connection.
        """
        if self._transport is None:
            raise ConnectionDied if self._used else HttpError("the connection broke")
        self._answered = self._loop.create_future()
        self._response, self._chunks, self._is_head_read = HttpResponse(), [], False
        self._received = self._head_size = self._size = 0
        self._max_body_bytes = max_body_bytes
        self._transport.write(request)
        return self._answered

    def close(self) -> None:
        """Drop the connection and whatever is on its way."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def expire(self) -> None:
        """End what is under way: its deadline has passed."""
        self._fail(HttpTimeout())

    def _fail(self, error: HttpError) -> None:
        self.close()
        self._response = None
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._response is None:  # nobody asked
            self.close()
            return
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserError:
            self._fail(HttpError("malformed HTTP"))
        if self._received - self._size > MAX_HEAD_BYTES + MAX_FRAMING * self._size:
            self._fail(ResponseTooLarge())  # one header, or anything else that is no body, without end

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._response is None:
            return
        if exc is None and self._ends_with_connection(self._response):
            self._complete(self._response)
        elif self._used and not self._received:
            self._fail(ConnectionDied())
        else:
            self._fail(HttpError("the connection broke"))

    # httptools

    def on_message_begin(self) -> None:
        if self._response is None:  # more than one answer to one request
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._response is None:
            return
        self._head_size += len(name) + len(value)
        if self._head_size > MAX_HEAD_BYTES:
            self._fail(ResponseTooLarge())
        elif not self._is_head_read:  # what follows the body is of no use to anybody
            self._response.headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        if self._response is not None:
            self._response.status = self._parser.get_status_code()
            self._is_head_read = True

    def on_body(self, body: bytes) -> None:
        if self._response is None:
            return
        self._size += len(body)
        if self._size > self._max_body_bytes:
            self._fail(ResponseTooLarge())
        else:
            self._chunks.append(body)

    def on_message_complete(self) -> None:
        if self._response is None:
            return
        if self._response.status < HTTPStatus.OK:  # 100 Continue, 103 Early Hints: the real one follows
            self._response, self._is_head_read = HttpResponse(), False
        else:
            self._complete(self._response)

    def _ends_with_connection(self, response: HttpResponse) -> bool:
        names = {name for name, _ in response.headers}
        return self._is_head_read and not names & {"content-length", "transfer-encoding"}

    def _complete(self, response: HttpResponse) -> None:
        self._response = None
        self._used = True
        if not self._parser.should_keep_alive():
            self.close()
        response.body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(response)
        self._answered, self._chunks = None, []  # an idle connection keeps no body
