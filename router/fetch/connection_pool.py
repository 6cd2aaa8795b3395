"""Connections that are kept alive between requests, some to each origin."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Coroutine, Mapping
from typing import Any, TypeVar

from router.fetch.deadlines import Deadlines
from router.fetch.http import (
    ConnectionDied,
    Endpoint,
    HttpError,
    HttpRequest,
    HttpResponse,
    HttpTimeout,
    check_headers,
)
from router.fetch.http1 import Connection
from router.fetch.inflate import ACCEPTED, inflate
from router.settings.traffic import Connections

Result = TypeVar("Result")


class ConnectionPool:
    """An `HttpClient` of HTTP/1.1 without TLS. Belongs to the event loop it is first used in."""

    def __init__(self, settings: Connections = Connections()) -> None:  # noqa: B008 (frozen)
        self._settings = settings
        self._deadlines = Deadlines()
        self._origins: dict[tuple[str, int], _Origin] = {}

    def post(self, endpoint: Endpoint, request: HttpRequest) -> Coroutine[Any, Any, HttpResponse]:
        """Send one request."""
        written = _head(endpoint, request.headers, len(request.body)) + request.body
        key = (endpoint.host, endpoint.port)
        origin = self._origins.get(key)
        if origin is None:
            origin = self._origins[key] = _Origin(*key, self._settings, self._deadlines)
        return origin.send(written, request)

    def close(self) -> None:
        """Drop every idle connection; one that is in use goes when its response has come."""
        for origin in self._origins.values():
            origin.close()
        self._origins.clear()


class _Origin:
    def __init__(self, host: str, port: int, settings: Connections, deadlines: Deadlines) -> None:
        self._address = (host, port)
        self._settings = settings
        self._max_idle = settings.pool_idle_timeout.total_seconds()
        self._deadlines = deadlines
        self._turns = asyncio.Semaphore(settings.max_connections)
        self._idle: deque[Connection] = deque()
        self._is_closed = False

    async def send(self, written: bytes, request: HttpRequest) -> HttpResponse:
        if self._turns.locked():
            await _before(request.deadline, self._turns.acquire())
        else:
            await self._turns.acquire()
        try:
            connection = self._reused()
            if connection is not None:
                try:
                    return await self._exchange(connection, written, request)
                except ConnectionDied:
                    if not request.repeatable:
                        raise
            return await self._exchange(await self._connected(request.deadline), written, request)
        finally:
            self._turns.release()

    def close(self) -> None:
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()

    async def _exchange(self, connection: Connection, written: bytes, request: HttpRequest) -> HttpResponse:
        connection.deadline = request.deadline
        self._deadlines.add(connection)
        try:
            response = await connection.send(written, request.max_body_bytes)
        except asyncio.CancelledError:
            connection.close()  # the response may still come, and nobody may take it for the next one
            raise
        finally:
            self._deadlines.discard(connection)
        if self._is_closed:
            connection.close()
        elif connection.usable:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        encoding = response.header("content-encoding")
        if encoding is not None:
            response.body = await inflate(response.body, encoding, request.max_body_bytes)
        return response

    def _reused(self) -> Connection | None:
        """Take the connection that was used last, and drop those that were idle for too long."""
        stale = time.monotonic() - self._max_idle
        while self._idle and (self._idle[0].idle_since < stale or not self._idle[0].usable):
            self._idle.popleft().close()
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    async def _connected(self, deadline: float) -> Connection:
        """Connect anew: each time the name is looked up, so that what moves is found."""
        patience = time.monotonic() + self._settings.connect_timeout.total_seconds()
        opening = asyncio.get_running_loop().create_connection(Connection, *self._address)
        try:
            _, connection = await _before(min(deadline, patience), opening)
        except HttpTimeout as error:
            raise error if deadline <= patience else HttpError("no connection in time") from error
        except OSError as error:
            raise HttpError("no connection") from error
        return connection


async def _before(deadline: float, awaited: Awaitable[Result]) -> Result:
    try:
        async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
            return await awaited
    except TimeoutError as error:
        raise HttpTimeout from error


def _head(endpoint: Endpoint, headers: Mapping[str, str], length: int) -> bytes:
    check_headers(headers)
    fields = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    return (
        f"POST {endpoint.target} HTTP/1.1\r\nhost: {endpoint.authority}\r\naccept-encoding: {ACCEPTED}\r\n"
        f"content-length: {length}\r\n{fields}\r\n"
    ).encode("latin-1", "replace")
