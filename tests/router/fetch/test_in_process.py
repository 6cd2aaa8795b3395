"""Subgraphs without a network."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

import pytest
from graphql import build_schema, graphql

from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from router.request import Json
from tests.router.fetch.plans import context, root_ask

SCHEMA = build_schema("type Query { me: String }")


async def answer(request: SubgraphRequest) -> Mapping[str, Json]:
    result = await graphql(SCHEMA, request.query, {"me": lambda _: request.headers.get("authorization")})
    return result.formatted


async def test_a_schema_in_the_process_answers_as_over_http() -> None:
    source = InProcessSource({"products": answer}, mint=lambda subgraph, _: f"token-for-{subgraph}")
    (loaded,) = await source.load([root_ask()], context())
    assert (loaded.data, loaded.errors) == ({"me": "Bearer token-for-products"}, ())


async def test_a_subgraph_that_raises_is_a_failed_request(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: SubgraphRequest) -> Mapping[str, Json]:
        raise RuntimeError("secret")

    with caplog.at_level(logging.ERROR):
        (loaded,) = await InProcessSource({"products": fail}).load([root_ask()], context())
    assert [(error.message, error.code) for error in loaded.errors] == [
        ("The subgraph could not be reached.", "SUBREQUEST_HTTP_ERROR")
    ]
    assert "secret" in caplog.text


async def test_an_unknown_subgraph_cannot_be_reached() -> None:
    (loaded,) = await InProcessSource({}).load([root_ask()], context())
    assert loaded.errors[0].code == "SUBREQUEST_HTTP_ERROR"


@pytest.mark.parametrize("seconds", [0.05, -1.0])
async def test_the_deadline_holds_in_the_process_too(seconds: float) -> None:
    async def sleep(_: SubgraphRequest) -> Mapping[str, Json]:
        await asyncio.sleep(60)
        return {}

    (loaded,) = await InProcessSource({"products": sleep}).load([root_ask()], context(seconds))
    assert loaded.errors[0].message == "The subgraph did not answer in time."
