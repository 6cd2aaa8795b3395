"""Several operations in one request, as `BatchHttpLink` sends them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from router.request import Json, Response
from router.transport.batch import headers_of
from tests.router.door import Door, code_of, open_door, until

NAMES = {"query": "{ people { name } }"}
WRONG = {"query": "{ nothing }"}
MODERN = {"accept": "application/graphql-response+json"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    propagate = [{"propagate": {"named": "set-cookie"}}]
    settings = {"enabled": True, "mode": "batch_http_link", "maximum_size": 3}
    folder = tmp_path_factory.mktemp("door")
    async with open_door(folder, batching=settings, headers={"all": {"response": propagate}}) as opened:
        yield opened


async def send(door: Door, batch: list[Json], **headers: str) -> httpx.Response:
    return await door.client.post("/graphql", json=batch, headers=headers)


async def test_each_operation_is_answered_in_its_place(door: Door) -> None:
    first = {"query": "query ($first: Int!) { people(first: $first) { id } }", "variables": {"first": 1}}
    response = await send(door, [NAMES, WRONG, first])
    assert response.status_code == 200
    names, wrong, ids = response.json()
    assert names == {"data": {"people": [{"name": "Ada"}, {"name": "Alan"}]}}
    assert code_of(wrong) == "GRAPHQL_VALIDATION_FAILED"
    assert ids == {"data": {"people": [{"id": "1"}]}}


async def test_operations_do_not_wait_for_each_other(door: Door) -> None:
    door.subgraphs.delay = 1
    try:
        before = len(door.subgraphs.asked)
        sending = asyncio.create_task(send(door, [NAMES, {"query": "{ person(id: 1) { id } }"}]))
        await until(lambda: _has_asked(door, before + 2))
        assert not sending.done()
        response = await sending
    finally:
        door.subgraphs.delay = 0
    assert [list(one["data"]) for one in response.json()] == [["people"], ["person"]]


async def _has_asked(door: Door, times: int) -> bool:
    return len(door.subgraphs.asked) == times


async def test_one_that_is_no_request_costs_the_others_nothing(door: Door) -> None:
    response = await send(door, [7, NAMES, {"query": 7}])
    seven, names, wrong = response.json()
    assert (code_of(seven), code_of(wrong)) == ("BAD_REQUEST", "BAD_REQUEST")
    assert "data" in names


@pytest.mark.parametrize(
    ("batch", "status"), [([NAMES], 200), ([NAMES, WRONG], 200), ([WRONG, WRONG], 400), ([7, WRONG], 400)], ids=str
)
async def test_the_status_is_that_of_all_or_else_good(door: Door, batch: list[Json], status: int) -> None:
    response = await send(door, batch, **MODERN)
    assert response.status_code == status
    assert len(response.json()) == len(batch)


@pytest.mark.parametrize(
    ("batch", "status", "code"), [([NAMES] * 4, 422, "BATCH_LIMIT_EXCEEDED"), ([], 400, "BAD_REQUEST")]
)
async def test_a_batch_of_a_wrong_length_is_refused_whole(door: Door, batch: Json, status: int, code: str) -> None:
    asked = len(door.subgraphs.asked)
    for accept in ("application/json", MODERN["accept"]):
        response = await send(door, batch, accept=accept)
        assert (response.status_code, code_of(response.json())) == (status, code)
    assert len(door.subgraphs.asked) == asked


async def test_cookies_of_all_operations_are_set(door: Door) -> None:
    door.subgraphs.headers = [("set-cookie", "a=1"), ("set-cookie", "b=2; Path=/")]
    try:
        response = await send(door, [NAMES, NAMES])
    finally:
        door.subgraphs.headers = []
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2; Path=/"]


async def test_batches_are_off_unless_they_are_enabled(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        response = await send(door, [NAMES])
        assert (response.status_code, code_of(response.json())) == (400, "BATCHING_NOT_ENABLED")


def test_where_headers_of_answers_differ_the_last_one_counts() -> None:
    answers = [Response(headers=[("x-left", "9"), ("x-a", "1")]), Response(headers=[("x-left", "8")])]
    assert headers_of(answers) == [("x-left", "8"), ("x-a", "1")]
