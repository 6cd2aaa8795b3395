"""A bound on the length of request bodies."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from router.errors import RequestError
from router.transport.write import write_response


class BodyLimit:
    """Refuses a longer body: at once where its length is announced, else as soon as too much has come."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if int(announced) > self._max_bytes:
            await write_response(send, self._refusal().to_response())
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise self._refusal()
            return message

        await self._app(scope, counted, send)

    def _refusal(self) -> RequestError:
        message = f"The body is longer than {self._max_bytes} bytes."
        return RequestError(message, "PAYLOAD_TOO_LARGE", 413)
