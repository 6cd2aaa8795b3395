"""What is forgotten is gone from both stores; the rest stays."""

from __future__ import annotations

from uuid import UUID

import pytest

from subgraphs.kernel import global_id
from subgraphs.kernel.erasure import OneSession, Subject, WholeTenant
from subgraphs.search.context import State
from subgraphs.search.erasure import TABLES, erase
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, CAT, EVE, acting, all_of
from tests.subgraphs.search.world import INDEX_MESSAGES, TEXTS, World, found, task


@pytest.fixture
def state(search: Client) -> State:
    app = search.http._transport.app  # type: ignore[attr-defined]  # the app that serves this client
    made: State = app.state.served.state
    return made


async def say(world: World, number: int, session: int, text: str) -> None:
    one = {
        "id": global_id.encode("Message", UUID(int=number)),
        "sessionId": global_id.encode("Session", UUID(int=session)),
        "role": "USER",
        "createdAt": "2025-01-31T12:00:00Z",
        "text": text,
    }
    input = {"taskId": task(number), "attempt": 1, "step": "index", "messages": [one]}
    assert (await world.search.data(acting(ANN), INDEX_MESSAGES, input=input))["indexMessages"]["indexed"] == 1


async def erased(state: State, subject: Subject) -> None:
    async with state.database.as_system() as connection:
        await erase(connection, state.index, subject)


async def test_a_session_a_principal_and_a_tenant_are_forgotten_in_turn(world: World, state: State) -> None:
    await say(world, 1, 1, "About volcanoes.")
    await say(world, 2, 2, "About glaciers.")
    recall = {"targets": ["MESSAGE"], "mode": "SPARSE"}

    await erased(state, OneSession("acme", UUID(int=1)))
    assert await found(world.search, ANN, "volcanoes glaciers", **recall) == ["About glaciers."]
    assert TEXTS["port"] in await found(world.search, ANN, "port")

    await erased(state, all_of(ANN))
    assert await found(world.search, ANN, "volcanoes glaciers port", targets=["MESSAGE", "DOCUMENT"]) == []
    assert await found(world.search, CAT, "cheetahs bread") == [TEXTS["cats"]]

    await erased(state, WholeTenant("acme"))
    assert await found(world.search, CAT, "cheetahs bread") == []
    assert await found(world.search, EVE, "router") == [TEXTS["evil"]]
    async with state.database.as_system() as connection:
        for table in TABLES:
            left = await connection.fetchval(f"SELECT count(*) FROM {table} WHERE tenant_id = 'acme'")
            assert left == 0, table
