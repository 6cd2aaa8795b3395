"""Idempotency keys: a creating mutation runs once per key, and answers a retry as it answered first."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from subgraphs.kernel.database import Connection
from subgraphs.kernel.errors import Forbidden
from subgraphs.kernel.graphql_types import IdempotencyError
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.request_scope import record_touched, touch

Json = Any

KEPT_FOR = "24 hours"


async def once(  # noqa: PLR0913, PLR0917 - the facts of a keyed operation
    connection: Connection,
    token: InternalToken,
    operation: str,
    key: str,
    request: Json,
    run: Callable[[], Awaitable[Json]],
) -> Json | IdempotencyError:
    """Answer `run()`, a JSON value; for a key that was used in the last day, what it answered and touched then.

    `operation` is `subgraph.field`. All is one transaction, that of `connection`: if it is rolled back, the key is free
    again. Of two first uses at once the later waits. Raises: Forbidden if the token names no principal.
    """
    if token.principal is None:
        raise Forbidden("A mutation needs a principal.")
    table = f"{operation.partition('.')[0]}.idempotency"
    identity = (token.tenant, token.principal, operation, key)
    digest = hashlib.sha256(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)).digest()
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", repr(identity))
    await connection.execute(
        f"DELETE FROM {table} WHERE tenant_id = $1 AND principal_id = $2"
        f" AND created_at < now() - interval '{KEPT_FOR}'",
        *identity[:2],
    )
    stored = await connection.fetchrow(
        f"SELECT request_hash, result, touched FROM {table}"
        " WHERE tenant_id = $1 AND principal_id = $2 AND operation = $3 AND key = $4",
        *identity,
    )
    if stored is None:
        with record_touched() as touched:
            result = await run()
        await connection.execute(
            f"INSERT INTO {table} (tenant_id, principal_id, operation, key, request_hash, result, touched)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            *identity,
            digest,
            result,
            sorted(touched),
        )
        return result
    if stored["request_hash"] != digest:
        return IdempotencyError(message=f"The key '{key}' was used for another request.", path=["idempotencyKey"])
    touch(stored["touched"])
    return stored["result"]
