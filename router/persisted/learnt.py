"""Automatic persisted queries: texts learnt from clients, by their SHA-256. Source: Apollo, "APQ" protocol."""

from __future__ import annotations

import logging
from sys import getsizeof
from typing import Protocol

from cache.bounded import BoundedCache
from router.settings import Apq
from router.shared_store import SharedStore, StoreUnavailable

log = logging.getLogger(__name__)

_OVERHEAD = 200
"""Bytes that a text takes besides."""


class LearntDocuments(Protocol):
    """Where learnt texts are kept. Losing one costs its client a second request, no more."""

    async def find(self, digest: str) -> str | None: ...

    async def learn(self, digest: str, text: str) -> None: ...


class LearntInProcess:
    """The most recently used texts of this process, bounded in number and in bytes."""

    def __init__(self, settings: Apq) -> None:
        self._texts: BoundedCache[str, str] = BoundedCache(
            settings.max_documents, settings.max_bytes, lambda text: getsizeof(text) + _OVERHEAD
        )

    async def find(self, digest: str) -> str | None:
        return self._texts.get(digest)

    async def learn(self, digest: str, text: str) -> None:
        self._texts[digest] = text


class LearntInFleet:
    """Texts that all routers share, with those of this process before them."""

    def __init__(self, settings: Apq, store: SharedStore) -> None:
        self._near = LearntInProcess(settings)
        self._store = store
        self._lifetime = int(settings.redis_ttl.total_seconds())

    async def find(self, digest: str) -> str | None:
        text = await self._near.find(digest)
        if text is not None:
            return text
        try:
            found = await self._store.run(lambda redis: redis.get(self._store.key("apq", digest)))
        except StoreUnavailable:
            return None
        if found is None:
            return None
        text = found.decode() if isinstance(found, bytes) else found
        await self._near.learn(digest, text)
        return text

    async def learn(self, digest: str, text: str) -> None:
        await self._near.learn(digest, text)
        try:
            key = self._store.key("apq", digest)
            await self._store.run(
                lambda redis: redis.set(key, text.encode("utf-8", "surrogatepass"), ex=self._lifetime)
            )
        except StoreUnavailable:
            log.debug("a learnt document is known to this router only", extra={"hash": digest})
