"""Entity fetches of several paths in one request."""

from __future__ import annotations

from bench.planning_workload import SHOP, SHOP_QUERY, supergraph
from schema.supergraph import Supergraph
from tests.router.planner.planner import Planner


def test_the_public_gateways_benchmark_takes_seven_requests_in_four_steps() -> None:
    query_plan = Planner(Supergraph.parse(supergraph(SHOP))).query_plan(SHOP_QUERY)
    step: dict[int, int] = {}
    for fetch in query_plan.fetches:
        step[fetch.id] = 1 + max((step[one] for one in fetch.after), default=0)
    assert [(fetch.subgraph, step[fetch.id]) for fetch in query_plan.fetches] == [
        ("accounts", 1),
        ("products", 1),
        ("reviews", 2),
        ("inventory", 2),
        ("products", 3),
        ("accounts", 3),
        ("inventory", 4),
    ]
