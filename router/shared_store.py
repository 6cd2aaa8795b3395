"""A Redis that routers share, and can do without."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from router.settings import Redis as RedisSettings

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = logging.getLogger(__name__)

T = TypeVar("T")


class StoreUnavailable(Exception):
    """The store is slow or gone, or was a moment ago."""


class SharedStore:
    """Commands bounded in time; after one that failed the store is left alone for a while, then tried again."""

    def __init__(self, settings: RedisSettings, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises: ValueError for a URL that names no Redis."""
        from redis.asyncio import Redis  # noqa: PLC0415  # memory that most do without
        from redis.exceptions import RedisError  # noqa: PLC0415  # as above

        self._failures = (RedisError, OSError, TimeoutError)
        self._settings = settings
        self._redis: Redis = Redis.from_url(settings.url.get_secret_value())
        self._clock = clock
        self._closed_until = 0.0

    def key(self, kind: str, *parts: str) -> str:
        """Name what is kept. Parts that may hold anything come last."""
        return ":".join((self._settings.prefix, kind, *parts))

    async def run(self, command: Callable[[Redis], Awaitable[T]]) -> T:
        """Run one command. Raises: StoreUnavailable, at once while the store is left alone."""
        if self._clock() < self._closed_until:
            raise StoreUnavailable
        try:
            async with asyncio.timeout(self._settings.timeout.total_seconds()):
                return await command(self._redis)
        except self._failures as error:
            self._closed_until = self._clock() + self._settings.retry_after.total_seconds()
            log.warning("the shared store cannot be used", extra={"reason": type(error).__name__})
            raise StoreUnavailable from error

    async def close(self) -> None:
        """Drop its connections."""
        await self._redis.aclose()
