"""`createSession`, and what is then seen of the session."""

from __future__ import annotations

from typing import Any

import pytest

from subgraphs.kernel.database import Database
from subgraphs.kernel.global_id import decode, encode
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, DAN, EVE, NOBODY, OTHER_PROJECT, PROJECT, principal_id
from tests.subgraphs.sessions.operations import CREATE, MODEL, create, new_session


async def test_a_session_is_the_callers_and_in_the_project(sessions: Client) -> None:
    payload = await create(
        sessions, ANN, title="Plans", defaultModelId=MODEL, systemPrompt="Be kind.", metadata={"a": [1]}
    )
    session = payload["session"]
    assert payload["errors"] == []
    assert session["createdAt"].endswith("Z")
    assert {key: session[key] for key in session.keys() - {"id", "createdAt"}} == {
        "title": "Plans",
        "status": "ACTIVE",
        "messageCount": 0,
        "metadata": {"a": [1]},
        "systemPrompt": "Be kind.",
        "owner": {"id": principal_id(ANN)},
        "project": {"id": encode("Project", PROJECT), "name": "Apples"},
        "defaultModel": {"id": MODEL},
    }


async def test_it_answers_and_tells_what_it_touched(sessions: Client, database: Database) -> None:
    input = {"idempotencyKey": "touch", "projectId": encode("Project", PROJECT), "clientMutationId": "42"}
    answer = await sessions.answer(ANN, CREATE, input=input)
    payload = answer["data"]["createSession"]
    tag = f"session:{payload['session']['id']}"
    assert payload["clientMutationId"] == "42"
    assert answer["extensions"] == {"fedra": {"touched": [tag]}}
    assert await sessions.answer(ANN, CREATE, input=input) == answer  # a retry
    id = decode("Session", payload["session"]["id"])
    async with database.as_system() as connection:
        created = await connection.fetch(
            "SELECT id FROM sessions.session WHERE created_at >= (SELECT created_at FROM"
            " sessions.session WHERE id = $1)",
            id,
        )
    assert [row["id"] for row in created] == [id]


async def test_a_key_of_another_request_is_an_idempotency_error(sessions: Client) -> None:
    first = await create(sessions, ANN, idempotencyKey="same", title="one")
    again = await create(sessions, ANN, idempotencyKey="same", title="one", clientMutationId="other")
    assert again["session"] == first["session"]
    other = await create(sessions, ANN, idempotencyKey="same", title="two")
    assert other["session"] is None
    assert other["errors"][0]["__typename"] == "IdempotencyError"
    assert (await create(sessions, BEN, idempotencyKey="same", title="two"))["errors"] == []


@pytest.mark.parametrize(
    ("more", "kind", "path"),
    [
        ({"title": "x" * 201}, "ValidationError", ["title"]),
        ({"title": "a\0b"}, "ValidationError", ["title"]),
        ({"systemPrompt": "x" * 100_001}, "ValidationError", ["systemPrompt"]),
        ({"metadata": [1]}, "ValidationError", ["metadata"]),
        ({"metadata": {"a": "\0"}}, "ValidationError", ["metadata"]),
        ({"metadata": {"a": "x" * 20_000}}, "ValidationError", ["metadata"]),
        ({"idempotencyKey": " "}, "ValidationError", ["idempotencyKey"]),
        ({"projectId": "nonsense"}, "NotFoundError", ["projectId"]),
        ({"projectId": encode("Project", OTHER_PROJECT)}, "NotFoundError", ["projectId"]),
        ({"defaultModelId": encode("Project", PROJECT)}, "NotFoundError", ["defaultModelId"]),
    ],
)
async def test_what_is_wrong_with_the_input_is_said_in_the_payload(
    sessions: Client, more: dict[str, Any], kind: str, path: list[str]
) -> None:
    payload = await create(sessions, ANN, **more)
    assert payload["session"] is None
    assert [(error["__typename"], error["path"]) for error in payload["errors"]] == [(kind, path)]


async def test_a_project_one_is_no_member_of_is_not_there(sessions: Client) -> None:
    for stranger in (DAN, EVE):
        assert (await create(sessions, stranger))["errors"][0]["__typename"] == "NotFoundError"


async def test_without_a_principal_nothing_is_created(sessions: Client) -> None:
    input = {"idempotencyKey": "nobody", "projectId": encode("Project", PROJECT)}
    answer = await sessions.answer(NOBODY, CREATE, input=input)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_a_refused_mutation_leaves_its_key_free(sessions: Client) -> None:
    refused = await create(sessions, ANN, OTHER_PROJECT, idempotencyKey="free")
    assert refused["errors"]
    assert (await create(sessions, ANN, idempotencyKey="free"))["errors"] == []


async def test_a_session_is_found_by_its_id(sessions: Client) -> None:
    id = await new_session(sessions, ANN, title="found")
    assert await sessions.data(ANN, "query($id: ID!) { session(id: $id) { title } }", id=id) == {
        "session": {"title": "found"}
    }
