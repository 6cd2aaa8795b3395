from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.router.door import Door, code_of, open_door

BODY = b'{"query": "mutation { write(text: \\"x\\") }"}'


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with open_door(tmp_path_factory.mktemp("door")) as opened:
        yield opened


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/plain; charset=utf-8",
        "application/x-www-form-urlencoded",
        "Multipart/Form-Data; boundary=x",
    ],
)
async def test_what_a_foreign_page_could_send_unasked_is_refused(door: Door, content_type: str) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await door.client.post("/graphql", content=BODY, headers=headers)
    assert (response.status_code, code_of(response.json())) == (400, "CSRF_ERROR")
    assert door.subgraphs.written == []


async def test_a_get_needs_a_header_too(door: Door) -> None:
    parameters = {"query": "{ __typename }"}
    assert code_of((await door.client.get("/graphql", params=parameters)).json()) == "CSRF_ERROR"
    for headers in ({"apollo-require-preflight": "1"}, {"content-type": "application/json"}):
        assert "data" in (await door.client.get("/graphql", params=parameters, headers=headers)).json()


async def test_health_needs_no_header(door: Door) -> None:
    assert (await door.client.get("/health")).status_code == 200


async def test_the_protection_can_be_switched_off_and_other_headers_named(tmp_path: Path) -> None:
    async with open_door(tmp_path, csrf={"unsafe_disabled": True}) as door:
        assert "data" in (await door.client.get("/graphql", params={"query": "{ __typename }"})).json()
    async with open_door(tmp_path, csrf={"required_headers": ["X-Ours"]}) as door:
        parameters = {"query": "{ __typename }"}
        assert "data" in (await door.client.get("/graphql", params=parameters, headers={"x-ours": "1"})).json()
        headers = {"apollo-require-preflight": "1"}
        assert "data" not in (await door.client.get("/graphql", params=parameters, headers=headers)).json()


async def test_foreign_pages_are_let_in_by_origin(tmp_path: Path) -> None:
    preflight = {"origin": "https://app", "access-control-request-method": "POST"}
    async with open_door(tmp_path, cors={"origins": ["https://app"]}) as door:
        allowed = await door.client.options("/graphql", headers=preflight)
        assert allowed.headers["access-control-allow-origin"] == "https://app"
        refused = await door.client.options("/graphql", headers={**preflight, "origin": "https://other"})
        assert "access-control-allow-origin" not in refused.headers
        answer = await door.client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": "https://app"})
        assert answer.headers["access-control-allow-origin"] == "https://app"
    async with open_door(tmp_path) as door:
        assert "access-control-allow-origin" not in (await door.client.options("/graphql", headers=preflight)).headers
