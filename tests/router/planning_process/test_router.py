"""`fedra router` with a planner process, under a flood of documents that are new."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from router.planning_process.process import ADDRESS, PAUSE_SECONDS, PlannerProcess
from router.request import Json
from tests.attacks.besieged import ANSWER, KNOWN, Besieged, besieged

FLOOD = 24


@pytest.fixture
async def router(tmp_path: Path) -> AsyncIterator[Besieged]:
    async with besieged(tmp_path) as running:
        yield running


def flood(router: Besieged) -> list[asyncio.Task[Json]]:
    """Ask for documents that take long to be validated, no two of them alike."""
    selections = " ".join("next { id name }" for _ in range(100))
    texts = [f"{{ new{at}: known ... on Query {{ things {{ {selections} }} }} }}" for at in range(FLOOD)]
    return [asyncio.create_task(router.ask(text)) for text in texts]


def planner_of(router: Besieged) -> psutil.Process:
    (planner,) = router.process.children()
    return planner


async def test_known_documents_are_answered_while_new_ones_wait(router: Besieged) -> None:
    new, known = flood(router), 0
    while not all(one.done() for one in new):
        assert await router.ask(KNOWN) == json.loads(ANSWER)
        known += 1
    assert known > 3  # behind them all it would be one
    for body in await asyncio.gather(*new):
        assert body["data"].keys() >= {"things"}


async def test_a_planner_that_is_killed_loses_no_request(router: Besieged) -> None:
    planner = planner_of(router)
    await asyncio.sleep(2 * PAUSE_SECONDS)  # one that ends as soon as it began is not started again at once
    new = flood(router)
    await asyncio.wait(new, return_when=asyncio.FIRST_COMPLETED)
    planner.kill()
    for body in await asyncio.gather(*new):
        assert body["data"].keys() >= {"things"}
    assert any("planner" in line for line in router.logs)
    assert await router.ask("{ afterwards: known }") == {"data": {"afterwards": None}}
    assert planner_of(router).pid != planner.pid


async def test_a_planner_ends_with_its_router_however_that_ends(router: Besieged) -> None:
    planner = planner_of(router)
    os.kill(router.process.pid, signal.SIGKILL)
    await asyncio.to_thread(planner.wait, 10)


async def test_nothing_of_a_document_is_logged(router: Besieged) -> None:
    await router.ask("{ secret }")
    await router.ask('{ thing(by: {id: "secret"}) { id } }')
    assert "secret" not in "".join(router.logs)


async def test_routers_share_the_planner_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = PlannerProcess()
    monkeypatch.setenv(ADDRESS, process.address)
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    try:
        async with besieged(tmp_path / "one") as one, besieged(tmp_path / "other") as other:
            assert not one.process.children()
            new = [*flood(one), *flood(other)]
            await asyncio.wait(new, return_when=asyncio.FIRST_COMPLETED)
            assert process.pid is not None
            process.kill(process.pid)
            process.ensure()  # as whoever starts it for several does
            for body in await asyncio.gather(*new):
                assert body["data"].keys() >= {"things"}
    finally:
        process.close()
