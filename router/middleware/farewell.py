"""The end of connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from router.errors import RequestError
from router.lifecycle import Lifecycle
from router.transport.write import write_response


class Farewell:
    """While the router drains, tells clients that their connection ends, and those that are cut off why.

    Source: RFC 9112, "Tear-down".
    """

    def __init__(self, app: ASGIApp, lifecycle: Lifecycle) -> None:
        self._app = app
        self._lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        def told(message: Message) -> Awaitable[None]:
            nonlocal has_begun
            has_begun = True
            if self._lifecycle.draining and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            return send(message)

        try:
            await self._app(scope, receive, told)
        except asyncio.CancelledError:
            if has_begun or not self._lifecycle.draining:
                raise
            error = RequestError("The router is ending, and this took too long.", "SHUTTING_DOWN", 503)
            await write_response(told, error.to_response())
