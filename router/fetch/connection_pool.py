"""Connections that are kept alive between requests, some to each origin."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Awaitable, Mapping
from ssl import SSLContext, create_default_context
from typing import TypeVar

from router.fetch.http1 import Connection, Endpoint, HttpError, HttpResponse, HttpTimeout

MAX_IDLE = 4.0
"""Seconds; below the five after which uvicorn closes, so that a request seldom meets a closing connection."""

MAX_BODY_BYTES = 64_000_000

Result = TypeVar("Result")

ILLEGAL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class ConnectionPool:
    """Posts to any number of endpoints. Belongs to the event loop it is first used in."""

    def __init__(self, max_connections: int = 256, tls: SSLContext | None = None) -> None:
        """`max_connections` is per origin: requests beyond it wait for their turn. `tls` says whom https trusts."""
        self._max_connections = max_connections
        self._tls = tls
        self._origins: dict[tuple[str, int, bool], _Origin] = {}

    async def post(
        self,
        endpoint: Endpoint,
        headers: Mapping[str, str],
        body: bytes,
        deadline: float,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> HttpResponse:
        """Send one request. Units: deadline in seconds of `time.monotonic`. Raises: `HttpError`."""
        request = _head(endpoint, headers, len(body)) + body
        key = (endpoint.host, endpoint.port, endpoint.tls)
        origin = self._origins.get(key)
        if origin is None:
            if endpoint.tls and self._tls is None:
                self._tls = create_default_context()
            origin = _Origin(endpoint, self._max_connections, self._tls)
            self._origins[key] = origin
        return await origin.send(request, deadline, max_body_bytes)

    def close(self) -> None:
        """Drop every idle connection; one that is in use goes when its response has come."""
        for origin in self._origins.values():
            origin.close()
        self._origins.clear()


class _Origin:
    def __init__(self, endpoint: Endpoint, max_connections: int, tls: SSLContext | None) -> None:
        self._endpoint = endpoint
        self._turns = asyncio.Semaphore(max_connections)
        self._idle: deque[Connection] = deque()
        self._tls = tls if endpoint.tls else None
        self._is_closed = False

    async def send(self, request: bytes, deadline: float, max_body_bytes: int) -> HttpResponse:
        if self._turns.locked():
            await _before(deadline, self._turns.acquire())
        else:
            await self._turns.acquire()
        try:
            connection = self._reused() or await self._connected(deadline)
            response = await connection.send(request, deadline, max_body_bytes)
            self._keep(connection)
            return response
        finally:
            self._turns.release()

    def close(self) -> None:
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()

    def _keep(self, connection: Connection) -> None:
        if self._is_closed:
            connection.close()
        elif connection.usable:
            self._idle.append(connection)

    def _reused(self) -> Connection | None:
        """Take the connection that was used last, and drop those that were idle for too long."""
        stale = time.monotonic() - MAX_IDLE
        while self._idle and (self._idle[0].idle_since < stale or not self._idle[0].usable):
            self._idle.popleft().close()
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    async def _connected(self, deadline: float) -> Connection:
        opening = asyncio.get_running_loop().create_connection(
            Connection, self._endpoint.host, self._endpoint.port, ssl=self._tls
        )
        try:
            _, connection = await _before(deadline, opening)
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
    lines = [f"POST {endpoint.target} HTTP/1.1", f"host: {endpoint.authority}", f"content-length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if any(map(ILLEGAL.search, lines)):
        raise HttpError("illegal header")
    return "\r\n".join([*lines, "\r\n"]).encode("latin-1", "replace")
