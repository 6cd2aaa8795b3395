"""What the tests of sessions do over and over."""

from __future__ import annotations

from itertools import count
from typing import Any
from uuid import UUID

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import PROJECT

Json = Any

MODEL = encode("ModelVersion", UUID("01890000-0000-7000-8000-000000000031"))
DOCUMENT = encode("Document", UUID("01890000-0000-7000-8000-000000000d0c"))
COLLECTION = encode("Collection", UUID("01890000-0000-7000-8000-000000000c01"))

CREATE = """
mutation($input: CreateSessionInput!) {
  createSession(input: $input) {
    clientMutationId
    session {
      id title status messageCount metadata systemPrompt createdAt
      owner { id } project { id name } defaultModel { id }
    }
    errors { __typename ... on UserError { code message path } }
  }
}"""

SEND = """
mutation($input: SendMessageInput!) {
  sendMessage(input: $input) {
    clientMutationId
    message {
      id sequence role status author { id } parent { id } parts { ... on TextPart { text annotations { start } } }
    }
    task { id message { id sequence role status model { id } parent { id } } }
    errors { __typename ... on UserError { code path } ... on SessionBusyError { runningTask { id } } }
  }
}"""

RECORD = """
mutation($input: RecordMessageInput!) {
  recordMessage(input: $input) {
    message {
      id status model { id } usage { inputTokens outputTokens cachedInputTokens reasoningTokens }
      parts { ... on TextPart { text annotations { start end score document { id } } } }
    }
    task { id }
    errors { __typename ... on UserError { code path } ... on ConflictError { currentVersion } }
  }
}"""

ENTITIES = "query($representations: [_Any!]!) { _entities(representations: $representations) { __typename %s } }"

_keys = count()


def fresh_key() -> str:
    return f"key {next(_keys)}"


async def create(client: Client, caller: InternalToken, project: UUID = PROJECT, **more: Json) -> Json:
    """Create a session; the payload."""
    input = {"idempotencyKey": fresh_key(), "projectId": encode("Project", project), **more}
    return (await client.data(caller, CREATE, input=input))["createSession"]


async def new_session(client: Client, caller: InternalToken, **more: Json) -> str:
    """Create a session; its id."""
    id: str = (await create(client, caller, **more))["session"]["id"]
    return id


async def send(client: Client, caller: InternalToken, session_id: str, text: str = "hello", **more: Json) -> Json:
    """Send a message; the payload."""
    input = {"idempotencyKey": fresh_key(), "sessionId": session_id, "parts": [{"text": text}], **more}
    return (await client.data(caller, SEND, input=input))["sendMessage"]


async def entities(client: Client, caller: InternalToken, fields: str, *representations: Json) -> list[Json]:
    """Resolve representations."""
    data = await client.data(caller, ENTITIES % fields, representations=representations)
    found: list[Json] = data["_entities"]
    return found
