"""Compressed bodies, made as large as they are allowed to be."""

from __future__ import annotations

import asyncio
import zlib

from router.fetch.http import HttpError, ResponseTooLarge

ACCEPTED = "gzip, deflate"

_ON_LOOP = 16 * 1024
"""Bytes; what is longer may keep other requests waiting, so a thread inflates it."""

_GZIP, _ZLIB, _BARE = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS


async def inflate(body: bytes, encodings: str, max_bytes: int) -> bytes:
    """Undo what `content-encoding` names, the last first. Raises: HttpError. Source: RFC 9110, "Content-Encoding"."""
    if len(body) <= _ON_LOOP:
        return _undone(body, encodings, max_bytes)
    return await asyncio.to_thread(_undone, body, encodings, max_bytes)


def _undone(body: bytes, encodings: str, max_bytes: int) -> bytes:
    for encoding in reversed(encodings.lower().split(",")):
        match encoding.strip():
            case "gzip" | "x-gzip":
                body = _inflated(body, _GZIP, max_bytes)
            case "deflate":
                is_zlib = body[:1] and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
                body = _inflated(body, _ZLIB if is_zlib else _BARE, max_bytes)
            case "identity" | "":
                pass
            case _:
                raise HttpError("unknown content-encoding")
    return body


def _inflated(body: bytes, window: int, max_bytes: int) -> bytes:
    """Inflate every member there is."""
    members: list[bytes] = []
    size = 0
    try:
        while body:
            inflating = zlib.decompressobj(window)
            members.append(inflating.decompress(body, max_bytes - size + 1))
            size += len(members[-1])
            if size > max_bytes:
                raise ResponseTooLarge
            if not inflating.eof:
                raise HttpError("malformed content-encoding")
            body = inflating.unused_data if window == _GZIP else b""
    except zlib.error as error:
        raise HttpError("malformed content-encoding") from error
    return b"".join(members)
