"""The relay of an outbox: tells each message to the handler of its topic, then deletes it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from subgraphs.kernel.database import Connection, Database
from subgraphs.kernel.outbox import Message

Handler = Callable[[Connection, Message], Awaitable[None]]
"""Tells one message, in the system transaction that deletes it. Raises to be called again; must bear repetition."""

BATCH = 50
IDLE_SECONDS = 0.2
MAX_BACKOFF_SECONDS = 30

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Relay:
    """Tells what stands in one subgraph's outbox. Any number may run: each partition has one at a time."""

    database: Database
    subgraph: str
    handlers: Mapping[str, Handler]

    async def relay_once(self) -> int:
        """Tell what is due now; the number of messages told."""
        async with self.database.as_system() as connection:
            rows = await connection.fetch(f"SELECT DISTINCT partition FROM {self.subgraph}.outbox")
        return sum([await self._relay_partition(row["partition"]) for row in rows])

    async def _relay_partition(self, partition: int) -> int:
        async with self.database.as_system() as connection:
            lock = f"{self.subgraph}.outbox.{partition}"
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", lock):
                return 0
            rows = await connection.fetch(
                "SELECT id, tenant_id, topic, key, payload, attempts, not_before <= now() AS due"
                f" FROM {self.subgraph}.outbox WHERE partition = $1 ORDER BY id LIMIT {BATCH}",
                partition,
            )
            for told, row in enumerate(rows):
                message = Message(
                    row["id"], row["tenant_id"], row["topic"], row["key"], row["payload"], row["attempts"]
                )
                if not row["due"] or not await self._tell(connection, message):
                    return told  # what comes later must wait for it
        return len(rows)

    async def _tell(self, connection: Connection, message: Message) -> bool:
        """Tell one message and delete it; if that fails, put it off."""
        try:
            async with connection.transaction():
                await self.handlers[message.topic](connection, message)
                await connection.execute(f"DELETE FROM {self.subgraph}.outbox WHERE id = $1", message.id)
        except Exception:  # a handler may fail in any way; the message stays
            logger.exception("message not told", extra={"topic": message.topic, "attempts": message.attempts})
            await connection.execute(
                f"UPDATE {self.subgraph}.outbox SET attempts = attempts + 1,"
                " not_before = now() + make_interval(secs => $2) WHERE id = $1",
                message.id,
                float(min(0.5 * 2.0 ** min(message.attempts, 10), MAX_BACKOFF_SECONDS)),
            )
            return False
        return True

    async def run(self) -> None:
        """Relay until cancelled; while the store is away, try again."""
        while True:
            try:
                told = await self.relay_once()
            except Exception:  # the relay outlives whatever happens to the store
                logger.exception("outbox not relayed", extra={"subgraph": self.subgraph})
                told = 0
            if not told:
                await asyncio.sleep(IDLE_SECONDS)


@asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[None]:
    """Run the relay beside the body."""
    task = asyncio.create_task(relay.run(), name=f"{relay.subgraph}-relay")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
