"""A client that leaves takes its request with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

from router.transport.body import ClientGone

T = TypeVar("T")

PATIENCE = 0.05
"""Seconds; what is answered sooner is not worth watching for."""


async def while_connected(receive: Receive, answering: Awaitable[T]) -> T:
    """Await an answer, unless the client leaves first: then it is cancelled. Raises: ClientGone.

    `receive` has given the whole body, so that all it may still say is that the client left.
    """
    watch = _Watch(receive)
    timer = asyncio.get_running_loop().call_later(PATIENCE, watch.start)
    try:
        async with watch.patience:
            return await answering
    except TimeoutError as error:
        if not watch.patience.expired():
            raise
        raise ClientGone from error
    finally:
        timer.cancel()
        watch.stop()


class _Watch:
    def __init__(self, receive: Receive) -> None:
        self.patience = asyncio.timeout(None)
        self._receive = receive
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._end_when_gone())

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _end_when_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.patience.reschedule(asyncio.get_running_loop().time())
