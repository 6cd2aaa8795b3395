"""Runs of equal queries over subgraphs that answer when they are told to: who leads, who follows, who is alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

import pytest

from router.fetch.source import Answer, Ask
from router.fetch.subgraph_response import timed_out, unanswered
from router.headers.reads import Reads
from router.pipeline import Router, answer
from router.request import GraphQLRequest, RequestContext, Response
from router.settings.headers import HeaderSettings
from router.shared_runs import SharedRuns
from router.snapshot import Snapshot
from tests.router.door import SUPERGRAPH
from tests.router.test_overrides import SDL as OVERRIDES

SNAPSHOT = Snapshot.load(SUPERGRAPH)
PEOPLE = GraphQLRequest("{ people { name } }")


class Held:
    """Subgraphs that answer when they are told to, each time otherwise; a fault of ours in the first `faults`."""

    def __init__(self, faults: int = 0) -> None:
        self.asked = 0
        self.go = asyncio.Event()
        self._faults = faults

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        if context.deadline <= time.monotonic():
            return unanswered(asks, timed_out())
        self.asked += 1
        number = self.asked
        with suppress(TimeoutError):
            await asyncio.wait_for(self.go.wait(), context.deadline - time.monotonic())
        if not self.go.is_set():
            return unanswered(asks, timed_out())
        if number <= self._faults:
            raise RuntimeError("a fault of ours")
        return [Answer({"people": [{"name": f"answer {number}"}]}) for _ in asks]


@pytest.fixture(autouse=True)
async def _prepared() -> None:
    """Prepare and plan what is asked: what is known is run at once."""
    source = Held()
    source.go.set()
    await answer(PEOPLE, RequestContext(time.monotonic() + 60), Router(SNAPSHOT, source))


def router_over(source: Held, snapshot: Snapshot = SNAPSHOT) -> Router:
    return Router(snapshot, source, shared_runs=SharedRuns(Reads(HeaderSettings()), names_callers=False))


def asking(router: Router, request: GraphQLRequest = PEOPLE, seconds: float = 10) -> asyncio.Task[Response]:
    return asyncio.create_task(answer(request, RequestContext(time.monotonic() + seconds), router))


def name_in(response: Response) -> str:
    return str(response.data["people"][0]["name"])


async def test_after_a_fault_each_of_the_others_runs_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    source = Held(faults=1)
    router = router_over(source)
    first, *others = [asking(router) for _ in range(3)]
    await asyncio.sleep(0.01)
    assert source.asked == 1
    source.go.set()
    assert (await first).errors[0].code == "INTERNAL_SERVER_ERROR"
    assert {name_in(await one) for one in others} == {"answer 2", "answer 3"}
    assert "a fault of ours" in caplog.text


async def test_whoever_leaves_takes_nobody_along() -> None:
    source = Held()
    router = router_over(source)
    first, second, *others = [asking(router) for _ in range(4)]
    await asyncio.sleep(0.01)
    second.cancel()
    first.cancel()
    await asyncio.sleep(0.01)
    source.go.set()
    assert [name_in(await one) for one in others] == ["answer 2"] * 2
    assert source.asked == 2


async def test_who_is_out_of_time_is_told_what_would_be_told_alone() -> None:
    source = Held()
    router = router_over(source)
    first, late = asking(router), asking(router, seconds=0.05)
    response = await late
    alone = await answer(PEOPLE, RequestContext(time.monotonic()), Router(SNAPSHOT, source))
    assert response.to_json() == alone.to_json()
    assert response.errors
    source.go.set()
    assert name_in(await first) == "answer 1"


async def test_a_run_that_is_out_of_time_says_nothing_to_those_who_have_more() -> None:
    source = Held()
    router = router_over(source)
    late, other = asking(router, seconds=0.05), asking(router)
    assert (await late).errors[0].code == "SUBREQUEST_HTTP_ERROR"
    await asyncio.sleep(0.01)
    source.go.set()
    assert name_in(await other) == "answer 2"


async def test_each_keeps_a_deadline_of_its_own() -> None:
    source = Held()
    router = router_over(source)
    first = asking(router)
    ends: list[asyncio.Task[Response]] = []
    waiting = [asking(router, seconds=seconds) for seconds in (0.15, 0.05, 0.1)]
    for one in waiting:
        one.add_done_callback(ends.append)
    await asyncio.wait(waiting)
    assert ends == [waiting[1], waiting[2], waiting[0]]
    source.go.set()
    assert name_in(await first) == "answer 1"


async def test_operations_of_one_document_are_run_apart() -> None:
    source = Held()
    router = router_over(source)
    one = asking(router)
    two = asking(router, GraphQLRequest("query A { people { name } } query B { people { name } }", "B"))
    three = asking(router, GraphQLRequest("query A { people { name } } query B { people { name } }", "A"))
    await asyncio.sleep(0.01)
    source.go.set()
    assert {name_in(await each) for each in (one, two, three)} == {"answer 1", "answer 2", "answer 3"}


async def test_active_override_labels_keep_runs_apart() -> None:
    homes: list[str] = []

    class Homes(Held):
        async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
            homes.append(asks[0].fetch.subgraph)
            await super().load(asks, context)
            return [Answer({"named": 1}) for _ in asks]

    source = Homes()
    router = router_over(source, Snapshot.load(OVERRIDES))
    asked = [RequestContext(time.monotonic() + 10, labels=labels) for labels in [frozenset({"beta"}), frozenset()] * 2]
    waiting = [asyncio.create_task(answer(GraphQLRequest("{ named }"), one, router)) for one in asked]
    await asyncio.sleep(0.05)
    source.go.set()
    assert [(await one).data for one in waiting] == [{"named": 1}] * 4
    assert sorted(homes) == ["new", "old"]
