"""A router and its planner process, each a real one."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from router.errors import DocumentError, NotPreparedInTime
from router.planning import Basis, Planner
from router.planning_process.client import AT_A_TIME, PlannerClient, PlannerGone
from router.planning_process.planning import InPlannerProcess
from router.planning_process.process import PlannerProcess
from router.prepared import Prepared
from router.snapshot import Snapshot
from tests.router.door import SUPERGRAPH

BASIS = Basis(SUPERGRAPH)
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Counted(Planner):
    """Counts what this process had to do itself."""

    done_here = 0

    def prepare(self, text: str, name: str | None) -> Prepared:
        self.done_here += 1
        return super().prepare(text, name)


@asynccontextmanager
async def asking(address: str | None = None) -> AsyncIterator[tuple[InPlannerProcess, PlannerClient, Counted]]:
    client, planner = PlannerClient(address), Counted(BASIS)
    try:
        yield InPlannerProcess(client, planner), client, planner
    finally:
        await client.close()


def costly(at: int) -> str:
    """Write a document that takes a while to be validated, like no other."""
    return f"{{ people {{ {'name ' * 150} n{at}: name }} }}"


async def test_new_operations_are_prepared_and_planned_in_another_process() -> None:
    async with asking() as (planning, client, planner):
        prepared = await planning.prepare("{ people { name } }", None)
        query_plan = await planning.plan(prepared.operation, frozenset())
        assert [fetch.subgraph for fetch in query_plan.fetches] == ["people"]
        with pytest.raises(DocumentError):
            await planning.prepare("{ nowhere }", None)
        assert client.pid is not None
        assert planner.done_here == 0


async def test_a_known_operation_is_found_while_a_flood_of_new_ones_waits() -> None:
    client = PlannerClient(None)
    snapshot = Snapshot.of(BASIS, lambda planner: InPlannerProcess(client, planner))
    known = await snapshot.prepared.get("{ people { name } }", None)
    flood = [asyncio.ensure_future(snapshot.prepared.get(costly(at), None)) for at in range(40)]
    try:
        await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
        for _ in range(1_000):
            assert await snapshot.prepared.get("{ people { name } }", None) is known
        assert sum(one.done() for one in flood) < 40
        assert len({id(one) for one in await asyncio.gather(*flood)}) == 40
    finally:
        await client.close()


async def test_a_planner_that_is_killed_loses_nothing_that_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.planning_process.process.PAUSE_SECONDS", 0)
    async with asking() as (planning, client, planner):
        await planning.load()
        flood = [asyncio.ensure_future(planning.prepare(costly(at), None)) for at in range(40)]
        await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
        killed = client.pid
        assert killed is not None
        assert not all(one.done() for one in flood)
        os.kill(killed, signal.SIGKILL)
        prepared = await asyncio.gather(*flood)
        assert (planner.done_here, client.pid == killed) == (0, False)
        assert [one.operation.selections for one in prepared] == [
            planner.prepare(costly(at), None).operation.selections for at in range(40)
        ]


async def test_where_no_planner_listens_this_process_plans(tmp_path: Path) -> None:
    async with asking(str(tmp_path / "nobody")) as (planning, _, planner):
        prepared = await planning.prepare("{ people { name } }", None)
        assert (await planning.plan(prepared.operation, frozenset())).fetches
        assert planner.done_here == 1


async def test_a_planner_that_cannot_even_start_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.planning_process.client.GREETING_SECONDS", float("inf"))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    async with asking() as (planning, client, planner):
        await planning.prepare("{ people { name } }", None)
        assert (client.pid, planner.done_here) == (None, 1)


async def test_a_planner_that_is_busy_before_it_greets_lives_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.planning_process.client.GREETING_SECONDS", 0)
    async with asking() as (planning, client, planner):
        await planning.prepare("{ people { name } }", None)
        assert client.pid is not None
        assert planner.done_here == 1


async def test_what_is_answered_after_the_end_leaves_no_connection_open() -> None:
    process = PlannerProcess()
    try:
        async with asking(process.address) as (planning, client, _):
            under_way = asyncio.ensure_future(planning.load())
            await asyncio.sleep(0.01)
            await client.close()
            await under_way
            gc.collect()  # a connection that is open is told of when it is found
    finally:
        process.close()


async def test_several_routers_share_one_planner() -> None:
    process = PlannerProcess()
    try:
        async with asking(process.address) as (one, _, first), asking(process.address) as (other, _, second):
            texts = [costly(at) for at in range(10)]
            here = await asyncio.gather(*(one.prepare(text, None) for text in texts))
            there = await asyncio.gather(*(other.prepare(text, None) for text in texts))
        assert [prepared.operation for prepared in here] == [prepared.operation for prepared in there]
        assert first.done_here == second.done_here == 0
        assert process.pid is not None
    finally:
        process.close()


async def test_nothing_is_asked_for_those_who_left_while_they_waited() -> None:
    answered = 0

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal answered
        writer.write(b"\x04\0\0\0\0")
        while not reader.at_eof():
            await asyncio.sleep(0.05)
            if await reader.read(5):
                answered += 1
                writer.write(b"\x04\0\0\0\0")
        writer.close()

    async with listening(slow) as client:
        callers = [asyncio.ensure_future(client.ask(b"\x02\0\0\0\0")) for _ in range(100)]
        await asyncio.sleep(0.02)
        for caller in callers:
            caller.cancel()
        await asyncio.wait(callers)
        await client.ask(b"\x02\0\0\0\0")
    assert answered <= AT_A_TIME + 1


async def test_so_many_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.planning_process.client.MAX_WAITING", 5)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x04\0\0\0\0")
        await reader.read()
        writer.close()

    async with listening(silent) as client:
        callers = [asyncio.ensure_future(client.ask(b"\x02\0\0\0\0")) for _ in range(AT_A_TIME + 5)]
        await asyncio.sleep(0.02)
        with pytest.raises(NotPreparedInTime):
            await client.ask(b"\x02\0\0\0\0")
        for caller in callers:
            caller.cancel()
        await asyncio.wait(callers)


async def test_a_planner_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.planning_process.client.ANSWER_SECONDS", 0.05)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x04\0\0\0\0")
        await reader.read()
        writer.close()

    async with listening(silent) as client:
        with pytest.raises(PlannerGone):
            await client.ask(b"\x02\0\0\0\0")


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[PlannerClient]:
    """Ask something that speaks as a planner does."""
    with tempfile.TemporaryDirectory() as folder:  # its name is short enough for that of a socket
        server = await asyncio.start_unix_server(serve, f"{folder}/planner")
        client = PlannerClient(f"{folder}/planner")
        try:
            async with asyncio.timeout(10):
                yield client
        finally:
            await client.close()
            server.close()


STARTER = """
import time
from router.planning_process.process import PlannerProcess
process = PlannerProcess()
print(process.pid, process.address, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("wish", [signal.SIGKILL, signal.SIGTERM])
def test_a_planner_ends_with_whoever_started_it_and_leaves_nothing(wish: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid, address = starter.stdout.readline().split()
        planner = psutil.Process(int(pid))
        assert os.getsid(int(pid)) == int(pid)  # a Ctrl-C in the terminal does not reach it
        starter.send_signal(wish)
    planner.wait(10)
    assert not Path(address).parent.exists()


async def test_signals_that_are_for_the_router_do_not_end_a_planner() -> None:
    async with asking() as (planning, client, planner):
        await planning.load()
        pid = client.pid
        assert pid is not None
        for wish in (signal.SIGINT, signal.SIGTERM):
            os.kill(pid, wish)
        await planning.prepare("{ people { name } }", None)
        assert (client.pid, planner.done_here) == (pid, 0)
