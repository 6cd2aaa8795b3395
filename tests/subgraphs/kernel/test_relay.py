"""The relay of an outbox: everything is told, what concerns one key in order, by one relay at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest
import pytest_asyncio

from subgraphs.kernel.database import Connection, Database
from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.events import ENTITY_CHANGED, entity_changed, notify
from subgraphs.kernel.outbox import PARTITIONS, Message, partition_of, write
from subgraphs.kernel.relay import Relay, relaying
from tests.subgraphs.kernel.kit import settings_for, until
from tests.subgraphs.kernel.notes import lifespan
from tests.subgraphs.kernel.people import ANN


@dataclass
class Told:
    """A handler that remembers; it fails for the keys in `failing`."""

    heard: list[tuple[str, object]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)

    async def __call__(self, _: Connection, message: Message) -> None:
        await asyncio.sleep(0.001)
        if message.key in self.failing:
            raise ConnectionError("away")
        self.heard.append((message.key, message.payload))


@pytest_asyncio.fixture(scope="module")
async def database(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    async with lifespan(settings_for(database_urls)) as opened:
        yield opened


@pytest_asyncio.fixture(autouse=True)
async def _empty(database: Database) -> None:
    async with database.as_system() as connection:
        await connection.execute("DELETE FROM notes.outbox")


async def put(database: Database, *messages: tuple[str, object]) -> None:
    async with database.as_tenant(ANN) as connection:
        for key, payload in messages:
            await write(connection, "notes", ANN, "topic", key, payload)


async def waiting(database: Database) -> int:
    async with database.as_system() as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM notes.outbox")
    return count


async def test_each_message_is_told_once_and_those_of_a_key_in_order(database: Database) -> None:
    told = Told()
    await put(database, *((f"key {number % 7}", number) for number in range(70)))
    relays = [Relay(database, "notes", {"topic": told}) for _ in range(3)]
    counts = await asyncio.gather(*(relay.relay_once() for relay in relays))
    while await waiting(database):
        counts.append(await relays[0].relay_once())
    assert sum(counts) == len(told.heard) == 70
    for key in {key for key, _ in told.heard}:
        numbers = [int(str(payload)) for other, payload in told.heard if other == key]
        assert numbers == sorted(numbers)


async def test_a_message_that_cannot_be_told_holds_up_its_partition_only(database: Database) -> None:
    other = next(key for key in map(str, range(100)) if partition_of(key) != partition_of("bad"))
    told = Told(failing={"bad"})
    relay = Relay(database, "notes", {"topic": told})
    await put(database, ("bad", 1), ("bad", 2), (other, 3))
    assert await relay.relay_once() == 1
    assert told.heard == [(other, 3)]
    assert await relay.relay_once() == 0  # put off
    async with database.as_system() as connection:
        assert await connection.fetchval("SELECT max(attempts) FROM notes.outbox") == 1
        await connection.execute("UPDATE notes.outbox SET not_before = now()")
    told.failing.clear()
    assert await relay.relay_once() == 2
    assert told.heard == [(other, 3), ("bad", 1), ("bad", 2)]


async def test_what_is_rolled_back_is_not_told(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.as_tenant(ANN) as connection:
            await write(connection, "notes", ANN, "topic", "key", 1)
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await write_and_fail()
    assert await waiting(database) == 0


async def test_a_running_relay_tells_what_comes(database: Database) -> None:
    told = Told()

    async def is_told() -> bool:
        return len(told.heard) == 1

    async with relaying(Relay(database, "notes", {"topic": told})):
        await put(database, ("key", {"a": 1}))
        await until(is_told)
    assert told.heard == [("key", {"a": 1})]


async def test_an_event_is_published_on_the_channel_of_its_topic(
    database: Database, database_urls: DatabaseUrls
) -> None:
    heard: list[str] = []

    def hear(_: object, __: int, ___: str, payload: object) -> None:
        heard.append(str(payload))

    async def is_heard() -> bool:
        return len(heard) == 3

    listener = await asyncpg.connect(database_urls.system)
    try:
        await listener.add_listener(ENTITY_CHANGED, hear)
        async with database.as_tenant(ANN) as connection:
            await entity_changed(connection, "notes", ANN, "key", (f"tag:{number:0100}" for number in range(120)))
        await Relay(database, "notes", {ENTITY_CHANGED: notify}).relay_once()
        await until(is_heard)
    finally:
        await listener.close()
    assert all('"tenant":"acme"' in event for event in heard)


def test_partitions_are_the_same_in_every_process() -> None:
    assert [partition_of(key) for key in ("a", "b", "c")] == [10, 14, 14]
    assert {partition_of(str(number)) for number in range(500)} == set(range(PARTITIONS))
