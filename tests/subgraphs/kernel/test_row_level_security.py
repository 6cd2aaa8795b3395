"""Row-level security binds, whatever a statement says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from subgraphs.kernel.database import Database
from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.errors import Unauthenticated
from tests.subgraphs.kernel.kit import settings_for
from tests.subgraphs.kernel.notes import add_note, lifespan
from tests.subgraphs.kernel.people import ANN, EVE, IMPOSTOR


@pytest_asyncio.fixture(scope="module")
async def database(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    async with lifespan(settings_for(database_urls)) as opened:
        async with opened.as_tenant(ANN) as connection:
            await add_note(connection, ANN, "private")
            await add_note(connection, ANN, "for the tenant", visibility="TENANT")
        yield opened


async def test_without_the_predicate_nothing_of_another_tenant_is_seen(database: Database) -> None:
    for stranger in (EVE, IMPOSTOR):
        async with database.as_tenant(stranger) as connection:
            assert await connection.fetch("SELECT * FROM notes.note") == []
            assert await connection.execute("UPDATE notes.note SET body = 'mine'") == "UPDATE 0"
            assert await connection.execute("DELETE FROM notes.note") == "DELETE 0"
    async with database.as_tenant(ANN) as connection:
        assert await connection.fetchval("SELECT count(*) FROM notes.note") == 2


async def test_a_row_is_not_written_into_another_tenant(database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with database.as_tenant(EVE) as connection:
            await add_note(connection, ANN, "smuggled")


async def test_the_application_role_cannot_bypass(database: Database) -> None:
    async with database.as_tenant(ANN) as connection:
        role = await connection.fetchrow(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        tables = await connection.fetch(
            "SELECT relname, relrowsecurity, relforcerowsecurity, relowner::regrole::text AS owner FROM pg_class"
            " WHERE relnamespace = 'notes'::regnamespace AND relkind = 'r' AND relname <> 'migration'"
        )
        owned = await connection.fetchval("SELECT pg_has_role(current_user, 'fedra_owner', 'MEMBER')")
    assert tuple(role or ()) == ("fedra_app", False, False, False)
    assert {row["relname"] for row in tables} == {"note", "idempotency", "outbox"}
    assert all(row["relrowsecurity"] and row["relforcerowsecurity"] and row["owner"] == "fedra_owner" for row in tables)
    assert owned is False


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE notes.note DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON notes.note",
        "SET ROLE fedra_system",
        "SET ROLE fedra_owner",
        "SELECT * FROM notes.outbox",
        "CALL notes.protect('notes.note')",
    ],
)
async def test_the_application_role_cannot_change_the_rules(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.as_tenant(ANN) as connection:
            await connection.execute(statement)


@pytest.mark.usefixtures("database")
async def test_the_identity_ends_with_its_transaction(database_urls: DatabaseUrls) -> None:
    connection = await asyncpg.connect(database_urls.app)
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('fedra.tenant', 'acme', true)")
            assert await connection.fetchval("SELECT count(*) FROM notes.note") == 2
        assert await connection.fetchval("SELECT count(*) FROM notes.note") == 0
    finally:
        await connection.close()


async def test_without_a_token_there_is_no_connection(database: Database) -> None:
    with pytest.raises(Unauthenticated):
        async with database.as_tenant(None):
            pass


async def test_system_work_sees_all_tenants(database: Database) -> None:
    async with database.as_system() as connection:
        assert await connection.fetchval("SELECT count(*) FROM notes.note") == 2
