"""Too many requests at a time are sent away before those under way slow down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import pytest_asyncio
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from router.middleware.concurrency import ConcurrencyLimit, UnderWay
from router.settings import Concurrency, Mode
from tests.router.door import serving

Get = Callable[[], Awaitable[httpx.Response]]


class Held:
    """An app that answers once it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.entered = asyncio.Semaphore(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        self.entered.release()
        await self.let_go.wait()
        await PlainTextResponse("done")(scope, receive, send)


@pytest.fixture
def held() -> Held:
    return Held()


async def get_from(app: ASGIApp) -> AsyncIterator[Get]:
    async with serving(app) as url, httpx.AsyncClient() as client:
        yield lambda: client.get(url)


@pytest_asyncio.fixture
async def enforcing(held: Held) -> AsyncIterator[Get]:
    async for get in get_from(ConcurrencyLimit(held, Concurrency(limit=2), UnderWay())):
        yield get


@pytest_asyncio.fixture
async def measuring(held: Held) -> AsyncIterator[Get]:
    async for get in get_from(ConcurrencyLimit(held, Concurrency(limit=1, mode=Mode.MEASURE), UnderWay())):
        yield get


async def test_a_request_too_many_is_told_to_come_back(held: Held, enforcing: Get) -> None:
    first = [asyncio.ensure_future(enforcing()) for _ in range(2)]
    for _ in first:
        await held.entered.acquire()
    refused = await enforcing()
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["errors"][0]["extensions"]["code"] == "REQUEST_CONCURRENCY_LIMITED"
    held.let_go.set()
    assert [(await one).text for one in first] == ["done", "done"]
    assert (await enforcing()).text == "done"


async def test_a_limit_that_is_only_measured_is_logged(
    held: Held, measuring: Get, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        both = [asyncio.ensure_future(measuring()) for _ in range(2)]
        for _ in both:
            await held.entered.acquire()
    held.let_go.set()
    assert [(await one).status_code for one in both] == [200, 200]
    assert [record.message for record in caplog.records] == ["too many requests at a time"]
