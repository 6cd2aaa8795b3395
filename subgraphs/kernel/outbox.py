"""The outbox: what has to be told to others, written in the transaction that made it true, told by a relay.

One relay per partition at a time, in id order, so that what concerns one key is told in the order it happened.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from subgraphs.kernel.database import Connection
from subgraphs.kernel.identity import InternalToken

Json = Any

PARTITIONS = 16


@dataclass(frozen=True, slots=True)
class Message:
    """One row of an outbox. `attempts`: how often it could not be told."""

    id: int
    tenant: str
    topic: str
    key: str
    payload: Json
    attempts: int = 0


def partition_of(key: str) -> int:
    """Say which of `PARTITIONS` a key belongs to, the same in every process."""
    return hashlib.sha256(key.encode()).digest()[0] % PARTITIONS


async def write(  # noqa: PLR0913, PLR0917 - the facts of a message
    connection: Connection, subgraph: str, token: InternalToken, topic: str, key: str, payload: Json
) -> None:
    """Add a message to the subgraph's outbox, in the transaction of `connection`."""
    await connection.execute(
        f"INSERT INTO {subgraph}.outbox (partition, tenant_id, topic, key, payload) VALUES ($1, $2, $3, $4, $5)",
        partition_of(key),
        token.tenant,
        topic,
        key,
        payload,
    )
