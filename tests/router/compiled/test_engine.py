"""A plan run by its code; and how the interpreter takes over, whatever is under way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import pytest

from router.compiled.engine import CompiledEngine
from router.compiled.programs import Programs
from router.fetch.in_process import InProcessSource
from router.fetch.source import Answer, EntityAsk
from router.fetch.subgraph_request import SubgraphRequest
from router.pipeline import Router, answer
from router.request import GraphQLError, GraphQLRequest, Json, RequestContext, Response
from tests.federation import Body, Federation, federation
from tests.router.compiled.compiling import Compilable

PARALLEL = federation("fetch/parallel")
PRODUCT = "{ product { name price stars inStock } }"
SHIPPING = federation("requires/shipping")
ESTIMATES = "{ inStock { upc shippingEstimate } }"
GONE = GraphQLError("Gone.", "GONE", (1,))


class Paced:
    """The subgraphs of a fixture: each answers when it is let, as it does or as it is told to; `log` says when."""

    def __init__(self, one: Federation, told: Mapping[str, Body] | None = None) -> None:
        self._federation = one
        self._told = told or {}
        self._records = one.records()
        self.log: list[str] = []
        self.asked = {name: asyncio.Event() for name in one.sdl}
        self.let = {name: asyncio.Event() for name in one.sdl}

    async def answer(self, request: SubgraphRequest) -> Body:
        name = request.subgraph
        self.log.append(f"{name} is asked")
        self.asked[name].set()
        try:
            await self.let[name].wait()
        except asyncio.CancelledError:
            self.log.append(f"{name} is given up")
            raise
        if name in self._told:
            return self._told[name]
        return self._federation.subgraphs[name].answer(request.query, request.variables, self._records)

    def begin(self, query: str, *, compiled: bool) -> asyncio.Task[Response]:
        supergraph = self._federation.snapshot.supergraph
        programs = Programs(supergraph, after=1) if compiled else None
        source = InProcessSource(dict.fromkeys(self._federation.sdl, self.answer))
        router = Router(self._federation.snapshot, source, programs=programs)
        return asyncio.create_task(answer(GraphQLRequest(query), RequestContext(time.monotonic() + 60), router))

    async def open(self, *names: str) -> None:
        """Let subgraphs answer, one after the other, and the router do what it can then."""
        for name in names:
            await asyncio.wait_for(self.asked[name].wait(), 30)
            self.let[name].set()
            for _ in range(30):
                await asyncio.sleep(0)


@pytest.mark.parametrize("last", ["prices", "reviews", "stock"])
async def test_nothing_is_asked_twice_where_one_of_several_fetches_under_way_fails(last: str) -> None:
    first = [name for name in ("prices", "reviews", "stock") if name != last]
    broken = {first[0]: {"data": None, "errors": [{"message": "Broken."}]}}
    told = []
    for compiled in (False, True):
        paced = Paced(PARALLEL, broken)
        running = paced.begin(PRODUCT, compiled=compiled)
        await paced.open("catalog", *first, last)
        response = await asyncio.wait_for(running, 30)
        assert sorted(paced.log) == [f"{name} is asked" for name in ("catalog", "prices", "reviews", "stock")]
        told.append(response.to_json())
    assert told[0] == told[1]
    assert [one["message"] for one in told[0]["errors"]] == ["Broken."]


async def test_who_leaves_takes_the_fetches_along() -> None:
    paced = Paced(PARALLEL)
    running = paced.begin(PRODUCT, compiled=True)
    await paced.open("catalog", "prices")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(paced.log[-2:]) == ["reviews is given up", "stock is given up"]


async def test_who_leaves_after_the_interpreter_took_over_takes_the_fetches_along() -> None:
    paced = Paced(PARALLEL, {"prices": {"errors": [{"message": "Broken."}]}})
    running = paced.begin(PRODUCT, compiled=True)
    await paced.open("catalog", "prices")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(paced.log[-2:]) == ["reviews is given up", "stock is given up"]


class Driven:
    """An engine of the estimates of two products, driven by hand."""

    def __init__(self) -> None:
        compilable = Compilable.of(SHIPPING, ESTIMATES)
        self.engine = CompiledEngine(compilable.compile(), {})
        self.stock, self.prices, self.estimates = compilable.plan.fetches

    def answer_stock(self, *upcs: Json) -> None:
        (_,) = self.engine.asks(self.stock)
        self.engine.take(self.stock, [Answer({"inStock": [{"__typename": "Product", "upc": upc} for upc in upcs]})])

    def asked(self, fetch: str) -> list[Json]:
        asks = self.engine.asks(self.prices if fetch == "prices" else self.estimates)
        return [one for ask in asks if isinstance(ask, EntityAsk) for one in ask.representations]

    @property
    def is_taken_over(self) -> bool:
        try:
            return self.engine.interpreter is not None
        except LookupError:
            return False


def test_an_answer_that_is_as_it_should_be_is_written_by_code_alone() -> None:
    driven = Driven()
    driven.answer_stock("1", "2", "1")
    assert driven.asked("prices") == [{"__typename": "Product", "upc": "1"}, {"__typename": "Product", "upc": "2"}]
    driven.engine.take(driven.prices, [Answer([{"price": 1, "weight": 2}, None])])
    wanted = [
        {"__typename": "Product", "upc": "1", "price": 1, "weight": 2},
        {"__typename": "Product", "upc": "2", "price": None, "weight": None},
    ]
    assert sorted(driven.asked("estimates"), key=lambda one: one["upc"]) == wanted
    driven.engine.take(driven.estimates, [Answer([{"shippingEstimate": "x"}, {"shippingEstimate": None}])])
    assert driven.engine.project() == {
        "inStock": [
            {"upc": "1", "shippingEstimate": "x"},
            {"upc": "2", "shippingEstimate": None},
            {"upc": "1", "shippingEstimate": "x"},
        ]
    }
    assert not driven.is_taken_over


def test_nothing_is_asked_about_no_entities() -> None:
    driven = Driven()
    driven.answer_stock(None)
    assert driven.engine.asks(driven.prices) == []


def test_an_error_has_the_interpreter_take_over_with_what_came_before() -> None:
    driven = Driven()
    driven.answer_stock("1", "2")
    driven.asked("prices")
    driven.engine.take(driven.prices, [Answer([{"price": 1, "weight": 2}, None], (GONE,))])
    assert driven.is_taken_over
    assert len(driven.asked("estimates")) == 2
    driven.engine.take(driven.estimates, [Answer([{"shippingEstimate": "x"}, None])])
    assert driven.engine.project() is None
    assert [one.path for one in driven.engine.interpreter.errors] == [("inStock", 1)]


def test_a_value_that_code_was_not_made_for_has_the_interpreter_take_over_before_anything_is_asked() -> None:
    driven = Driven()
    (_,) = driven.engine.asks(driven.stock)
    driven.engine.take(driven.stock, [Answer({"inStock": {"upc": "1"}})])
    assert driven.asked("prices") == []
    assert driven.is_taken_over


def test_a_null_where_none_may_be_is_for_the_interpreter_to_tell() -> None:
    driven = Driven()
    driven.answer_stock("1", None)
    driven.asked("prices")
    driven.engine.take(driven.prices, [Answer([{"price": 1, "weight": 2}])])
    driven.asked("estimates")
    driven.engine.take(driven.estimates, [Answer([{"shippingEstimate": "x"}])])
    assert not driven.is_taken_over
    assert driven.engine.project() is None
    assert driven.is_taken_over
