"""A subgraph has a time of its own, within the client's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from router.fetch.timed import TimedSource
from router.request import Json
from tests.router.fetch.plans import context, root_ask

TIMES = {"products": timedelta(seconds=2)}


@pytest.mark.parametrize(("clients", "told"), [(60.0, 2_000), (1.0, 1_000)])
async def test_a_subgraph_is_told_the_earlier_deadline(clients: float, told: int) -> None:
    heard: list[int] = []

    async def listen(request: SubgraphRequest) -> Mapping[str, Json]:
        heard.append(int(request.headers["fedra-deadline"]))
        return {"data": {"me": None}}

    source = TimedSource(InProcessSource({"products": listen}), TIMES.__getitem__)
    await source.load([root_ask()], context(clients))
    assert told - 500 < heard[0] <= told


async def test_a_subgraph_that_is_late_is_not_waited_for() -> None:
    async def sleep(_: SubgraphRequest) -> Mapping[str, Json]:
        await asyncio.sleep(60)
        return {}

    source = TimedSource(InProcessSource({"products": sleep}), lambda _: timedelta(milliseconds=20))
    (loaded,) = await source.load([root_ask()], context(30))
    assert loaded.errors[0].message == "The subgraph did not answer in time."
