"""Entities take arguments from the objects above them."""

from __future__ import annotations

import time
from collections.abc import Mapping

from router.execution.complete import complete
from router.execution.execute import execute
from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from router.operation.normalize import normalize
from router.operation.variables import Variables
from router.request import Json, RequestContext
from tests.router.planner.planner import Planner, operation_of
from tests.router.planner.test_context import SHOP, UNION

LISTS: Mapping[str, Json] = {
    "ts": [
        {"__typename": "T", "x": 1, "us": [{"__typename": "U", "id": "1"}, {"__typename": "U", "id": "2"}]},
        {"__typename": "T", "x": 2, "us": [{"__typename": "U", "id": "1"}]},
        {"__typename": "T", "x": 1, "us": [{"__typename": "U", "id": "2"}]},
        {"__typename": "T", "x": None, "us": [{"__typename": "U", "id": "3"}]},
    ],
    "any": [
        {"__typename": "V", "v": 10, "u": {"__typename": "U", "id": "1"}},
        {"__typename": "W", "w": 20, "u": {"__typename": "U", "id": "1"}},
    ],
}


class Subgraph:
    """Answers with lists, and for each entity with its id and the argument it was asked with."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Json]] = []

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Json]:
        if "representations" not in request.variables:
            return {"data": LISTS}
        self.asked.append(request.variables)
        given = request.variables["contextualArgument_1_0"] or 0
        entities = [{"f": int(one["id"]) * 100 + given} for one in request.variables["representations"]]
        return {"data": {"_entities": entities}}


async def answer(planner: Planner, source: str, subgraph: Subgraph) -> Json:
    document, definition = operation_of(source)
    operation = normalize(document, definition, planner.supergraph.api_schema)
    query_plan = planner.query_plan(source)
    context = RequestContext(deadline=time.monotonic() + 10)
    execution = await execute(query_plan, Variables({}), context, InProcessSource({"a": subgraph}), planner.supergraph)
    response = complete(operation, Variables({}), execution, planner.supergraph)
    assert not response.errors
    return response.data


async def test_each_entity_gets_the_value_of_the_object_above_it() -> None:
    subgraph = Subgraph()
    assert await answer(SHOP, "{ ts { us { f } } }", subgraph) == {
        "ts": [
            {"us": [{"f": 101}, {"f": 201}]},
            {"us": [{"f": 102}]},
            {"us": [{"f": 201}]},
            {"us": [{"f": 300}]},
        ]
    }


async def test_entities_with_equal_values_are_asked_for_together() -> None:
    subgraph = Subgraph()
    await answer(SHOP, "{ ts { us { f } } }", subgraph)
    asked = [(one["contextualArgument_1_0"], [r["id"] for r in one["representations"]]) for one in subgraph.asked]
    assert asked == [(1, ["1", "2"]), (2, ["1"]), (None, ["3"])]


async def test_the_value_is_that_of_the_type_above() -> None:
    data = await answer(UNION, "{ any { ... on V { u { f } } ... on W { u { f } } } }", Subgraph())
    assert data == {"any": [{"u": {"f": 110}}, {"u": {"f": 120}}]}
