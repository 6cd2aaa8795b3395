"""A subgraph over HTTP: who may ask, what errors look like, what a mutation tells."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import jwt
import pytest
import pytest_asyncio

from subgraphs.kernel.embedded import DatabaseUrls
from tests.subgraphs.kernel.kit import PRIVATE_KEYS, Client, router_token, service_token, serving, settings_for
from tests.subgraphs.kernel.notes import NOTES
from tests.subgraphs.kernel.people import ANN, BEN, CAT, DAN, EVE, NOBODY, acting


@pytest_asyncio.fixture(scope="module")
async def notes(database_urls: DatabaseUrls) -> AsyncIterator[Client]:
    async with serving(NOTES, settings_for(database_urls)) as client:
        yield client


async def test_health_and_the_sdl_need_no_token(notes: Client) -> None:
    assert (await notes.http.get("/health")).json() == {"status": "ok"}
    answer = await notes.answer(None, "{ _service { sdl } hello }")
    assert "type Query" in answer["data"]["_service"]["sdl"]


async def test_a_store_is_read_with_a_token_only(notes: Client) -> None:
    answer = await notes.answer(None, "{ notes }")
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert answer["errors"][0]["path"] == ["notes"]


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        router_token(ANN, "tasks"),
        router_token(ANN, "notes", exp=int(time.time()) - 60),
        router_token(ANN, "notes", iss="fedra-service"),
        router_token(ANN, "notes", sub="Ann"),
        router_token(ANN, "notes", tenant=""),
        router_token(acting(ANN), "notes"),
        jwt.encode({"tenant": "acme", "aud": "notes"}, "secret" * 8, algorithm="HS256", headers={"kid": "router"}),
        jwt.encode({"tenant": "acme", "aud": "notes"}, "", algorithm="none", headers={"kid": "router"}),
        jwt.encode({"tenant": "acme"}, PRIVATE_KEYS["stranger"], algorithm="EdDSA", headers={"kid": "stranger"}),
        jwt.encode({"tenant": "acme"}, PRIVATE_KEYS["stranger"], algorithm="EdDSA", headers={"kid": "router"}),
    ],
    ids=["no token", "audience", "expired", "issuer", "principal", "tenant", "actor", "HS256", "none", "kid", "key"],
)
async def test_a_token_that_is_not_ours_or_not_for_us_is_refused(notes: Client, token: str) -> None:
    response = await notes.post("{ hello }", token=token)
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_a_service_acts_for_an_initiator(notes: Client) -> None:
    response = await notes.post("{ notes }", token=service_token(ANN, "notes"))
    assert response.status_code == 200
    assert "errors" not in response.json()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($x: Int!) { hello @skip(if: $x) }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ refused }", "BAD_USER_INPUT"),
        ("{ broken }", "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_every_error_has_a_code(notes: Client, query: str, code: str) -> None:
    answer = await notes.answer(ANN, query)
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert ("data" in answer) == (query in {"{ refused }", "{ broken }"})
    assert "secret" not in str(answer)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"query": 1}', b'{"query": ""}', b'{"query": "{hello}", "variables": []}']
)
async def test_a_body_that_is_no_request_is_a_bad_request(notes: Client, body: bytes) -> None:
    response = await notes.http.post("/graphql", content=body)
    expected = 200 if b"[]}" in body else 400  # an empty list of variables is none
    assert response.status_code == expected


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("query A { hello } query B { hello }", None),
        ("query A { hello } query B { hello }", "C"),
        ("query A { hello }", "B"),
        ("fragment F on Query { hello }", None),
    ],
)
async def test_an_operation_that_is_not_named_among_several_or_not_there_is_an_error(
    notes: Client, query: str, name: str | None
) -> None:
    response = await notes.http.post("/graphql", json={"query": query, "operationName": name})
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error["extensions"] == {"code": "OPERATION_RESOLUTION_FAILURE"}


async def test_the_operation_that_is_named_is_run(notes: Client) -> None:
    body = {"query": "query A { hello } query B { again: hello }", "operationName": "B"}
    assert (await notes.http.post("/graphql", json=body)).json() == {"data": {"again": "hello"}}


async def test_a_mutation_answers_what_it_touched_and_tells_it_in_the_outbox(notes: Client) -> None:
    answer = await notes.answer(ANN, 'mutation { write(key: "1", body: "first") }')
    assert answer["extensions"] == {"fedra": {"touched": ["note:first"]}}
    again = await notes.answer(ANN, 'mutation { write(key: "1", body: "first") }')
    assert again == answer
    assert "extensions" not in await notes.answer(ANN, "{ notes }")


async def test_a_key_used_for_another_request_is_an_error_of_the_payload(notes: Client) -> None:
    await notes.data(ANN, 'mutation { write(key: "2", body: "second") }')
    assert await notes.data(ANN, 'mutation { write(key: "2", body: "other") }') == {"write": "IDEMPOTENCY_KEY_REUSED"}
    assert (await notes.data(BEN, 'mutation { write(key: "2", body: "other") }'))["write"] != "IDEMPOTENCY_KEY_REUSED"


async def test_of_two_uses_of_a_key_at_once_one_runs(notes: Client) -> None:
    mutation = 'mutation { write(key: "at once", body: "once") }'
    answers = await asyncio.gather(*(notes.data(ANN, mutation) for _ in range(4)))
    assert len({answer["write"] for answer in answers}) == 1
    assert (await notes.data(ANN, "{ notes }"))["notes"].count("once") == 1


async def test_a_caller_sees_what_is_theirs_or_their_projects(notes: Client) -> None:
    await notes.data(DAN, 'mutation { write(key: "3", body: "of Dan") }')
    assert "first" in (await notes.data(BEN, "{ notes }"))["notes"]
    assert (await notes.data(CAT, "{ notes }"))["notes"] == []
    assert (await notes.data(DAN, "{ notes }"))["notes"] == ["of Dan"]
    assert (await notes.data(EVE, "{ notes }"))["notes"] == []
    assert (await notes.data(NOBODY, "{ notes }"))["notes"] == []


async def test_statements_are_counted(notes: Client) -> None:
    assert await notes.statements(ANN, "{ hello }") == 0
    assert await notes.statements(ANN, "{ notes }") == 1
    assert await notes.statements(ANN, "{ notes again: notes }") == 2


async def test_what_a_new_connection_or_a_transaction_takes_is_not_counted(notes: Client) -> None:
    at_once = [notes.statements(ANN, "{ notes again: notes }") for _ in range(8)]  # more than there are connections yet
    assert await asyncio.gather(*at_once) == [2] * 8
    written = 'mutation { write(key: "counted", body: "counted") }'
    assert await notes.statements(ANN, written) == 6  # three find the key, one notes its use


async def test_a_request_ends_at_its_deadline(notes: Client) -> None:
    response = await notes.http.post("/graphql", json={"query": "{ slow }"}, headers={"fedra-deadline": "5"})
    assert response.status_code == 504
    assert response.json()["errors"][0]["extensions"] == {"code": "REQUEST_TIMEOUT"}
