"""Equal queries in flight are one request."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from router.fetch.coalesce import Coalesce, LateError
from router.fetch.http import Endpoint, HttpError, HttpRequest, HttpResponse
from router.fetch.network import NetworkSource, Remote
from router.headers.rules import Rules
from router.operation.model import OperationKind
from router.request import Identity, Json, RequestContext
from router.settings.headers import HeaderSettings
from tests.router.fetch.plans import context, root_ask

ADA = Identity("t", "ada", frozenset({"read"}))


class Held:
    """A server that answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[HttpRequest] = []
        self.go = asyncio.Event()
        self.fails = 0

    async def post(self, _endpoint: Endpoint, request: HttpRequest) -> HttpResponse:
        self.asked.append(request)
        number = len(self.asked)
        await self.go.wait()
        if number <= self.fails:
            raise HttpError("no")
        headers = [("content-type", "application/json"), ("x-number", str(number))]
        return HttpResponse(200, headers, b'{"data": {"me": %d}}' % number)

    def close(self) -> None:
        """Nothing is open."""


def source_over(server: Held, *, deduplicates: bool = True, **headers: Json) -> NetworkSource:
    remote = Remote(Endpoint.of("http://a.b"), server, deduplicates=deduplicates)
    rules = Rules(HeaderSettings.model_validate(headers))
    return NetworkSource({"products": remote}, lambda _, one: f"token of {one.identity} {id(one)}", rules)


async def asked_at_once(
    source: NetworkSource, server: Held, *contexts: RequestContext, kind: OperationKind = OperationKind.QUERY
) -> list[Json]:
    asking = [asyncio.create_task(source.load([root_ask(kind=kind)], one)) for one in contexts]
    await asyncio.sleep(0.01)
    server.go.set()
    return [(await one)[0].data for one in asking]


async def test_equal_queries_at_once_are_one_request_and_later_ones_another() -> None:
    server = Held()
    source = source_over(server)
    assert await asked_at_once(source, server, *[context() for _ in range(3)]) == [{"me": 1}] * 3
    assert await asked_at_once(source, server, context()) == [{"me": 2}]


async def test_trace_token_and_time_left_are_those_of_the_first() -> None:
    server = Held()
    ours = replace(context(5, traceparent="00-1-2-01"), identity=ADA)
    theirs = replace(context(9, traceparent="00-3-4-01"), identity=Identity("t", "ada", frozenset({"read"})))
    assert await asked_at_once(source_over(server), server, ours, theirs) == [{"me": 1}] * 2


@pytest.mark.parametrize(
    "other",
    [
        None,
        Identity("u", "ada", frozenset({"read"})),
        Identity("t", "alan", frozenset({"read"})),
        Identity("t", "ada"),
        Identity("t", "ada", frozenset({"read"}), policies=frozenset({"p"})),
    ],
    ids=["nobody", "tenant", "principal", "scopes", "policies"],
)
async def test_nobody_gets_what_was_answered_to_another(other: Identity | None) -> None:
    server = Held()
    contexts = [replace(context(), identity=one) for one in (ADA, other)]
    assert await asked_at_once(source_over(server), server, *contexts) == [{"me": 1}, {"me": 2}]


async def test_headers_that_are_sent_tell_queries_apart() -> None:
    server = Held()
    source = source_over(server, all={"request": [{"propagate": {"named": "accept-language"}}]})
    contexts = [context(10, **{"accept-language": one, "x-other": str(n)}) for n, one in enumerate(("de", "en", "de"))]
    assert await asked_at_once(source, server, *contexts) == [{"me": 1}, {"me": 2}, {"me": 1}]


async def test_headers_of_the_response_are_collected_for_everybody() -> None:
    server = Held()
    source = source_over(server, all={"response": [{"propagate": {"named": "x-number"}}]})
    contexts = [context(), context()]
    await asked_at_once(source, server, *contexts)
    assert [[one.values for one in each.collected] for each in contexts] == [[("1",)], [("1",)]]


async def test_mutations_are_never_joined() -> None:
    server = Held()
    found = await asked_at_once(source_over(server), server, context(), context(), kind=OperationKind.MUTATION)
    assert found == [{"me": 1}, {"me": 2}]


async def test_it_can_be_switched_off() -> None:
    server = Held()
    source = source_over(server, deduplicates=False)
    assert await asked_at_once(source, server, context(), context()) == [{"me": 1}, {"me": 2}]


async def test_a_failure_is_the_firsts_alone() -> None:
    server = Held()
    server.fails = 1
    found = await asked_at_once(source_over(server), server, context(), context(), context())
    assert found[0] is None
    assert sorted(one["me"] for one in found[1:]) == [2, 3]


async def test_if_the_first_leaves_one_of_the_others_asks_for_all() -> None:
    server = Held()
    source = source_over(server)
    asking = [asyncio.create_task(source.load([root_ask()], context())) for _ in range(3)]
    await asyncio.sleep(0.01)
    asking[0].cancel()
    await asyncio.sleep(0.01)
    server.go.set()
    assert [(await one)[0].data for one in asking[1:]] == [{"me": 2}] * 2
    assert len(server.asked) == 2


async def test_who_waits_keeps_a_deadline_and_takes_nobody_along() -> None:
    server = Held()
    source = source_over(server)
    first = asyncio.create_task(source.load([root_ask()], context()))
    await asyncio.sleep(0.01)
    (late,) = await source.load([root_ask()], context(0.05))
    assert (late.data, late.errors[0].message) == (None, "The subgraph did not answer in time.")
    server.go.set()
    assert (await first)[0].data == {"me": 1}


async def test_a_leader_out_of_time_costs_its_followers_nothing_but_time() -> None:
    join: Coalesce[str, int] = Coalesce()

    async def late() -> int:
        await asyncio.sleep(0.01)
        raise HttpError

    async def answered() -> int:
        return 7

    leading = asyncio.create_task(join("k", late, time.monotonic() + 0.01))
    await asyncio.sleep(0)
    assert await join("k", answered, time.monotonic() + 5) == 7
    with pytest.raises(HttpError):
        await leading


async def test_nothing_is_kept_once_it_has_landed() -> None:
    join: Coalesce[str, int] = Coalesce()
    forever = asyncio.Event()

    async def never() -> int:
        await forever.wait()
        return 1

    leading = asyncio.create_task(join("k", never, time.monotonic() + 5))
    await asyncio.sleep(0)
    with pytest.raises(LateError):
        await join("k", never, time.monotonic())
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    forever.set()
    assert await join("k", never, time.monotonic() + 5) == 1
