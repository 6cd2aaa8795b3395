"""The operations that tests of this subgraph send, and ids as the graph knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import PROJECT
from tests.subgraphs.tasks.making import COLLECTION, MODEL, SESSION, fresh

Json = Any

PROJECT_ID = encode("Project", PROJECT)
SESSION_ID = encode("Session", SESSION)
MODEL_ID = encode("ModelVersion", MODEL)
COLLECTION_ID = encode("Collection", COLLECTION)

ERRORS = """errors {
  __typename ... on UserError { code message path } ... on TaskNotCancellableError { status }
  ... on IdempotencyError { inProgress }
}"""
CREATE = f"""
mutation ($input: CreateTaskInput!) {{ createTask(input: $input) {{
  clientMutationId task {{ __typename id status attempt priority }} {ERRORS}
}} }}
"""
CANCEL = f"""
mutation ($input: CancelTaskInput!) {{ cancelTask(input: $input) {{
  clientMutationId task {{ id status failure {{ code message retryable }} }} {ERRORS}
}} }}
"""
TASK = """
query ($id: ID!) { task(id: $id) { __typename id status } }
"""
ENTITIES = """
query ($of: [_Any!]!) { _entities(representations: $of) {
  __typename
  ... on Task { id status }
  ... on Session { tasks { edges { node { id } } totalCount } }
  ... on Project { tasks { edges { node { id } } totalCount } }
} }
"""


def inference_input(**more: Json) -> dict[str, Any]:
    given = {
        "idempotencyKey": str(fresh()),
        "projectId": PROJECT_ID,
        "sessionId": SESSION_ID,
        "spec": {"inference": {"modelId": MODEL_ID, "input": {"question": "Why?"}}},
    }
    return {**given, **more}


def ingest_input(**more: Json) -> dict[str, Any]:
    spec = {"ingest": {"collectionId": COLLECTION_ID, "sourceUris": ["file:///srv/a.md", "file:///srv/b.md"]}}
    return inference_input(sessionId=None, spec=spec, **more)


async def create(tasks: Client, caller: InternalToken, input: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = (await tasks.data(caller, CREATE, input=input))["createTask"]
    return answer


async def created_id(tasks: Client, caller: InternalToken, input: Mapping[str, Any]) -> str:
    payload = await create(tasks, caller, input)
    assert payload["errors"] == []
    return str(payload["task"]["id"])


async def cancel(tasks: Client, caller: InternalToken, id: str, **more: Json) -> dict[str, Any]:
    answer: dict[str, Any] = (await tasks.data(caller, CANCEL, input={"taskId": id, **more}))["cancelTask"]
    return answer


def service(initiator: InternalToken) -> InternalToken:
    """The sessions subgraph, acting for somebody."""
    return replace(initiator, actor="sessions")
