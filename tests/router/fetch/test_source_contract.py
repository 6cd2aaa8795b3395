"""What every source of answers does, over HTTP or in the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from router.fetch.in_process import InProcessSource
from router.fetch.network import NetworkSource
from router.fetch.routed import RoutedSource
from router.fetch.source import EntitySource
from router.fetch.subgraph_request import SubgraphRequest
from router.operation.model import OperationKind
from router.request import Json
from router.telemetry.watch import Watch
from tests.router.fetch.plans import context, entity_asks, root_ask
from tests.router.fetch.test_network import subgraph
from tests.router.telemetry.watched import watched

Subgraph = Callable[[SubgraphRequest], Awaitable[Mapping[str, Json]]]
pytestmark = pytest.mark.parametrize("home", ["network", "process", "routed"])


@asynccontextmanager
async def source_over(home: str, answer: Subgraph) -> AsyncIterator[EntitySource]:
    """Put a subgraph into one of its two homes, or behind the choice between them."""

    def mint(subgraph: str, _: object) -> str:
        return f"token-for-{subgraph}"

    async def over_http(request: Request) -> Response:
        body = await request.json()
        headers = dict(request.headers)
        sent = SubgraphRequest("?", OperationKind.QUERY, body["query"], body.get("variables", {}), headers=headers)
        return JSONResponse(await answer(sent))

    process = InProcessSource({"products": answer, "reviews": answer}, mint)
    if home == "process":
        yield process
    elif home == "routed":
        yield RoutedSource({"products": process}, RoutedSource({"reviews": process}, NetworkSource({})))
    else:
        async with subgraph(over_http) as source:
            yield source


async def test_each_ask_is_answered_in_order(home: str) -> None:
    async def answer(request: SubgraphRequest) -> Mapping[str, Json]:
        aliases = ("_e0", "_e1")
        return {
            "data": {name: [{"sent": one} for one in request.variables[f"representations_{name}"]] for name in aliases}
        }

    async with source_over(home, answer) as source:
        answers = await source.load(entity_asks("_e0", "_e1"), context())
    assert [one.data for one in answers] == [
        [{"sent": {"__typename": "Product", "upc": "_e0"}}],
        [{"sent": {"__typename": "Product", "upc": "_e1"}}],
    ]


async def test_who_asks_and_until_when_is_told(home: str) -> None:
    async def answer(request: SubgraphRequest) -> Mapping[str, Json]:
        names = ("authorization", "traceparent", "fedra-deadline")
        return {"data": {"me": [request.headers.get(name) for name in names]}}

    async with source_over(home, answer) as source:
        with watched(Watch(headers={"traceparent": "00-1-2-01"})):
            (loaded,) = await source.load([root_ask()], context(5))
    token, trace, deadline = loaded.data["me"]
    assert (token, trace) == ("Bearer token-for-products", "00-1-2-01")
    assert 0 < int(deadline) <= 5000


@pytest.mark.parametrize("body", [{}, {"data": {"_entities": []}}, {"data": None, "errors": [{"message": "no"}]}])
async def test_what_cannot_be_used_is_an_answer_with_an_error(home: str, body: Json) -> None:
    async def answer(_: SubgraphRequest) -> Mapping[str, Json]:
        return dict(body)

    async with source_over(home, answer) as source:
        (loaded,) = await source.load(entity_asks("_entities"), context())
    assert (loaded.data, len(loaded.errors)) == (None, 1)


async def test_a_late_answer_is_an_error_at_the_deadline(home: str) -> None:
    async def answer(_: SubgraphRequest) -> Mapping[str, Json]:
        await asyncio.sleep(0.5)
        return {"data": {"me": 1}}

    async with source_over(home, answer) as source:
        (loaded,) = await source.load([root_ask()], context(0.1))
    assert [(one.message, one.code) for one in loaded.errors] == [
        ("The subgraph did not answer in time.", "SUBREQUEST_HTTP_ERROR")
    ]
