"""How `fedra router` ends: a real process, real sockets, a slow subgraph."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from router.request import Json
from tests.router.door import Subgraphs, code_of, serving, until, write_supergraph
from tests.router.running import Process, started

QUERY = {"query": "{ people(first: 1) { name } }"}
ADA = {"data": {"people": [{"name": "Ada"}]}}


@dataclass(frozen=True, slots=True)
class Running:
    """A process of the router, and its subgraphs."""

    process: Process
    client: httpx.AsyncClient
    subgraphs: Subgraphs

    async def ask(self) -> Json:
        return (await self.client.post("/graphql", json=QUERY)).json()

    async def asked(self) -> None:
        """Wait until a subgraph was asked."""

        async def so() -> bool:
            return bool(self.subgraphs.asked)

        await until(so)

    async def statuses(self) -> tuple[int, int]:
        """Ask for /live and /ready, each over a connection of its own."""
        async with httpx.AsyncClient(base_url=self.client.base_url) as client:
            return (await client.get("/live")).status_code, (await client.get("/health?ready")).status_code


@asynccontextmanager
async def running(folder: Path, drain: str) -> AsyncIterator[Running]:
    subgraphs = Subgraphs()
    (folder / "router.yaml").write_text(f"drain: {drain}\ntraffic_shaping: {{all: {{deduplicate_query: false}}}}\n")
    async with serving(subgraphs.app()) as url:
        file = write_supergraph(folder / "supergraph.graphql", url)
        arguments = ("--supergraph", str(file), "--config", str(folder / "router.yaml"), "--port", "0")
        async with (
            started(*arguments) as (process, graphql),
            httpx.AsyncClient(base_url=graphql.removesuffix("/graphql"), timeout=20) as client,
        ):
            yield Running(process, client, subgraphs)


async def test_it_listens_on_though_not_ready_then_finishes_what_is_under_way(tmp_path: Path) -> None:
    async with running(tmp_path, "{delay: 1s, timeout: 20s}") as router:
        assert await router.statuses() == (200, 200)
        assert await router.ask() == ADA
        router.subgraphs.asked.clear()
        router.subgraphs.delay = 6
        slow = asyncio.create_task(router.ask())
        await router.asked()
        router.process.send_signal(signal.SIGTERM)

        async def not_ready() -> bool:
            return await router.statuses() == (200, 503)

        await until(not_ready)
        router.subgraphs.delay = 0
        answer = await router.client.post("/graphql", json=QUERY)
        assert (answer.json(), answer.headers["connection"]) == (ADA, "close")

        async def refused() -> bool:
            try:
                await router.statuses()
            except httpx.ConnectError:
                return True
            except (httpx.ReadError, httpx.RemoteProtocolError):  # it came just as the listener was closed
                pass
            return False

        await until(refused)
        assert not slow.done()
        assert await slow == ADA
        _, errors = await asyncio.wait_for(router.process.communicate(), 20)
        assert (router.process.returncode, errors) == (0, b"")


async def test_what_is_not_finished_in_time_is_cut_off(tmp_path: Path) -> None:
    async with running(tmp_path, "{timeout: 300ms}") as router:
        router.subgraphs.delay = 3
        slow = asyncio.create_task(router.ask())
        await router.asked()
        router.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(router.process.communicate(), 15)
        assert router.process.returncode == 0
        assert code_of(await slow) == "SHUTTING_DOWN"


@pytest.mark.parametrize("signals", [(signal.SIGINT,), (signal.SIGTERM, signal.SIGTERM)])
async def test_interrupts_and_second_signals_end_the_delay(tmp_path: Path, signals: tuple[signal.Signals, ...]) -> None:
    async with running(tmp_path, "{delay: 1h}") as router:
        for one in signals:
            router.process.send_signal(one)
            await asyncio.sleep(0.3)
        await asyncio.wait_for(router.process.communicate(), 20)
        assert router.process.returncode == 0
