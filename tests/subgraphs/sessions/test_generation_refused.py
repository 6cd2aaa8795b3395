"""A task that is refused for good fails its turn; until it is known, the turn waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated

import pytest_asyncio
import strawberry
from fastapi import Request
from strawberry.scalars import JSON

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.federation import federation_schema
from subgraphs.kernel.graphql_types import IdempotencyError, ValidationError
from subgraphs.kernel.identity import InternalToken, ProjectRole
from subgraphs.kernel.serve import Subgraph
from subgraphs.kernel.settings import Settings
from subgraphs.sessions.app import subgraph
from subgraphs.sessions.demo import ADA, PROJECT, TENANT
from tests.subgraphs.kernel.kit import Client, listening, serving, settings_for, until
from tests.subgraphs.kernel.people import SCOPES
from tests.subgraphs.sessions.operations import MODEL, create, send

CALLER = InternalToken(TENANT, ADA, SCOPES, projects=(ProjectRole(PROJECT, "member"),))
STATUS = "query($id: ID!) { session(id: $id) { messages(last: 1) { edges { node { status } } } } }"

Refused = Annotated[ValidationError | IdempotencyError, strawberry.union("TaskError")]


@strawberry.input
class CreateTaskInput:
    id: strawberry.ID
    idempotency_key: str
    project_id: strawberry.ID
    session_id: strawberry.ID
    spec: JSON


@strawberry.type
class Created:
    id: strawberry.ID


@strawberry.type
class Payload:
    task: Created | None
    errors: list[Refused]


@strawberry.type
class Query:
    kind: str = "refusing"


@strawberry.type
class Mutation:
    """Answers as a tasks subgraph that has no good day: busy at first, then it will not."""

    @strawberry.mutation
    def create_task(self, info: strawberry.Info[list[str], None], input: CreateTaskInput) -> Payload:
        info.context.append(input.idempotency_key)
        if len(info.context) == 1:
            raise RuntimeError("the store is away")
        if len(info.context) == 2:
            return Payload(task=None, errors=[IdempotencyError(message="Wait.", in_progress=True)])
        return Payload(task=None, errors=[ValidationError(message="Never.")])


@asynccontextmanager
async def calls(_: Settings) -> AsyncIterator[list[str]]:
    yield []


def context(state: list[str], _: InternalToken | None, __: Request) -> list[str]:
    return state


REFUSING = Subgraph(name="tasks", schema=federation_schema(Query, Mutation), lifespan=calls, context=context)


@pytest_asyncio.fixture(scope="module")
async def sessions(database_urls: DatabaseUrls) -> AsyncIterator[Client]:
    async with (
        listening(REFUSING, settings_for(database_urls)) as tasks_url,
        serving(subgraph, settings_for(database_urls, tasks_url=tasks_url, demo=True)) as client,
    ):
        yield client


async def status(client: Client, id: str) -> str:
    messages = (await client.data(CALLER, STATUS, id=id))["session"]["messages"]
    found: str = messages["edges"][0]["node"]["status"]
    return found


async def test_a_turn_waits_for_its_task_until_that_is_refused_for_good(sessions: Client) -> None:
    session = (await create(sessions, CALLER, PROJECT))["session"]["id"]
    await send(sessions, CALLER, session, respondWith={"modelId": MODEL})
    assert await status(sessions, session) == "IN_PROGRESS"
    await until(partial(_is_settled, sessions, session))
    assert await status(sessions, session) == "FAILED"
    assert (await send(sessions, CALLER, session, respondWith={"modelId": MODEL}))["errors"] == []


async def _is_settled(client: Client, session: str) -> bool:
    return await status(client, session) != "IN_PROGRESS"
