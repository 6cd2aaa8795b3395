"""What `make bench` serves and expects, through the router without a network."""

from __future__ import annotations

import time

import orjson
import pytest

from bench.subgraphs import answer as served
from bench.workloads import TOKEN, WORKLOADS, Workload
from router.fetch.in_process import InProcessSource, Subgraph
from router.fetch.subgraph_request import SubgraphRequest
from router.pipeline import Router, answer
from router.request import GraphQLRequest, Json, RequestContext
from router.snapshot import Snapshot

OTHER = "zq_0000abcd"


def source(workload: Workload) -> InProcessSource:
    def serve(name: str) -> Subgraph:
        async def run(request: SubgraphRequest) -> dict[str, Json]:
            body = orjson.dumps({"query": request.query, "variables": request.variables})
            head, _, content = served(f"/{workload.served_at}/{name}".encode(), body).partition(b"\r\n\r\n")
            assert head.endswith(f"content-length: {len(content)}".encode())
            return orjson.loads(content)  # type: ignore[no-any-return]  # JSON

        return run

    return InProcessSource({name: serve(name) for name in workload.graph.sdl})


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda one: one.name)
async def test_the_subgraphs_of_a_workload_give_the_expected_answer(workload: Workload) -> None:
    router = Router(Snapshot.load(workload.graph.supergraph("http://127.0.0.1")), source(workload))
    expected = orjson.dumps(workload.graph.expected(workload.query, workload.variables))
    for token in (TOKEN, OTHER):
        asked = orjson.loads(workload.body.replace(TOKEN, token))
        request = GraphQLRequest(asked["query"], variables=asked["variables"])
        response = await answer(request, RequestContext(time.monotonic() + 30), router)
        assert not response.errors
        assert response.data == orjson.loads(expected.replace(TOKEN.encode(), token.encode()))
