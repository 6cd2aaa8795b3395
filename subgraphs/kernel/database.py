"""PostgreSQL as a subgraph sees it: request work as fedra_app inside one tenant, system work as fedra_system."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

import asyncpg
import orjson

from subgraphs.kernel.errors import Unauthenticated
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.request_scope import count_statement
from subgraphs.kernel.settings import Settings

if TYPE_CHECKING:  # generic for the type checker, not at run time
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.pool.PoolConnectionProxy
    Pool = asyncpg.Pool

SET_IDENTITY = (
    "SELECT set_config('fedra.tenant', $1, true), set_config('fedra.principal', $2, true), "
    "set_config('fedra.projects', $3, true)"
)


def visible(alias: str) -> str:
    """Say in SQL which rows of `alias` the caller may see: *the* predicate, part of every statement of request work.

    The row holds `tenant_id text, project_id uuid, owner_id uuid, visibility text` (TENANT or PRIVATE).
    """
    return (
        f"({alias}.tenant_id = current_setting('fedra.tenant', true) AND ({alias}.visibility = 'TENANT'"
        f" OR {alias}.owner_id = nullif(current_setting('fedra.principal', true), '')::uuid"
        f" OR {alias}.project_id = ANY (nullif(current_setting('fedra.projects', true), '')::uuid[])))"
    )


class Database:
    """Two pools, and the only two ways to a connection."""

    def __init__(self, app: Pool, system: Pool | None) -> None:
        self._app = app
        self._system = system

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        """Connect. The system pool is opened only if its URL is set."""
        app = await _pool(settings.required("database_url"))
        return cls(app, await _pool(settings.system_url) if settings.system_url else None)

    @classmethod
    @asynccontextmanager
    async def connected(cls, settings: Settings) -> AsyncIterator[Self]:
        """Hold the pools open for the body."""
        database = await cls.open(settings)
        try:
            yield database
        finally:
            await database.close()

    async def close(self) -> None:
        """Close both pools; connections in use are waited for."""
        await self._app.close()
        if self._system is not None:
            await self._system.close()

    @asynccontextmanager
    async def as_tenant(self, token: InternalToken | None) -> AsyncIterator[Connection]:
        """Lend a connection in one transaction of fedra_app, bound to the caller's tenant by row-level security.

        Raises: Unauthenticated without a token.
        """
        if token is None:
            raise Unauthenticated
        principal = "" if token.principal is None else str(token.principal)
        projects = "{" + ",".join(map(str, token.project_ids)) + "}"
        async with self._app.acquire() as connection, connection.transaction():
            await connection.execute(SET_IDENTITY, token.tenant, principal, projects)
            with connection.query_logger(_count):  # what the request asks, not what a connection takes
                yield connection

    @asynccontextmanager
    async def as_system(self) -> AsyncIterator[Connection]:
        """Lend a connection in one transaction of fedra_system, which sees all tenants. Never for request work."""
        if self._system is None:
            raise RuntimeError("'FEDRA_DATABASE_SYSTEM_URL' is not set, so there is no system work here.")
        async with self._system.acquire() as connection, connection.transaction():
            yield connection


async def _pool(url: str) -> Pool:
    return await asyncpg.create_pool(
        url, min_size=1, max_size=8, init=_prepare, server_settings={"search_path": "pg_catalog"}
    )


async def _prepare(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=_to_json, decoder=orjson.loads)
    # asyncpg looks up an array type when it first meets it: here, so that no request waits for that, or counts it.
    await connection.prepare("SELECT $1::uuid[], $2::text[], $3::int4[], $4::float8[]")


def _to_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return orjson.dumps(value).decode()


def _count(_: object) -> None:
    count_statement()
