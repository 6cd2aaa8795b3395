"""What every home of learnt documents does, and what the shared one does when its store is slow or gone."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from router.persisted.learnt import LearntDocuments, LearntInFleet, LearntInProcess
from router.settings import Apq, Redis
from router.shared_store import SharedStore, StoreUnavailable
from tests.valkey import Valkey


@pytest.fixture
async def store(valkey: Valkey) -> AsyncIterator[SharedStore]:
    store = SharedStore(Redis(url=SecretStr(valkey.url)))
    yield store
    await store.close()


@pytest.fixture(params=["in process", "in the fleet"])
def documents(request: pytest.FixtureRequest) -> LearntDocuments:
    if request.param == "in process":
        return LearntInProcess(Apq())
    return LearntInFleet(Apq(), request.getfixturevalue("store"))


async def test_what_is_learnt_is_found(documents: LearntDocuments) -> None:
    assert await documents.find("h") is None
    await documents.learn("h", '{ a(name: "é") }')
    assert await documents.find("h") == '{ a(name: "é") }'


async def test_what_one_router_learns_another_knows(store: SharedStore) -> None:
    await LearntInFleet(Apq(), store).learn("h", "{ a }")
    assert await LearntInFleet(Apq(), store).find("h") == "{ a }"


async def test_a_learnt_document_is_forgotten_after_its_lifetime(store: SharedStore) -> None:
    await LearntInFleet(Apq(), store).learn("h", "{ a }")
    assert 86_390 < await store.run(lambda redis: redis.ttl(store.key("apq", "h"))) <= 86_400


async def test_a_store_that_hangs_is_waited_for_once(store: SharedStore, valkey: Valkey) -> None:
    documents = LearntInFleet(Apq(), store)
    with valkey.paused():
        await documents.learn("h", "{ a }")
        with pytest.raises(StoreUnavailable):
            await store.run(lambda redis: redis.ping())
        assert await documents.find("h") == "{ a }"
        assert await documents.find("other") is None


async def test_a_store_that_is_gone_is_tried_again_later(valkey: Valkey) -> None:
    now = time.monotonic()
    store = SharedStore(Redis(url=SecretStr(valkey.url)), lambda: now)
    documents = LearntInFleet(Apq(), store)
    valkey.kill()
    await documents.learn("h", "{ a }")
    valkey.start()
    with pytest.raises(StoreUnavailable):
        await store.run(lambda redis: redis.ping())
    now += 5.0
    assert await store.run(lambda redis: redis.ping())
    await store.close()
