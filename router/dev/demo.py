"""The demo: this repository's own Markdown, ingested by a real task, and a conversation that cites it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from router.dev.client import Client, DemoFailed
from router.dev.keys import PROJECT

TASK_SECONDS = 120.0
QUESTION = "What does Fedra give a team that builds AI back ends?"
EMBEDDING_MODEL = "01890000-0000-7000-8000-000000000030"
ANSWERING_MODEL = "01890000-0000-7000-8000-000000000031"

CREATE_COLLECTION = """mutation CreateCollection($input: CreateCollectionInput!) {
  createCollection(input: $input) { collection { id } errors { ... on UserError { message } } } }"""
CREATE_TASK = """mutation CreateTask($input: CreateTaskInput!) {
  createTask(input: $input) { task { id } errors { ... on UserError { message } } } }"""
CREATE_SESSION = """mutation CreateSession($input: CreateSessionInput!) {
  createSession(input: $input) { session { id } errors { ... on UserError { message } } } }"""
SEND_MESSAGE = """mutation SendMessage($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id } task { id } errors { ... on UserError { message } } } }"""
TASK_STATUS = """query TaskStatus($id: ID!) { task(id: $id) { status failure { message } } }"""
WELCOME = """query Welcome($session: ID!, $project: ID!) {
  session(id: $session) {
    title
    messages(last: 1) { edges { node {
      role
      parts { ... on TextPart { text annotations { document { title } } } }
      model { number model { name } costLast24hUsd(projectId: $project) }
      generatedBy { status progress { fraction } }
    } } }
  }
  search(input: {query: "federation router"}, first: 2) { edges { node { score snippet } } }
}"""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the first query is about: global ids."""

    collection: str
    session: str

    def variables(self) -> dict[str, str]:
        return {"session": self.session, "project": global_id("Project", PROJECT)}


def global_id(type_name: str, uuid: str) -> str:
    """Name a node for clients: base64url of `Type:uuid`."""
    return base64.urlsafe_b64encode(f"{type_name}:{uuid}".encode()).decode().rstrip("=")


async def prepare(client: Client, documents: Path, memory: Path) -> Demo:
    """Ingest the README and hold the conversation, once; what was made is remembered in the file `memory`."""
    if memory.exists():
        return Demo(**json.loads(memory.read_text()))
    collection = await _create_collection(client)
    await _finish(client, await ingest(client, collection, [documents / "README.md"]))
    session = await _converse(client, collection)
    demo = Demo(collection, session)
    memory.write_text(json.dumps({"collection": demo.collection, "session": demo.session}))
    return demo


async def ingest(client: Client, collection: str, files: Sequence[Path]) -> str:
    """Create one task that reads files into the collection; the same content gives the same task. Gives its id."""
    content = hashlib.sha256()
    for file in files:
        content.update(file.read_bytes())
    spec = {"ingest": {"collectionId": collection, "sourceUris": [file.resolve().as_uri() for file in files]}}
    created = await _create(client, CREATE_TASK, f"ingest-{content.hexdigest()[:16]}", spec=spec)
    return str(created["task"]["id"])


def other_documents(documents: Path) -> list[Path]:
    """List the Markdown of the repository besides its README, in a stable order."""
    found = [*documents.glob("*.md"), *documents.glob("docs/**/*.md")]
    return sorted(file for file in found if file.name != "README.md")


async def _create_collection(client: Client) -> str:
    model = global_id("ModelVersion", EMBEDDING_MODEL)
    created = await _create(client, CREATE_COLLECTION, "demo-collection", name="repository", embeddingModelId=model)
    return str(created["collection"]["id"])


async def _converse(client: Client, collection: str) -> str:
    model = global_id("ModelVersion", ANSWERING_MODEL)
    made = await _create(client, CREATE_SESSION, "demo-session", title="Getting to know Fedra", defaultModelId=model)
    session = str(made["session"]["id"])
    wish = {
        "idempotencyKey": "demo-question",
        "sessionId": session,
        "parts": [{"text": QUESTION}],
        "respondWith": {"modelId": model, "retrieval": {"collectionIds": [collection], "topK": 6}},
    }
    sent = _unless_refused(await client.ask(SEND_MESSAGE, {"input": wish}))
    await _finish(client, str(sent["task"]["id"]))
    return session


async def _create(client: Client, mutation: str, key: str, **fields: object) -> Mapping[str, Any]:
    wish = {"idempotencyKey": key, "projectId": global_id("Project", PROJECT), **fields}
    return _unless_refused(await client.ask(mutation, {"input": wish}))


def _unless_refused(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the payload of the one mutation field. Raises: DemoFailed with the first error of the payload."""
    payload: Mapping[str, Any] = next(iter(data.values()))
    if payload["errors"]:
        raise DemoFailed(payload["errors"][0]["message"])
    return payload


async def _finish(client: Client, task: str) -> None:
    """Wait for a task to end well. It may not be known yet: messages reach the task store through an outbox."""
    deadline = time.monotonic() + TASK_SECONDS
    while time.monotonic() < deadline:
        found = (await client.ask(TASK_STATUS, {"id": task}))["task"]
        if found and found["status"] == "SUCCEEDED":
            return
        if found and found["status"] in {"FAILED", "CANCELLED", "TIMED_OUT", "CRASHED"}:
            raise DemoFailed(f"A task ended as {found['status']}: {(found['failure'] or {}).get('message', '')}")
        await asyncio.sleep(0.2)
    raise DemoFailed(f"A task did not end within {TASK_SECONDS:.0f} s.")
