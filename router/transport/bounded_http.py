"""The server's side of a connection, with bounds on what a client may send before the router sees a request."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from router.transport.exchange import Exchange

MAX_HEAD_BYTES = 64 * 1024
"""Request line and headers."""
HEAD_SECONDS = 10.0
"""Time from the first byte of a head, or from the connection, to its last."""
LINGER_SECONDS = 0.5
"""What still comes is dropped for so long: a connection closed at once would take the refusal along."""


class BoundedHttp(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn has it; heads that are too long or too slow end the connection, and so does long rest.

    One timer looks after a connection from time to time: setting one for each request costs more than all else here.
    Source: RFC 6585, "431 Request Header Fields Too Large".
    """

    _in_head = True
    _head_bytes = 0
    _rests = False
    """Whether a request was answered and no other has begun."""
    _refused = False
    _late_at = float("inf")
    """When what is waited for is late, in time of the loop; while a request is served, nothing is."""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if not self._in_head or self._refused or self.transport.is_closing():
            return
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._head_bytes and self._rests:
            self._wait(HEAD_SECONDS)

    def on_message_begin(self) -> None:
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._head_bytes > MAX_HEAD_BYTES and _length(self.url, self.headers) > MAX_HEAD_BYTES:
            raise HeadTooLarge
        self._head_bytes = 0
        self._wait(float("inf"))
        self._read_head()
        if not (self.parser.should_upgrade() and self._should_upgrade()):
            self._serve()

    def on_message_complete(self) -> None:
        self._in_head = True
        self._head_bytes = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, if it is there."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._head_bytes:
            self._wait(HEAD_SECONDS)
        else:
            self._wait(self.timeout_keep_alive, rests=True)

    def handle_websocket_upgrade(self) -> None:
        self._end_timer()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser refuses, and a head that was too long all the same."""
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def _read_head(self) -> None:
        url = httptools.parse_url(self.url)
        self.scope["http_version"] = self.parser.get_http_version()
        self.scope["method"] = self.parser.get_method().decode("ascii")
        self.scope["path"] = unquote(url.path.decode("ascii"))
        self.scope["raw_path"] = url.path
        self.scope["query_string"] = url.query or b""

    def _serve(self) -> None:
        """Serve a request now, or after the one that is being served."""
        last = self.cycle
        self.cycle = Exchange(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=self.scope["http_version"] != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        if last is None or last.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _wait(self, seconds: float, *, rests: bool = False) -> None:
        self._late_at = self.loop.time() + seconds
        self._rests = rests

    def _look(self) -> None:
        """End what is late, or look again: no later than anything can be that begins meanwhile."""
        now = self.loop.time()
        if now < self._late_at:
            soon = now + min(HEAD_SECONDS, self.timeout_keep_alive)
            self._timer = self.loop.call_at(min(self._late_at, soon), self._look)
        elif self._head_bytes:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: HTTPStatus) -> None:
        self._end_timer()
        self._refused = True
        self.transport.write(STATUS_LINE[status] + b"connection: close\r\ncontent-length: 0\r\n\r\n")
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._timer = self.loop.call_later(LINGER_SECONDS, self.transport.close)


class HeadTooLarge(Exception):
    """Ends the parsing of a head that came whole."""


def _length(url: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    return len(url) + sum(len(name) + len(value) for name, value in headers)
