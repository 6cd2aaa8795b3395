from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

import pytest

from router.fetch.in_process import InProcessSource
from router.fetch.source import Answer, Ask
from router.fetch.subgraph_request import SubgraphRequest
from router.pipeline import Router, answer
from router.request import GraphQLRequest, Identity, Json, RequestContext, Response
from router.snapshot import Snapshot
from tests.router.door import SUPERGRAPH

SNAPSHOT = Snapshot.load(SUPERGRAPH)


class BrokenSource:
    """A fault of ours: a source that raises."""

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        raise RuntimeError(f"a secret of the router: {len(asks)} {context.deadline}")


async def people(_request: SubgraphRequest) -> Mapping[str, Json]:
    return {"data": {"people": [{"name": "Ada", "email": "ada@example.com"}]}}


def context(identity: Identity | None = None) -> RequestContext:
    return RequestContext(time.monotonic() + 5, identity)


async def run(query: str, router: Router, identity: Identity | None = None) -> Response:
    return await answer(GraphQLRequest(query), context(identity), router)


async def test_a_fault_of_ours_is_logged_in_full_and_shown_without_detail(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = await run("{ people { name } }", Router(SNAPSHOT, BrokenSource()))
    assert response.to_json() == {
        "errors": [{"message": "Internal server error.", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]
    }
    assert (response.status, response.json_status) == (500, 500)
    assert "a secret of the router" in caplog.text


async def test_what_is_refused_is_null_even_where_a_subgraph_sends_it_unasked() -> None:
    router = Router(SNAPSHOT, InProcessSource({"people": people}))
    response = await run("{ people { name email } }", router)
    assert response.data == {"people": [{"name": "Ada", "email": None}]}


async def test_a_refusal_that_the_variables_leave_out_is_no_error() -> None:
    router = Router(SNAPSHOT, InProcessSource({"people": people}))
    query = "query ($full: Boolean!) { people { name email @include(if: $full) } }"
    for full, errors in [(False, 0), (True, 1)]:
        response = await answer(GraphQLRequest(query, variables={"full": full}), context(), router)
        assert len(response.errors) == errors


async def test_one_plan_serves_all_who_lack_the_same() -> None:
    snapshot = Snapshot.load(SUPERGRAPH)
    prepared = await snapshot.prepared.get("{ people { email } }", None)
    nobody, ada, granted = (
        prepared.guards.verdict(identity)
        for identity in (None, Identity("t", "ada"), Identity("t", "alan", policies=frozenset({"pii.read"})))
    )
    plans = [await snapshot.plans.get(prepared, verdict, frozenset()) for verdict in (nobody, ada, granted)]
    assert plans[0] is plans[1]
    assert plans[1] is not plans[2]
