"""Idempotency keys: a creating mutation runs once per key, and answers a retry as it answered first."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from subgraphs.kernel.database import Connection
from subgraphs.kernel.errors import Forbidden
from subgraphs.kernel.graphql_types import IdempotencyError
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import Refusal
from subgraphs.kernel.request_scope import record_touched, touch

Json = Any
Use = tuple[str, UUID, str, str]
"""Tenant, principal, operation and key."""

KEPT_FOR = "24 hours"


async def once(  # noqa: PLR0913, PLR0917 - the facts of a keyed operation
    connection: Connection,
    token: InternalToken,
    operation: str,
    key: str,
    request: Json,
    run: Callable[[], Awaitable[Json]],
) -> Json:
    """Answer `run()`, a JSON value; for a key that was used in the last day, what it answered and touched then.

    `operation` is `subgraph.field`. All is one transaction, that of `connection`: if it is rolled back, the key is free
    again. Raises: Refusal if the key was used for another request, Forbidden if the token names no principal.
    """
    if token.principal is None:
        raise Forbidden("A mutation needs a principal.")
    table = f"{operation.partition('.')[0]}.idempotency"
    use = (token.tenant, token.principal, operation, key)
    digest = hashlib.sha256(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)).digest()
    stored = await _find(connection, table, use)
    if stored is None:
        return await _run_first(connection, table, use, digest, run)
    if stored["request_hash"] != digest:
        message = f"The key '{key}' was used for another request."
        raise Refusal(IdempotencyError(message=message, path=["idempotencyKey"]))
    touch(stored["touched"])
    return stored["result"]


async def _find(connection: Connection, table: str, use: Use) -> asyncpg.Record | None:
    """Find what the use of a key came to. Of two first uses at once the later waits here for the other's end."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", repr(use))
    await connection.execute(
        f"DELETE FROM {table} WHERE tenant_id = $1 AND principal_id = $2"
        f" AND created_at < now() - interval '{KEPT_FOR}'",
        *use[:2],
    )
    return await connection.fetchrow(
        f"SELECT request_hash, result, touched FROM {table}"
        " WHERE tenant_id = $1 AND principal_id = $2 AND operation = $3 AND key = $4",
        *use,
    )


async def _run_first(
    connection: Connection, table: str, use: Use, digest: bytes, run: Callable[[], Awaitable[Json]]
) -> Json:
    with record_touched() as touched:
        result = await run()
    await connection.execute(
        f"INSERT INTO {table} (tenant_id, principal_id, operation, key, request_hash, result, touched)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *use,
        digest,
        result,
        sorted(touched),
    )
    return result
