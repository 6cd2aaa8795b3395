"""Compression of a body, as far as the client accepts it."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from router.transport.qualities import qualities

_ON_LOOP = 64 * 1024
"""Bytes; what is longer would keep other requests waiting, so a thread compresses it."""
_LEVEL = 1  # most of what can be gained, at a fraction of the time


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, _LEVEL, 16 + zlib.MAX_WBITS)


def _deflate(body: bytes) -> bytes:
    return zlib.compress(body, _LEVEL)


_CODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType({"gzip": _gzip, "deflate": _deflate})
"""In the order in which we prefer them."""


@lru_cache(maxsize=128)
def choose_coding(accept_encoding: str) -> str | None:
    """Choose a content coding; None sends the body as it is. Source: RFC 9110, "Accept-Encoding"."""
    accepted = dict(qualities(accept_encoding))
    any_other = accepted.get("*", 0.0)
    wanted = {coding: accepted.get(coding, any_other) for coding in _CODINGS}
    best = max(wanted, key=wanted.__getitem__)
    return best if wanted[best] and wanted[best] >= accepted.get("identity", 0.0) else None


async def encode(body: bytes, coding: str) -> bytes:
    """Compress a whole body."""
    if len(body) <= _ON_LOOP:
        return _CODINGS[coding](body)
    return await asyncio.to_thread(_CODINGS[coding], body)
