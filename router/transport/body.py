"""The body of a request: whole, within its limit, inflated if it was compressed."""

from __future__ import annotations

import asyncio
import zlib

from starlette.types import Receive

from router.errors import RequestError
from router.transport.headers import Headers

_EITHER = 32 + zlib.MAX_WBITS  # the header of gzip or of zlib tells which it is
_ENCODINGS = ("gzip", "deflate")
_IDENTITY = "identity"


class ClientGone(Exception):
    """The client left before it was answered; nobody is there to be."""


async def read_body(headers: Headers, receive: Receive, max_bytes: int) -> bytes:
    """Receive the body. Raises: RequestError, ClientGone."""
    encoding = headers.get("content-encoding", _IDENTITY).strip().lower()
    if encoding != _IDENTITY and encoding not in _ENCODINGS:
        offered = ", ".join(_ENCODINGS)
        raise RequestError(
            f"The body may be compressed by one of: {offered}.", "UNSUPPORTED_MEDIA_TYPE", 415, accept_encoding=offered
        )
    if int(headers.get("content-length", 0)) > max_bytes:
        raise _too_long(max_bytes)
    body = await _receive(receive, max_bytes)
    if encoding == _IDENTITY:
        return body
    return await asyncio.to_thread(inflate, body, max_bytes)  # a few kilobytes may become all that is allowed


async def _receive(receive: Receive, max_bytes: int) -> bytes:
    chunks: list[bytes] = []
    received = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        received += len(chunk)
        if received > max_bytes:
            raise _too_long(max_bytes)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def inflate(body: bytes, max_bytes: int) -> bytes:
    """Undo gzip or deflate, no further than the limit. Raises: RequestError. Source: RFC 9110, "Content Codings"."""
    inflater = zlib.decompressobj(_EITHER)
    try:
        inflated = inflater.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise RequestError("The body is not what 'content-encoding' says.") from error
    if len(inflated) > max_bytes:
        raise _too_long(max_bytes)
    if not inflater.eof or inflater.unused_data:
        raise RequestError("The compressed body is not whole, or something comes after it.")
    return inflated


def _too_long(max_bytes: int) -> RequestError:
    return RequestError(f"The body is longer than {max_bytes} bytes.", "PAYLOAD_TOO_LARGE", 413)
