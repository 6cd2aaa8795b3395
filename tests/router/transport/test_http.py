"""GraphQL over HTTP, spoken over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from router.request import Json
from tests.router.door import Door, code_of, open_door

NAMES = {"data": {"people": [{"name": "Ada"}, {"name": "Alan"}]}}
PREFLIGHT = {"apollo-require-preflight": "true"}
MODERN = "application/graphql-response+json"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with open_door(tmp_path_factory.mktemp("door")) as opened:
        yield opened


async def post(door: Door, body: Json, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await door.client.post("/graphql", content=content, headers={"content-type": "application/json", **headers})


async def test_an_operation_is_asked_by_post(door: Door) -> None:
    response = await post(door, {"query": "{ people { name } }"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.json() == NAMES


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"']
)
async def test_the_body_is_json_in_utf_8(door: Door, content_type: str) -> None:
    response = await post(door, {"query": "{ people { name } }"}, **{"content-type": content_type})
    assert response.json() == NAMES


async def test_every_parameter_counts(door: Door) -> None:
    response = await post(
        door,
        {
            "query": "query A { __typename } query B($first: Int!) { people(first: $first) { id } }",
            "operationName": "B",
            "variables": {"first": 1},
            "extensions": {"anything": 1},
            "unknown": 1,
        },
    )
    assert response.json() == {"data": {"people": [{"id": "1"}]}}


async def test_parameters_that_are_null_are_absent(door: Door) -> None:
    body = {"query": "{ people { name } }", "operationName": None, "variables": None, "extensions": None}
    assert (await post(door, body)).json() == NAMES


async def test_a_query_may_be_asked_by_get(door: Door) -> None:
    parameters = {
        "query": "query Q($first: Int!) { people(first: $first) { name } }",
        "operationName": "Q",
        "variables": '{"first": 2}',
        "extensions": "",
    }
    response = await door.client.get("/graphql", params=parameters, headers=PREFLIGHT)
    assert response.json() == NAMES


async def test_a_mutation_may_not_be_asked_by_get(door: Door) -> None:
    for accept in (MODERN, "application/json"):
        headers = {**PREFLIGHT, "accept": accept}
        response = await door.client.get("/graphql", params={"query": 'mutation { write(text: "x") }'}, headers=headers)
        assert (response.status_code, code_of(response.json())) == (405, "MUTATION_FORBIDDEN")
        assert response.headers["allow"] == "POST"
    assert door.subgraphs.written == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused(door: Door, method: str) -> None:
    response = await door.client.request(method, "/graphql", headers=PREFLIGHT)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


async def test_a_media_type_that_is_not_ours_is_refused(door: Door) -> None:
    response = await post(door, {"query": "{ __typename }"}, accept="text/html")
    assert (response.status_code, code_of(response.json())) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "content_type", ["application/graphql", "application/xml", "application/json; charset=latin-1"]
)
async def test_a_body_that_is_not_json_is_refused_by_its_type(door: Door, content_type: str) -> None:
    response = await post(door, {"query": "{ __typename }"}, **{"content-type": content_type})
    assert (response.status_code, code_of(response.json())) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_REQUEST"),
        (b"{", "BAD_REQUEST"),
        (b"\xff", "BAD_REQUEST"),
        (b'{"query": "{ \\ud800 }"}', "BAD_REQUEST"),
        (b"NaN", "BAD_REQUEST"),
        (b"[" * 5_000, "BAD_REQUEST"),
        (7, "BAD_REQUEST"),
        ("{ __typename }", "BAD_REQUEST"),
        ([{"query": "{ __typename }"}], "BATCHING_NOT_ENABLED"),
        ({}, "BAD_REQUEST"),
        ({"query": None}, "BAD_REQUEST"),
        ({"query": 7}, "BAD_REQUEST"),
        ({"query": "{ __typename }", "operationName": 7}, "BAD_REQUEST"),
        ({"query": "{ __typename }", "variables": []}, "BAD_REQUEST"),
        ({"query": "{ __typename }", "variables": "{}"}, "BAD_REQUEST"),
        ({"query": "{ __typename }", "extensions": 1}, "BAD_REQUEST"),
    ],
    ids=lambda one: str(one)[:40],
)
async def test_a_body_that_is_no_request_is_refused(door: Door, body: Json, code: str) -> None:
    for accept in (MODERN, "application/json"):
        response = await post(door, body, accept=accept)
        assert (response.status_code, code_of(response.json())) == (400, code)
    assert await door.works()


@pytest.mark.parametrize(
    "parameters",
    [{}, {"query": ""}, {"query": "{ __typename }", "variables": "{"}, {"query": "{ __typename }", "variables": "[]"}],
    ids=str,
)
async def test_a_get_that_is_no_request_is_refused(door: Door, parameters: dict[str, str]) -> None:
    response = await door.client.get("/graphql", params=parameters, headers=PREFLIGHT)
    assert (response.status_code, code_of(response.json())) == (400, "BAD_REQUEST")


async def test_an_error_in_execution_is_not_an_error_of_http(door: Door) -> None:
    for accept in (MODERN, "application/json"):
        response = await post(door, {"query": "{ fails }"}, accept=accept)
        assert response.status_code == 200
        assert response.json()["data"] == {"fails": None}


async def test_a_client_that_leaves_harms_nobody(door: Door) -> None:
    host, port = door.client.base_url.host, door.client.base_url.port
    for part in (
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
        b"x",
    ):
        _, writer = await asyncio.open_connection(host, port)
        writer.write(part)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert await door.works()


async def test_a_path_of_its_own(door: Door) -> None:
    response = await door.client.post("/graphql/", json={"query": "{ __typename }"})
    assert response.status_code == 404
