"""A name for every request: in its logs, in its answer, and at the subgraphs."""

from __future__ import annotations

import re
from secrets import token_hex

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from router.telemetry import trace_id

HEADER = b"x-request-id"
_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class RequestId:
    """Takes the trace id of `traceparent`, or makes one, and answers it as `x-request-id`.

    Source: Trace Context, "Traceparent Header".
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = _trace_id(scope)
        token = trace_id.set(id)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, named)
        finally:
            trace_id.reset(token)


def _trace_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        match = _TRACEPARENT.fullmatch(value) if name == b"traceparent" else None
        if match:
            return str(match[1].decode())
    return token_hex(16)
