"""Crowds of bad requests: nothing of them is remembered, and a bystander is answered meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import sha256

import httpx
import pytest
import pytest_asyncio

from tests.attacks.besieged import KNOWN, Besieged, besieged
from tests.router.identity.tokens import Issuer, ed25519_issuer, write_jwks

MEMORY = 50_000_000
AT_ONCE = 20
GOOD, FORGER = ed25519_issuer(), Issuer(ed25519_issuer("forger").key, ed25519_issuer().kid)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def router(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Besieged]:
    folder = tmp_path_factory.mktemp("router")
    jwt = {"jwks": [{"url": str(write_jwks(folder / "jwks.json", GOOD))}]}
    async with besieged(folder, authentication={"router": {"jwt": jwt}}) as running:
        yield running


async def crowd(times: int, send: Callable[[int], Awaitable[None]]) -> None:
    """Send them, some at a time."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(at: int) -> None:
        async with turns:
            await send(at)

    async with asyncio.TaskGroup() as group:
        for at in range(times):
            group.create_task(one(at))


@pytest.mark.parametrize("length", [64, 60_000], ids=["short", "long"])
async def test_hashes_and_ids_that_nobody_knows_are_not_remembered(router: Besieged, length: int) -> None:
    async def send(at: int) -> None:
        extensions = {"persistedQuery": {"version": 1, "sha256Hash": f"{at:0{length}}"}}
        content = {"extensions": extensions} if at % 2 else {"documentId": f"{at:0{length}}"}
        body = (await router.client.post("/graphql", json=content)).json()
        assert body["errors"][0]["extensions"]["code"] in {"PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_IN_LIST"}
        assert len(json.dumps(body)) < 500

    with router.cost() as cost:
        async with router.bystander():
            await crowd(1_000, send)
    assert cost.memory < MEMORY


async def test_a_text_under_a_foreign_hash_is_not_learnt(router: Besieged) -> None:
    persisted = {"version": 1, "sha256Hash": sha256(KNOWN.encode()).hexdigest()}
    body = await router.ask("{ things { id } }", extensions={"persistedQuery": persisted})
    assert body["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_HASH_MISMATCH"
    response = await router.client.post("/graphql", json={"extensions": {"persistedQuery": persisted}})
    assert response.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_forged_tokens_cost_little_and_put_no_good_one_out(router: Besieged) -> None:
    forged = [FORGER.sign(sub=f"eve{at}") for at in range(1_000)]

    async def send(at: int) -> None:
        headers = {"authorization": f"Bearer {forged[at]}"}
        assert (await router.client.post("/graphql", json={"query": KNOWN}, headers=headers)).status_code == 401

    with router.cost() as cost:
        async with router.bystander():
            await crowd(len(forged), send)
    assert cost.memory < MEMORY
    assert cost.seconds < 30
    good = {"authorization": f"Bearer {GOOD.sign()}"}
    assert await router.ask(KNOWN, headers=good) == {"data": {"known": 1}}


async def test_what_is_asked_by_those_who_leave_at_once_is_not_worked_for(router: Besieged) -> None:
    """Each of these documents costs tenths of a second; altogether they would keep the router for a minute."""
    left: list[int] = []

    async def leave(at: int) -> None:
        selections = " ".join(f"next {{ n{at}: id name }}" for _ in range(2_000))
        try:
            await router.client.post("/graphql", json={"query": f"{{ things {{ {selections} }} }}"}, timeout=0.2)
        except httpx.TimeoutException:
            left.append(at)

    with router.cost() as cost:
        async with router.bystander():
            await crowd(200, leave)
            assert await router.ask("{ new: known }") == {"data": {"new": None}}
    assert left
    assert cost.seconds < 60


async def test_mistakes_of_clients_do_not_fill_the_log(tmp_path_factory: pytest.TempPathFactory) -> None:
    rules = [{"by": "ip", "limit": 1, "period": "1h"}]
    async with besieged(tmp_path_factory.mktemp("router"), rate_limits={"rules": rules}) as running:

        async def send(_: int) -> None:
            assert (await running.client.post("/graphql", json={"query": KNOWN})).status_code == 429

        began = len(running.logs)
        await crowd(400, send)
        lines = [json.loads(line) for line in running.logs[began:]]
    told = [line for line in lines if line["message"] == "a rate limit is exceeded"]
    assert 0 < len(told) < 300


async def test_texts_that_are_not_registered_keep_no_registered_one_waiting(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("router")
    (folder / "manifest.json").write_text(json.dumps({"known": KNOWN}))
    persisted = {"mode": "safelist", "manifests": [{"file": folder / "manifest.json"}]}
    async with besieged(folder, persisted_queries=persisted) as running:

        async def send(at: int) -> None:
            body = await running.ask(f"{{ {'known ' * 2_000} a{at}: known }} # {'x' * 100_000}")
            assert body["errors"][0]["extensions"]["code"] == "QUERY_NOT_IN_SAFELIST"

        with running.cost() as cost:
            async with running.bystander():
                await crowd(60, send)
    assert cost.memory < MEMORY
