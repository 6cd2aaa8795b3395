"""A subgraph of notes, the smallest that uses all of the kernel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import strawberry
from fastapi import Request
from strawberry.federation.schema_directives import RequiresScopes

from subgraphs.kernel.database import Connection, Database, visible
from subgraphs.kernel.errors import BadUserInput
from subgraphs.kernel.events import entity_changed
from subgraphs.kernel.federation import federation_schema
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.migrate import migrate
from subgraphs.kernel.refusal import Refusal
from subgraphs.kernel.serve import Subgraph
from subgraphs.kernel.settings import Settings

SIGNING = RequiresScopes(scopes=[["notes:write"], ["notes:admin", "notes:sign"]])
MIGRATIONS = Path(__file__).parent / "notes_migrations"


@dataclass(frozen=True, slots=True)
class Context:
    database: Database
    token: InternalToken | None


Info = strawberry.Info[Context, None]


@strawberry.type
class Query:
    @strawberry.field
    async def notes(self, info: Info) -> list[str]:
        async with info.context.database.as_tenant(info.context.token) as connection:
            rows = await connection.fetch(f"SELECT body FROM notes.note AS n WHERE {visible('n')} ORDER BY body")
        return [row["body"] for row in rows]

    @strawberry.field
    def hello(self) -> str:
        return "hello"

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(30)
        return "at last"

    @strawberry.field
    def broken(self) -> str:
        raise RuntimeError("a secret of the inside")

    @strawberry.field
    def refused(self) -> str:
        raise BadUserInput("not so")


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write(self, info: Info, key: str, body: str) -> str:
        token = info.context.token
        assert token is not None
        try:
            async with info.context.database.as_tenant(token) as connection:

                async def run() -> str:
                    return str(await add_note(connection, token, body))

                return str(await once(connection, token, "notes.write", key, {"body": body}, run))
        except Refusal as refusal:
            return refusal.errors[0].code

    @strawberry.mutation(directives=[SIGNING])  # type: ignore[untyped-decorator]  # Any, with arguments
    async def sign(self) -> str:
        return "signed"


async def add_note(connection: Connection, token: InternalToken, body: str, visibility: str = "PRIVATE") -> UUID:
    id = uuid4()
    project = token.project_ids[0] if token.project_ids else None
    await connection.execute(
        "INSERT INTO notes.note VALUES ($1, $2, $3, $4, $5, $6)",
        *(id, token.tenant, project, token.principal, visibility, body),
    )
    await entity_changed(connection, "notes", token, f"Note:{id}", [f"note:{body}"])
    return id


@asynccontextmanager
async def lifespan(settings: Settings) -> AsyncIterator[Database]:
    await migrate(settings.required("owner_url"), "notes", MIGRATIONS)
    database = await Database.open(settings)
    try:
        yield database
    finally:
        await database.close()


def context(database: Database, token: InternalToken | None, _: Request) -> Context:
    return Context(database, token)


NOTES = Subgraph(name="notes", schema=federation_schema(Query, Mutation), lifespan=lifespan, context=context)
