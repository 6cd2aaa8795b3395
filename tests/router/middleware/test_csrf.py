from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.router.door import Door, code_of, open_door
from tests.router.transport.raw import exchange, post

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
        "TEXT/PLAIN",
        "text/plain ;application/json",
        "text/plain; charset=application/json",
        ";application/json",
    ],
)
async def test_what_a_foreign_page_could_send_unasked_is_refused(door: Door, content_type: str) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await door.client.post("/graphql", content=BODY, headers=headers)
    assert (response.status_code, code_of(response.json())) == (400, "CSRF_ERROR")
    assert door.subgraphs.written == []


@pytest.mark.parametrize("order", [1, -1])
async def test_one_simple_content_type_among_several_is_enough_to_refuse(door: Door, order: int) -> None:
    content_types = ["application/json", "text/plain"][::order]
    response = await exchange(door, post(BODY, *(f"content-type: {one}" for one in content_types)))
    assert response.status == 400
    assert door.subgraphs.written == []


async def test_a_form_s_file_or_beacon_is_refused(door: Door) -> None:
    form = {"operations": (None, '{"query": "mutation { write(text: \\"x\\") }"}'), "map": (None, "{}")}
    assert code_of((await door.client.post("/graphql", files=form)).json()) == "CSRF_ERROR"
    beacon = {"content-type": "text/plain;charset=UTF-8", "origin": "https://evil", "sec-fetch-mode": "no-cors"}
    assert code_of((await door.client.post("/graphql", content=BODY, headers=beacon)).json()) == "CSRF_ERROR"
    query = {"query": "{ __typename }"}
    image = {"accept": "image/avif,*/*", "sec-fetch-dest": "image", "cookie": "session=1"}
    assert code_of((await door.client.get("/graphql", params=query, headers=image)).json()) == "CSRF_ERROR"


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


async def test_a_protection_that_is_only_measured_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with open_door(tmp_path, csrf={"mode": "measure"}) as door:
        response = await door.client.get("/graphql", params={"query": "{ people { name } }"})
    assert "data" in response.json()
    assert "a request may be forged" in [record.message for record in caplog.records]
