"""Entities take arguments from the objects above them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial

from graphql import build_schema

from router.execution.complete import complete
from router.execution.execute import execute
from router.fetch.in_process import InProcessSource
from router.fetch.mounted import MountedSchema
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


SCHEMA = build_schema("""
  scalar _Any
  union _Entity = U
  type U { id: ID! f(of: Int, a: Int): Int }
  type Query { _entities(representations: [_Any!]!): [_Entity]! }
""")


class Subgraph:
    """Answers with lists, and for each entity with its id and the argument it was asked with."""

    def __init__(self) -> None:
        self.asked: list[SubgraphRequest] = []

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Json]:
        if "_entities" not in request.query:
            return {"data": {**LISTS, "same": LISTS["ts"]}}
        self.asked.append(request)
        return await MountedSchema(SCHEMA)(request, {"_entities": entities})


def entities(_info: object, representations: Sequence[Mapping[str, Json]]) -> list[Json]:
    return [{"__typename": "U", "f": partial(told, int(one["id"]))} for one in representations]


def told(id: int, _info: object, a: int | None, of: int = 0) -> int:
    return id * 100 + (a or 0) + of


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


async def test_entities_with_equal_values_are_asked_for_together_and_all_in_one_request() -> None:
    subgraph = Subgraph()
    await answer(SHOP, "{ ts { us { f } } }", subgraph)
    (request,) = subgraph.asked
    assert request.query == (
        "query($representations:[_Any!]!,$representations__entities_1:[_Any!]!,$representations__entities_2:[_Any!]!,"
        "$contextualArgument_1_0:Int,$contextualArgument_1_0_1:Int,$contextualArgument_1_0_2:Int)"
        "{_entities(representations:$representations){... on U{f(a:$contextualArgument_1_0)}}"
        " _entities_1:_entities(representations:$representations__entities_1){... on U{f(a:$contextualArgument_1_0_1)}}"
        " _entities_2:_entities(representations:$representations__entities_2){... on U{f(a:$contextualArgument_1_0_2)}}"
        "}"
    )
    values = [value for name, value in request.variables.items() if name.startswith("contextual")]
    sent = [value for name, value in request.variables.items() if name.startswith("representations")]
    assert list(zip(values, ids(sent), strict=True)) == [(1, ["1", "2"]), (2, ["1"]), (None, ["3"])]


def ids(sent: Sequence[Sequence[Mapping[str, Json]]]) -> list[list[str]]:
    return [[one["id"] for one in representations] for representations in sent]


async def test_the_value_is_that_of_the_type_above() -> None:
    data = await answer(UNION, "{ any { ... on V { u { f } } ... on W { u { f } } } }", Subgraph())
    assert data == {"any": [{"u": {"f": 110}}, {"u": {"f": 120}}]}


async def test_equal_values_at_several_paths_are_one_value() -> None:
    subgraph = Subgraph()
    source = "{ ts { us { f(of: 5) } } same: ts { us { f(of: 5) } } }"
    data = await answer(SHOP, source, subgraph)
    assert data["ts"] == data["same"]
    (request,) = subgraph.asked
    assert request.query.count("_entities(representations:") == 3
