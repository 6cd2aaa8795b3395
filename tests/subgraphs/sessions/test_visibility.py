"""Nobody sees a PRIVATE row that is not theirs, through any field, `_entities` included."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from subgraphs.sessions.schema import schema
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import (
    ANN,
    BEN,
    CAT,
    DAN,
    EVE,
    FOREIGN_PROJECT,
    IMPOSTOR,
    NOBODY,
    OTHER_PROJECT,
    PROJECT,
    acting,
    principal_id,
)
from tests.subgraphs.kernel.probe import entities_operation, root_operations
from tests.subgraphs.sessions.operations import DOCUMENT, MODEL, RECORD, create, entities, send

GRAPH = schema._schema
TYPES = ("Session", "Message", "Task", "Principal", "Project")

SECRETS = {"of Ann": ANN, "of Ben": BEN, "of Cat": CAT, "of Eve": EVE}
PROJECTS = {"of Ann": PROJECT, "of Ben": PROJECT, "of Cat": OTHER_PROJECT, "of Eve": FOREIGN_PROJECT}
SEEN = [
    (ANN, {"of Ann", "of Ben"}),
    (BEN, {"of Ann", "of Ben"}),
    (CAT, {"of Cat"}),
    (DAN, set()),
    (EVE, {"of Eve"}),
    (NOBODY, set()),
    (IMPOSTOR, set()),
    (acting(CAT), {"of Cat"}),
]


@dataclass(frozen=True, slots=True)
class Conversation:
    session: str
    messages: tuple[str, str]
    task: str


@pytest_asyncio.fixture(scope="module")
async def conversations(sessions: Client) -> dict[str, Conversation]:
    return {secret: await converse(sessions, secret, caller) for secret, caller in SECRETS.items()}


async def converse(client: Client, secret: str, caller: InternalToken) -> Conversation:
    """Hold a conversation that says its secret wherever words can be."""
    more = {"title": secret, "systemPrompt": secret, "metadata": {"secret": secret}}
    session = (await create(client, caller, PROJECTS[secret], **more))["session"]["id"]
    payload = await send(client, caller, session, secret, respondWith={"modelId": MODEL})
    answer, task = payload["task"]["message"]["id"], payload["task"]["id"]
    said = {
        "taskId": task,
        "messageId": answer,
        "sessionId": session,
        "attempt": 1,
        "step": "answer",
        "status": "COMPLETE",
        "parts": [{"text": secret, "citations": [{"start": 0, "end": 2, "documentId": DOCUMENT}]}],
    }
    await client.data(acting(caller), RECORD, input=said)
    return Conversation(session, (payload["message"]["id"], answer), task)


def all_ids(conversations: dict[str, Conversation]) -> list[str]:
    ids = [id for one in conversations.values() for id in (one.session, *one.messages, one.task)]
    ids += [encode("Project", id) for id in PROJECTS.values()]
    principals = [caller.principal for caller in SECRETS.values()]
    return ids + [encode("Principal", id) for id in principals if id is not None]


def secrets_in(answer: Any) -> set[str]:  # noqa: ANN401 - any JSON value
    text = json.dumps(answer)
    return {secret for secret in SECRETS if secret in text}


@pytest.mark.parametrize(("caller", "seen"), SEEN, ids=["Ann", "Ben", "Cat", "Dan", "Eve", "nobody", "impostor", "act"])
class TestProbe:
    async def test_every_field_of_query(
        self, sessions: Client, conversations: dict[str, Conversation], caller: InternalToken, seen: set[str]
    ) -> None:
        answers = [
            await sessions.answer(caller, operation)
            for operation in root_operations(GRAPH, all_ids(conversations), depth=4)
        ]
        assert secrets_in(answers) == seen

    async def test_every_entity_under_every_type(
        self, sessions: Client, conversations: dict[str, Conversation], caller: InternalToken, seen: set[str]
    ) -> None:
        representations = [{"__typename": kind, "id": id} for kind in TYPES for id in all_ids(conversations)]
        answer = await sessions.answer(caller, entities_operation(GRAPH, depth=3), representations=representations)
        assert secrets_in(answer) == seen

    async def test_not_yours_and_not_there_are_one_answer(
        self, sessions: Client, conversations: dict[str, Conversation], caller: InternalToken, seen: set[str]
    ) -> None:
        hidden = [one for secret, one in conversations.items() if secret not in seen]
        representations = [{"__typename": "Session", "id": one.session} for one in hidden]
        representations += [{"__typename": "Message", "id": id} for one in hidden for id in one.messages]
        representations += [{"__typename": kind, "id": encode(kind, uuid4())} for kind in ("Session", "Message")]
        found = await entities(sessions, caller, "... on Session { title } ... on Message { role }", *representations)
        assert found == [None] * len(representations)


async def test_an_id_that_is_no_id_is_not_there(sessions: Client) -> None:
    id = UUID(int=1)
    bad: list[Any] = [
        "",
        "x",
        "%%%",
        "é",
        encode("Session", id) + "=",
        encode("Session", id)[:-2],
        encode("Nothing", id),
    ]
    bad += [None, 1, ["x"], {"a": 1}]
    representations = [{"__typename": kind, "id": text} for kind in TYPES for text in bad]
    found = await entities(sessions, ANN, "", *representations)
    assert found == [None] * len(representations)
    for name in ("session", "project"):
        query = f"query($id: ID!) {{ {name}(id: $id) {{ id }} }}"
        assert await sessions.data(ANN, query, id="nonsense") == {name: None}


async def test_a_task_is_named_without_being_known(sessions: Client) -> None:
    representations = [
        {"__typename": "Task", "id": encode(kind, uuid4())} for kind in ("InferenceTask", "IngestTask", "Session")
    ]
    found = await entities(sessions, ANN, "... on Task { message { id } }", *representations)
    assert found == [{"__typename": "Task", "message": None}, {"__typename": "Task", "message": None}, None]


async def test_of_another_principal_scopes_and_projects_are_not_known(
    sessions: Client, conversations: dict[str, Conversation]
) -> None:
    assert conversations
    fields = "... on Principal { scopes projects(first: 5) { edges { cursor } } }"
    (ben,) = await entities(sessions, ANN, fields, {"__typename": "Principal", "id": principal_id(BEN)})
    assert ben == {"__typename": "Principal", "scopes": [], "projects": {"edges": []}}
