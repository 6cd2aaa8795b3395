"""What is asked alike at several paths is asked once."""

from __future__ import annotations

import time
from collections.abc import Mapping

from router.execution.complete import complete
from router.execution.execute import Execution, execute
from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from router.operation.normalize import normalize
from router.operation.variables import Variables
from router.request import Json, RequestContext
from tests.router.planner.planner import federation, operation_of

SHOP = federation(
    lists='type Query { best: Product new: [Product!]! } type Product @key(fields: "id") { id: ID! }',
    names='type Product @key(fields: "id") { id: ID! name: String price: Int }',
)
LISTS: Mapping[str, Json] = {
    "best": {"__typename": "Product", "id": "2"},
    "new": [{"__typename": "Product", "id": "1"}, {"__typename": "Product", "id": "2"}],
}


def _product(id: str) -> Mapping[str, Json]:
    return {"name": f"name {id}", "price": int(id)}


async def run(source: str, asked: list[SubgraphRequest], errors: list[Json]) -> Execution:
    """Execute over two subgraphs; what `names` is asked is kept."""

    async def lists(_: SubgraphRequest) -> Mapping[str, Json]:
        return {"data": LISTS}

    async def names(request: SubgraphRequest) -> Mapping[str, Json]:
        asked.append(request)
        sent = ((name, value) for name, value in request.variables.items() if name.startswith("representations"))
        named = {name.removeprefix("representations_"): [_product(one["id"]) for one in each] for name, each in sent}
        data = {"_entities" if name == "representations" else name: products for name, products in named.items()}
        return {"errors": errors} if errors else {"data": data}

    context = RequestContext(deadline=time.monotonic() + 10)
    in_process = InProcessSource({"lists": lists, "names": names})
    return await execute(SHOP.query_plan(source), Variables({}), context, in_process, SHOP.supergraph)


async def test_each_distinct_entity_of_all_paths_is_sent_once() -> None:
    asked: list[SubgraphRequest] = []
    source = "{ best { name } new { name } }"
    execution = await run(source, asked, [])
    (request,) = asked
    assert request.query == (
        "query($representations:[_Any!]!){_entities(representations:$representations){... on Product{name}}}"
    )
    assert [one["id"] for one in request.variables["representations"]] == ["2", "1"]
    operation = normalize(*operation_of(source), SHOP.supergraph.api_schema)
    assert complete(operation, Variables({}), execution, SHOP.supergraph).data == {
        "best": {"name": "name 2"},
        "new": [{"name": "name 1"}, {"name": "name 2"}],
    }


async def test_what_is_asked_differently_stays_apart() -> None:
    asked: list[SubgraphRequest] = []
    await run("{ best { name } new { price } }", asked, [])
    (request,) = asked
    assert [name for name in request.variables if name.startswith("representations")] == [
        "representations__e0",
        "representations__e1",
    ]


async def test_an_error_without_a_path_stands_at_each_of_the_paths() -> None:
    execution = await run("{ best { name } new { name } }", [], [{"message": "Down."}])
    assert [error.path for error in execution.errors] == [("best",), ("new",)]
