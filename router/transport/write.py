"""From a Response to ASGI messages."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

import orjson
from starlette.types import Receive, Scope, Send

from router.errors import InternalError, RequestError
from router.json_text import encode_json
from router.request import Json, Response
from router.settings.http import Compression
from router.telemetry.instruments import REFUSALS
from router.telemetry.watch import count
from router.transport.batch import headers_of, status_of
from router.transport.encode import choose_coding, encode
from router.transport.negotiate import JSON

log = logging.getLogger(__name__)

VARIES = (("vary", "accept, accept-encoding"),)


class Writer:
    """Sends responses, compressed where that is wanted and worth it."""

    def __init__(self, settings: Compression) -> None:
        self._min_bytes = settings.min_bytes if settings.enabled else None

    async def __call__(
        self,
        send: Send,
        response: Response | Sequence[Response],
        media_type: str,
        accept_encoding: str,
        headers: Sequence[tuple[str, str]],
    ) -> None:
        """Send one response, or those of a batch as one. Source: GraphQL over HTTP, "Response"."""
        try:
            body = _encode(response)
        except RecursionError:
            log.exception("an answer cannot be written")
            response = InternalError().to_response()
            body = _encode(response)
        responses = (response,) if isinstance(response, Response) else response
        _count_refusals(responses)
        status = status_of(responses, plain=media_type == JSON)
        fields = [*headers_of(responses), *headers, *VARIES]
        if self._min_bytes is not None and len(body) >= self._min_bytes and (coding := choose_coding(accept_encoding)):
            body = await encode(body, coding)
            fields.append(("content-encoding", coding))
        await _send(send, status, body, media_type, fields)


def _encode(response: Response | Sequence[Response]) -> bytes:
    content = response.to_json() if isinstance(response, Response) else [one.to_json() for one in response]
    return encode_json(content)


async def write_response(send: Send, response: Response) -> None:
    """Send one response that is short: what refuses a request before it is read."""
    _count_refusals((response,))
    await _send(send, response.json_status, orjson.dumps(response.to_json()), JSON, response.headers)


async def write_json(send: Send, status: int, content: Json) -> None:
    """Send a short body of JSON that is no GraphQL."""
    await _send(send, status, orjson.dumps(content), JSON, ())


async def not_found(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer a request for a path that nothing stands at."""
    error = RequestError(f"Nothing stands at '{scope['path']}'.", "NOT_FOUND", 404)
    await write_response(send, error.to_response())


def _count_refusals(responses: Sequence[Response]) -> None:
    for response in responses:
        if not response.executed:
            for code in {error.code for error in response.errors}:
                count(REFUSALS, code)


async def _send(send: Send, status: int, body: bytes, media_type: str, headers: Iterable[tuple[str, str]]) -> None:
    fields = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers),
    ]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
