"""From a Response to ASGI messages."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from starlette.types import Receive, Scope, Send

from router.errors import RequestError
from router.request import Json, Response
from router.transport.negotiate import JSON


async def write_response(send: Send, response: Response, media_type: str = JSON) -> None:
    """Send one GraphQL response. Source: GraphQL over HTTP, "Response"."""
    status = response.json_status if media_type == JSON else response.status
    await write_json(send, status, response.to_json(), media_type, response.headers)


async def write_json(
    send: Send, status: int, content: Json, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> None:
    """Send a whole body of JSON."""
    body = orjson.dumps(content)
    start = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def not_found(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer a request for a path that nothing stands at."""
    error = RequestError(f"Nothing stands at '{scope['path']}'.", "NOT_FOUND", 404)
    await write_response(send, error.to_response())
