"""A client that leaves takes its request with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

from router.fetch.deadlines import Deadlines, Limit
from router.transport.body import ClientGone

T = TypeVar("T")

PATIENCE = 0.05
"""Seconds; what is answered sooner is not worth watching for."""


async def while_connected(receive: Receive, answering: Awaitable[T], deadlines: Deadlines) -> T:
    """Await an answer, unless the client leaves first: then it is cancelled. Raises: ClientGone.

    `receive` has given the whole body, so that all it may still say is that the client left.
    """
    watch = _Watch(receive, deadlines)
    try:
        with watch:
            return await answering
    except TimeoutError as error:
        if not watch.passed:
            raise
        raise ClientGone from error
    finally:
        watch.stop()


class _Watch(Limit):
    """Begins to watch at its deadline, and passes when the client leaves."""

    def __init__(self, receive: Receive, deadlines: Deadlines) -> None:
        super().__init__(deadlines, time.monotonic() + PATIENCE)
        self._receive = receive
        self._watching: asyncio.Task[None] | None = None

    def expire(self) -> None:
        self.deadline = float("inf")
        self._watching = asyncio.create_task(self._end_when_gone())

    def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    async def _end_when_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        super().expire()
