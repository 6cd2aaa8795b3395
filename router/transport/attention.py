"""A client that is too slow is not waited for; one that leaves takes its request along."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType

from starlette.types import Receive

from router.errors import RequestError
from router.fetch.deadlines import Deadlines, Limit
from router.transport.body import ClientGone

PATIENCE = 0.05
"""Seconds; what is answered sooner is not worth watching for."""


class Attention(Limit):
    """Within it a body is received, until the deadline, and then answered, unless the client leaves.

    Raises: RequestError, ClientGone.
    """

    def __init__(self, receive: Receive, deadlines: Deadlines, deadline: float) -> None:
        super().__init__(deadlines, deadline)
        self._receive = receive
        self._has_body = False
        self._watching: asyncio.Task[None] | None = None

    def turn_to_answer(self) -> None:
        """Wait for no body any more: `receive` has given all of it, and may only say that the client left."""
        self._has_body = True
        self.deadline = time.monotonic() + PATIENCE

    def expire(self) -> None:
        if self._has_body:
            self.deadline = float("inf")
            self._watching = asyncio.create_task(self._end_when_gone())
        else:
            super().expire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None  # it knows of this one: each request would be garbage for the collector to find
        try:
            super().__exit__(kind, error, place)
        except TimeoutError:
            raise (ClientGone() if self._has_body else _late()) from error

    async def _end_when_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        super().expire()


def _late() -> RequestError:
    return RequestError("The body did not come in time.", "REQUEST_TIMEOUT", 408, connection="close")
