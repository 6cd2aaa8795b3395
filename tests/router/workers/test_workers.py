"""Several workers as their users see them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from router.workers.worker import GRACE_SECONDS
from tests.router.door import until
from tests.router.telemetry.collector import collecting
from tests.router.telemetry.test_metrics import free_port
from tests.router.workers.several import ADA, SECONDS, Several, gone, several

ACCESS_LOG = {"telemetry": {"logging": {"access_log": True}}}
EACH_ITS_OWN = {"traffic_shaping": {"all": {"deduplicate_query": False}}}


async def crowd(router: Several, size: int) -> list[asyncio.Task[object]]:
    """Ask over so many new connections at once, and wait until the subgraph has all of it."""
    asked = [asyncio.create_task(router.ask()) for _ in range(size)]

    async def all_there() -> bool:
        return len(router.subgraphs.asked) == size

    await until(all_there)
    return asked


async def test_clients_that_come_at_once_are_spread_over_the_workers(tmp_path: Path) -> None:
    async with several(tmp_path, settings=ACCESS_LOG) as router:
        await router.pids()
        assert await asyncio.gather(*(router.ask() for _ in range(50))) == [ADA] * 50
        answered = Counter(one["worker"] for one in await router.log("request", 50))
        assert answered.total() == 50
        assert min(answered[0], answered[1]) >= 5


async def test_each_tells_when_it_is_ready_and_what_it_takes(tmp_path: Path) -> None:
    async with several(tmp_path, "--workers", "3") as router:
        pids = await router.pids(3)
        assert len({router.process.pid, *pids}) == 4
        assert all(one["resident_mb"] > 10 for one in await router.log("worker ready", 3))


async def test_the_settings_may_say_how_many(tmp_path: Path) -> None:
    async with several(tmp_path, "--host", "127.0.0.1", settings={"workers": {"count": 2}}) as router:
        assert len(set(await router.pids())) == 2
        assert await router.ask() == ADA


async def test_one_worker_is_one_process(tmp_path: Path) -> None:
    settings = {"workers": {"count": 4}, **ACCESS_LOG}
    async with several(tmp_path, "--workers", "1", settings=settings) as router:
        assert await router.ask() == ADA
        (answered,) = await router.log("request")
        assert "worker" not in answered


async def test_one_that_is_killed_is_missed_by_nobody_who_comes_later_and_started_again(tmp_path: Path) -> None:
    async with several(tmp_path) as router:
        killed, _ = await router.pids()
        os.kill(killed, signal.SIGKILL)
        (ended,) = await router.log("worker ended")
        assert (ended["worker"], ended["pid"], ended["exit_code"]) == (0, killed, -signal.SIGKILL)
        back = asyncio.create_task(router.log("worker ready", 2, worker=0))
        while not back.done():
            assert await router.ask() == ADA
        assert (await back)[1]["pid"] != killed
        assert await asyncio.gather(*(router.ask() for _ in range(20))) == [ADA] * 20


async def test_every_worker_follows_the_configuration(tmp_path: Path) -> None:
    async with several(tmp_path) as router:
        await router.pids()
        router.configuration.write_text("limits: {max_depth: 1}\n")
        loaded = await router.log("configuration and supergraph loaded", 2)
        assert {one["worker"] for one in loaded} == {0, 1}
        bodies = await asyncio.gather(*(router.ask() for _ in range(20)))
        assert {body["errors"][0]["extensions"]["code"] for body in bodies} == {"MAX_DEPTH_LIMIT"}


async def test_told_to_end_no_worker_is_ready_and_all_finish_what_is_under_way(tmp_path: Path) -> None:
    async with several(tmp_path, settings={"drain": {"delay": "3s"}, **EACH_ITS_OWN}) as router:
        pids = [*await router.pids(), *router.planners()]
        assert await router.status("/ready") == 200
        router.subgraphs.delay = 5
        under_way = await crowd(router, 20)
        router.process.send_signal(signal.SIGTERM)

        async def nowhere_ready() -> bool:
            return {await router.status("/ready") for _ in range(10)} == {503}

        await until(nowhere_ready)
        assert await router.status("/live") == 200
        assert await asyncio.gather(*under_way) == [ADA] * 20
        assert await router.ended() == (0, "")
        with pytest.raises(httpx.ConnectError):
            await router.ask()
        for pid in pids:
            await gone(pid)


@pytest.mark.parametrize("signals", [(signal.SIGINT,), (signal.SIGTERM, signal.SIGTERM)])
async def test_interrupts_and_second_signals_end_the_delay(tmp_path: Path, signals: tuple[signal.Signals, ...]) -> None:
    async with several(tmp_path, settings={"drain": {"delay": "1h"}}) as router:
        await router.pids()
        for one in signals:
            router.process.send_signal(one)
            await asyncio.sleep(0.3)
        assert await router.ended() == (0, "")


async def test_told_to_end_while_workers_begin_it_ends(tmp_path: Path) -> None:
    async with several(tmp_path) as router:  # the first one serves, the second has hardly begun
        router.process.send_signal(signal.SIGTERM)
        assert await router.ended() == (0, "")


async def test_a_worker_that_is_told_to_end_drains_and_is_replaced(tmp_path: Path) -> None:
    async with several(tmp_path, settings=EACH_ITS_OWN) as router:
        first, _ = await router.pids()
        router.subgraphs.delay = 1
        under_way = await crowd(router, 20)
        os.kill(first, signal.SIGTERM)
        assert await asyncio.gather(*under_way) == [ADA] * 20
        await router.log("worker ended", worker=0, exit_code=0)
        await router.log("worker ready", 2, worker=0)


async def test_all_workers_share_one_planner_which_is_started_again(tmp_path: Path) -> None:
    async with several(tmp_path, settings=ACCESS_LOG) as router:
        await router.pids()
        (planner,) = router.planners()
        assert await asyncio.gather(*(router.ask_for(new(index)) for index in range(20))) == [ADA] * 20
        assert {one["worker"] for one in await router.log("request", 20)} == {0, 1}
        assert router.planners() == [planner]
        os.kill(planner, signal.SIGKILL)

        async def another() -> bool:
            return len(router.planners()) == 1 and router.planners() != [planner]

        await until(another)
        assert await router.ask_for(new(20)) == ADA


def new(index: int) -> dict[str, str]:
    """A document that nobody has asked yet."""
    return {"query": f"query Q{index} {{ people(first: 1) {{ name }} }}"}


async def test_without_a_planner_each_worker_plans(tmp_path: Path) -> None:
    async with several(tmp_path, settings={"supergraph": {"query_planning": {"process": False}}}) as router:
        await router.pids()
        assert await asyncio.gather(*(router.ask_for(new(index)) for index in range(20))) == [ADA] * 20
        assert router.planners() == []


async def test_a_supervisor_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    async with several(tmp_path) as router:
        pids = [*await router.pids(), *router.planners()]
        router.process.kill()
        for pid in pids:
            await gone(pid)
        with pytest.raises(httpx.ConnectError):
            await router.ask()


async def test_a_worker_that_does_not_end_in_time_is_killed(tmp_path: Path) -> None:
    assert GRACE_SECONDS < SECONDS
    async with several(tmp_path, settings={"drain": {"timeout": "1ms"}}) as router:
        stuck, _ = await router.pids()
        os.kill(stuck, signal.SIGSTOP)
        router.process.send_signal(signal.SIGTERM)
        (killed,) = await router.log("worker killed")
        assert (killed["worker"], killed["pid"]) == (0, stuck)
        assert await router.ended() == (1, "")
        await gone(stuck)


async def test_one_that_cannot_start_again_is_tried_again_while_others_serve(tmp_path: Path) -> None:
    async with several(tmp_path) as router:
        _, killed = await router.pids()
        text = router.configuration.read_text()
        router.configuration.write_text("limits: {max_dept: 1}\n")
        os.kill(killed, signal.SIGKILL)
        await router.log("worker ended", worker=1, exit_code=1)
        assert await router.ask() == ADA
        router.configuration.write_text(text)
        await router.log("worker ready", 2, worker=1)


async def test_when_nobody_serves_and_none_can_start_it_gives_up(tmp_path: Path) -> None:
    async with several(tmp_path) as router:
        pids = await router.pids()
        router.supergraph.unlink()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        await router.log("no worker serves, and none can be started")
        code, said = await router.ended()
        assert code == 1
        told = f"fedra router: The supergraph '{router.supergraph}' cannot be read: No such file or directory."
        assert set(said.splitlines()) == {told}


async def test_each_worker_shows_metrics_of_its_own_at_a_port_of_its_own(tmp_path: Path) -> None:
    base = free_port()
    prometheus = {"enabled": True, "listen": f"127.0.0.1:{base}"}
    async with several(tmp_path, settings={"telemetry": {"exporters": {"metrics": {"prometheus": prometheus}}}}) as it:
        await it.pids()
        await asyncio.gather(*(it.ask() for _ in range(50)))
        counted = [await requests_at(base + index) for index in range(2)]
        assert sum(counted) == 50
        assert min(counted) > 0


async def requests_at(port: int) -> int:
    """Read how many operations one worker has answered."""
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return int(sum(one.value for one in samples if one.name == "fedra_operation_duration_seconds_count"))


async def test_each_worker_is_an_instance_of_its_own_to_a_collector(tmp_path: Path) -> None:
    async with collecting() as collector:
        otlp = {"enabled": True, "endpoint": collector.url}
        exporters = {"tracing": {"common": {"sampler": "always_on"}, "otlp": otlp}, "metrics": {"otlp": otlp}}
        async with several(tmp_path, settings={"telemetry": {"exporters": exporters}}) as router:
            await router.pids()
            await asyncio.gather(*(router.ask() for _ in range(50)))
            router.process.send_signal(signal.SIGTERM)
            assert await router.ended() == (0, "")
    assert (len(collector.named("query")), len(collector.metrics)) == (50, 2)
    assert len({one["service.instance.id"] for one in collector.resources}) == 2
