"""Events: what happened to an entity, told to whoever caches or follows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import orjson
from uuid6 import uuid7

from subgraphs.kernel.database import Connection
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.outbox import Message, write
from subgraphs.kernel.request_scope import touch

ENTITY_CHANGED = "entity.changed.v1"
TAGS_PER_EVENT = 50  # a notification of PostgreSQL holds less than 8000 bytes


async def entity_changed(
    connection: Connection, subgraph: str, token: InternalToken, key: str, tags: Iterable[str]
) -> None:
    """Say, in the transaction of `connection`, that the entity `key` (a global id) changed, and its tags with it.

    The tags go to the outbox, many of them as several events, and into `extensions.fedra.touched` of the answer.
    """
    stale = sorted(set(tags))
    touch(stale)
    for start in range(0, len(stale), TAGS_PER_EVENT):
        event = {
            "id": str(uuid7()),
            "type": "entity.changed",
            "tenant": token.tenant,
            "key": key,
            "at": datetime.now(UTC).isoformat(),
            "tags": stale[start : start + TAGS_PER_EVENT],
            "data": {},
        }
        await write(connection, subgraph, token, ENTITY_CHANGED, key, event)


async def notify(connection: Connection, message: Message) -> None:
    """Publish an event on PostgreSQL's own channel of the topic: the embedded home of event streams."""
    await connection.execute("SELECT pg_notify($1, $2)", message.topic, orjson.dumps(message.payload).decode())
