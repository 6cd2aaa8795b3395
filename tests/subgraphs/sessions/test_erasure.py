"""Erasure leaves nothing of a session, a principal or a tenant."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kernel.database import Database
from subgraphs.kernel.erasure import OneSession, Subject, WholeTenant
from subgraphs.kernel.global_id import decode
from subgraphs.sessions.erasure import erase
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, EVE, FOREIGN_PROJECT, all_of
from tests.subgraphs.sessions.operations import MODEL, create, new_session, send

TABLES = ("session", "message", "recording", "outbox", "idempotency", "project", "principal")


async def counted(database: Database, tenant: str) -> dict[str, int]:
    async with database.as_system() as connection:
        return {
            table: await connection.fetchval(f"SELECT count(*) FROM sessions.{table} WHERE tenant_id = $1", tenant)
            for table in TABLES
        }


async def erased(database: Database, subject: Subject) -> None:
    async with database.as_system() as connection:
        await erase(connection, subject)


async def test_a_session_goes_with_its_messages_and_wishes(sessions: Client, database: Database) -> None:
    kept, gone = await new_session(sessions, ANN), await new_session(sessions, ANN)
    for id in (kept, gone):
        await send(sessions, ANN, id, respondWith={"modelId": MODEL})
    await erased(database, OneSession("acme", decode("Session", gone) or UUID(int=0)))
    async with database.as_system() as connection:
        left = await connection.fetchval(
            "SELECT count(*) FROM sessions.message WHERE session_id <> $1", decode("Session", kept)
        )
        wishes = await connection.fetchval(
            "SELECT count(*) FROM sessions.outbox WHERE payload ->> 'sessionId' = $1", str(decode("Session", gone))
        )
    assert (left, wishes) == (0, 0)


async def test_of_a_principal_gaps_without_words_stay_in_the_sessions_of_others(
    sessions: Client, database: Database
) -> None:
    shared = await new_session(sessions, ANN)
    own = await new_session(sessions, BEN)
    await send(sessions, ANN, shared, "mine")
    await send(sessions, BEN, shared, "a secret")
    await erased(database, all_of(BEN))
    query = """query($shared: ID!, $own: ID!) {
      own: session(id: $own) { id }
      shared: session(id: $shared) {
        messages(last: 9) { edges { node { sequence status author { id } parts { ... on TextPart { text } } } } }
      }
    }"""
    found = await sessions.data(ANN, query, shared=shared, own=own)
    first, second = (edge["node"] for edge in found["shared"]["messages"]["edges"])
    assert found["own"] is None
    assert first["parts"] == [{"text": "mine"}]
    assert second == {"sequence": 2, "status": "REDACTED", "author": None, "parts": []}
    async with database.as_system() as connection:
        assert not await connection.fetchval("SELECT count(*) FROM sessions.principal WHERE id = $1", BEN.principal)


async def test_of_a_tenant_nothing_stays_and_of_others_all(sessions: Client, database: Database) -> None:
    session = (await create(sessions, EVE, FOREIGN_PROJECT))["session"]["id"]
    await send(sessions, EVE, session, respondWith={"modelId": MODEL})
    before = await counted(database, "acme")
    await erased(database, WholeTenant("evil"))
    assert not any((await counted(database, "evil")).values())
    assert {**await counted(database, "acme"), "outbox": 0} == {**before, "outbox": 0}
