"""What wakes a worker before its next poll: PostgreSQL tells that a task was queued, or is to be cancelled."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from uuid import UUID

import asyncpg

from subgraphs.tasks.announce import CANCELLING_CHANNEL, QUEUED_CHANNEL
from subgraphs.tasks.dispatch import STORE_AWAY

logger = logging.getLogger(__name__)


class Wakeups:
    """Listens on a connection of its own. While that is away nothing is lost: the poll finds what there is."""

    def __init__(self, url: str, on_queued: Callable[[], None], on_cancelling: Callable[[UUID], None]) -> None:
        self._url = url
        self._on_queued = on_queued
        self._on_cancelling = on_cancelling
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def ensure(self) -> None:
        """Listen, if we do not yet, or no longer."""
        if self._connection is not None and not self._connection.is_closed():
            return
        try:
            self._connection = await asyncpg.connect(self._url, timeout=5)
            await self._connection.add_listener(QUEUED_CHANNEL, lambda *_: self._on_queued())
            await self._connection.add_listener(CANCELLING_CHANNEL, lambda *said: self._on_cancelling(UUID(said[3])))
        except STORE_AWAY:
            logger.warning("not listening", exc_info=True)

    async def close(self) -> None:
        """Stop listening."""
        if self._connection is not None:
            with contextlib.suppress(*STORE_AWAY):
                await self._connection.close(timeout=5)
