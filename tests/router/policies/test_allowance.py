"""Requests are charged before they are read, before they run, and when they are answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

import pytest

from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from router.pipeline import Router, answer
from router.policies.allowance import Allowance
from router.policies.rates.rates import Rates
from router.request import GraphQLRequest, Json, RequestContext, Response
from router.settings import DemandControl, Mode, RateLimits, RateRule, StaticEstimated, Strategy, Unit
from router.snapshot import Snapshot
from tests.router.door import SUPERGRAPH

PEOPLE = "query ($n: Int! = 2) { people(first: $n) { name } }"


class People:
    """A subgraph that gives three people, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, _request: SubgraphRequest) -> Mapping[str, Json]:
        self.asked += 1
        return {"data": dict.fromkeys(("people", "a", "b"), [{"name": "Ada"}] * 3)}


def demand(mode: Mode, *, max_actual: float | None = None) -> DemandControl:
    bounds = StaticEstimated(list_size=5, max=8, max_actual=max_actual)
    return DemandControl(enabled=True, mode=mode, strategy=Strategy(static_estimated=bounds), expose_cost=True)


def router_of(people: People, control: DemandControl, *rules: RateRule) -> Router:
    snapshot = Snapshot.load(SUPERGRAPH, demand_control=control)
    allowance = Allowance(Rates(RateLimits(rules=rules)), snapshot.demand)
    return Router(snapshot, InProcessSource({"people": people}), allowance=allowance)


async def ask(router: Router, query: str = PEOPLE) -> Response:
    return await answer(GraphQLRequest(query), RequestContext(time.monotonic() + 5, address="1"), router)


async def test_what_is_estimated_within_the_bound_runs_and_its_cost_is_told() -> None:
    response = await ask(router_of(People(), demand(Mode.ENFORCE, max_actual=3)))
    assert response.data == {"people": [{"name": "Ada"}] * 3}
    assert ("fedra-cost", "estimated=5, actual=3") in response.headers


async def test_what_is_estimated_past_the_bound_is_refused_before_a_subgraph_is_asked() -> None:
    people = People()
    response = await ask(router_of(people, demand(Mode.ENFORCE)), "{ a: people { name } b: people { name } }")
    (error,) = response.errors
    assert error.code == "COST_ESTIMATED_TOO_EXPENSIVE"
    assert error.extensions == {"cost": 10, "max": 8}
    assert not response.executed
    assert people.asked == 0


async def test_an_answer_that_cost_more_than_it_may_is_withheld() -> None:
    response = await ask(router_of(People(), demand(Mode.ENFORCE, max_actual=2)))
    assert [error.code for error in response.errors] == ["COST_ACTUAL_TOO_EXPENSIVE"]
    assert response.data is None


async def test_what_is_only_measured_runs_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        query = "{ a: people { name } b: people { name } }"
        response = await ask(router_of(People(), demand(Mode.MEASURE, max_actual=2)), query)
    assert not response.errors
    assert [record.message for record in caplog.records] == ["an operation costs too much"] * 2


async def test_a_request_past_its_rate_is_refused_before_it_is_read() -> None:
    router = router_of(People(), DemandControl(), RateRule(by="ip", limit=1))
    first, second = await ask(router), await ask(router, "{ not graphql")
    assert ("ratelimit", '"requests-ip";r=0;t=60') in first.headers
    assert [error.code for error in second.errors] == ["REQUEST_RATE_LIMITED"]
    assert (second.status, second.json_status) == (429, 429)
    assert "retry-after" in dict(second.headers)


async def test_a_rate_in_cost_is_used_up_by_what_operations_cost() -> None:
    people = People()
    router = router_of(people, demand(Mode.ENFORCE), RateRule(by="ip", limit=12, unit=Unit.COST))
    answers = [await ask(router) for _ in range(3)]
    assert [len(one.errors) for one in answers] == [0, 0, 1]
    assert '"cost-ip";r=7' in dict(answers[0].headers)["ratelimit"]
    assert answers[2].errors[0].code == "REQUEST_RATE_LIMITED"
    assert people.asked == 2
