"""From a Response to ASGI messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence

import orjson
from starlette.types import Receive, Scope, Send

from router.errors import InternalError, RequestError
from router.json_text import encode_json
from router.request import Json, Response, Shared
from router.settings.http import Compression
from router.telemetry.instruments import REFUSALS
from router.telemetry.watch import count
from router.transport.batch import headers_of, status_of
from router.transport.encode import choose_coding, encode
from router.transport.negotiate import JSON, RESPONSE_JSON

log = logging.getLogger(__name__)

_VARIES = (b"vary", b"accept, accept-encoding")
_CONTENT_TYPES = {one: (b"content-type", f"{one}; charset=utf-8".encode()) for one in (JSON, RESPONSE_JSON)}


class Writer:
    """Sends responses, compressed where that is wanted and worth it."""

    def __init__(self, settings: Compression) -> None:
        self._min_bytes = settings.min_bytes if settings.enabled else None

    async def __call__(
        self,
        send: Send,
        response: Response | list[Response],
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
        fields = [*_encoded(headers_of(responses)), *_encoded(headers), _VARIES]
        if self._min_bytes is not None and len(body) >= self._min_bytes and (coding := choose_coding(accept_encoding)):
            body = await _compress(body, coding, _shared(response))
            fields.append((b"content-encoding", coding.encode()))
        await _send(send, status, body, media_type, fields)


def _encode(response: Response | list[Response]) -> bytes:
    if not isinstance(response, Response):
        return encode_json([one.to_json() for one in response])
    shared = _shared(response)
    if shared is None:
        return encode_json(response.to_json())
    if shared.body is None:
        shared.body = encode_json(response.to_json())
    return shared.body


async def _compress(body: bytes, coding: str, shared: Shared | None) -> bytes:
    """Compress a body; that of several requests once, even if the client leaves whose request came first."""
    if shared is None:
        return await encode(body, coding)
    coded = shared.coded.get(coding)
    if coded is None:
        coded = shared.coded[coding] = asyncio.create_task(encode(body, coding))
    return coded.result() if coded.done() else await asyncio.shield(coded)


def _shared(response: Response | list[Response]) -> Shared | None:
    """Find where the body of a response is kept, if it is all that of others."""
    if isinstance(response, Response) and response.shared is not None and response.shared.is_all_of(response):
        return response.shared
    return None


async def write_response(send: Send, response: Response) -> None:
    """Send one response that is short: what refuses a request before it is read."""
    _count_refusals((response,))
    await _send(send, response.json_status, orjson.dumps(response.to_json()), JSON, _encoded(response.headers))


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


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _send(send: Send, status: int, body: bytes, media_type: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
    fields = [_CONTENT_TYPES[media_type], (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
