"""Plans nobody wrote: what tools read of them is what subgraphs are asked."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graphql import parse, validate

from router.planner.plan_json import to_json
from tests.drawn.campaign import draw_cases, new_seed, telling
from tests.drawn.case import Case
from tests.records import Json

FEDERATIONS = 8


def test_each_fetch_of_a_json_plan_is_valid_in_its_subgraph() -> None:
    first, fetches = new_seed(), 0
    for seed in range(first, first + FEDERATIONS):
        with telling(seed):
            for case in draw_cases(seed):
                fetches += _check(case)
    assert fetches > 0


def _check(case: Case) -> int:
    plan = to_json(case.federation.query_plan(case.text, case.labels))
    assert json.loads(json.dumps(plan)) == plan
    fetches = list(_fetches(plan))
    for fetch in fetches:
        schema = case.federation.subgraphs[fetch["serviceName"]].schema
        assert validate(schema, parse(fetch["operation"])) == [], fetch["operation"]
    return len(fetches)


def _fetches(node: Json) -> Iterator[Json]:
    if isinstance(node, list):
        for one in node:
            yield from _fetches(one)
    elif isinstance(node, dict):
        if node.get("kind") == "Fetch":
            yield node
        for one in node.values():
            yield from _fetches(one)
