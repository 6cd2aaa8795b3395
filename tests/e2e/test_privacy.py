"""Every field and every entity, asked by callers who know all ids: no PRIVATE row comes.

The questions are made from the schemas. Ada asks them too, and must see her rows: so the questions do find them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema

from router.dev.demo import ANSWERING_MODEL, EMBEDDING_MODEL, global_id
from router.dev.keys import PRINCIPAL, PROJECT
from schema.supergraph import Supergraph
from tests.e2e.platform import CHECKOUT, Platform, until
from tests.e2e.probe import Prober, Question, texts
from tests.e2e.strangers import ADA, STRANGERS, Caller, ask, router_token, subgraph_token, subgraph_urls

MARK = "Zanzibarium"  # a word that stands in private rows alone
SUBGRAPHS = ("sessions", "tasks", "models", "search")

SAY = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { task { id } errors { __typename } } }"
UPSERT = """mutation($input: UpsertDocumentsInput!) {
  upsertDocuments(input: $input) { documents { id } errors { __typename } } }"""
STATUS = "query($id: ID!) { task(id: $id) { status } }"
PRIVATE_IDS = """query($session: ID!, $project: ID!, $search: SearchInput!) {
  session(id: $session) { messages(last: 10) { edges { node { id generatedBy { id } } } } }
  tasks(projectId: $project, first: 50) { edges { node { id __typename } } }
  search(input: $search, first: 20) { edges { node { ... on DocumentHit { document { id } } } } }
}"""


@dataclass(frozen=True, slots=True)
class World:
    """What Ada owns. `ids` by type are what strangers know; `private` are those no answer may hold unasked."""

    ids: dict[str, list[str]]
    private: frozenset[str]


@pytest.fixture(scope="module")
def world(platform: Platform) -> World:
    """A private session, two private messages and a private document that hold the mark, and private tasks."""
    project, collection = global_id("Project", PROJECT), remembered(platform)["collection"]
    session = begin_session(platform, project)
    upsert(platform, collection)
    model = global_id("ModelVersion", ANSWERING_MODEL)
    answer = {"modelId": model, "retrieval": {"collectionIds": [collection]}}
    say = {"idempotencyKey": f"say-{MARK}", "sessionId": session, "parts": [{"text": f"Where is the {MARK}?"}]}
    sent = platform.ask(SAY, input={**say, "respondWith": answer})["data"]["sendMessage"]
    run(platform, sent["task"]["id"])
    return private_world(platform, session, project, collection)


def remembered(platform: Platform) -> dict[str, str]:
    found: dict[str, str] = json.loads((platform.data / "demo.json").read_text())
    return found


def begin_session(platform: Platform, project: str) -> str:
    wish = {"idempotencyKey": f"begin-{MARK}", "projectId": project, "title": f"About the {MARK}"}
    created = platform.ask("mutation($i: CreateSessionInput!) { createSession(input: $i) { session { id } } }", i=wish)
    session: str = created["data"]["createSession"]["session"]["id"]
    return session


def upsert(platform: Platform, collection: str) -> None:
    document = {"externalId": MARK, "title": MARK, "text": f"The {MARK} is a secret palace."}
    wish = {"idempotencyKey": f"upsert-{MARK}", "collectionId": collection, "documents": [document]}
    assert platform.ask(UPSERT, input=wish)["data"]["upsertDocuments"]["errors"] == []


def run(platform: Platform, task: str) -> None:
    def status() -> bool:
        found = platform.ask(STATUS, id=task)["data"]["task"]
        return bool(found) and found["status"] == "SUCCEEDED"

    until(60, status)


def private_world(platform: Platform, session: str, project: str, collection: str) -> World:
    search = {"query": MARK, "collectionIds": [collection]}
    data = platform.ask(PRIVATE_IDS, session=session, project=project, search=search)["data"]
    messages = [edge["node"]["id"] for edge in data["session"]["messages"]["edges"]]
    tasks = [edge["node"] for edge in data["tasks"]["edges"]]
    documents = sorted({edge["node"]["document"]["id"] for edge in data["search"]["edges"] if edge["node"]})
    by_kind = {
        kind: [one["id"] for one in tasks if one["__typename"] == kind] for kind in ("InferenceTask", "IngestTask")
    }
    private = {"Session": [session], "Message": messages, "Document": documents, **by_kind}
    private["Task"] = [one["id"] for one in tasks]
    public = {
        "Project": [project],
        "Principal": [global_id("Principal", PRINCIPAL)],
        "Collection": [collection],
        "ModelVersion": [global_id("ModelVersion", EMBEDDING_MODEL)],
    }
    return World({**private, **public}, frozenset(one for ids in private.values() for one in ids))


def leaks(answer: Any, question: Question, world: World) -> list[str]:  # noqa: ANN401 (any JSON)
    """What an answer tells of private rows: their ids, unless the question named them, and their text."""
    return [one for one in texts(answer) if one in world.private - question.named or MARK in one]


def subgraph_schema(name: str) -> GraphQLSchema:
    sdl = (CHECKOUT / "subgraphs" / name / "schema.graphql").read_text()
    return build_schema(sdl, assume_valid=True)


def subgraph_questions(name: str, world: World) -> Iterator[Question]:
    prober = Prober(subgraph_schema(name), world.ids, MARK)
    yield from prober.entity_questions()
    yield from prober.root_questions()


def graph_questions(platform: Platform, world: World) -> Iterator[Question]:
    supergraph = Supergraph.parse((platform.data / "supergraph.graphql").read_text())
    yield from Prober(supergraph.api_schema, world.ids, MARK).root_questions()


@pytest.mark.parametrize("name", SUBGRAPHS)
@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: one.name)
def test_a_subgraph_tells_a_stranger_nothing(platform: Platform, world: World, name: str, stranger: Caller) -> None:
    url, token = subgraph_urls(platform)[name], subgraph_token(platform, stranger, name)
    for question in subgraph_questions(name, world):
        answer = ask(url, token, question.query, question.variables)
        assert "data" in answer, (question.about, answer)
        assert leaks(answer, question, world) == [], (question.about, answer)


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: one.name)
def test_the_graph_tells_a_stranger_nothing(platform: Platform, world: World, stranger: Caller) -> None:
    url = f"http://127.0.0.1:{platform.port}/graphql"
    token = router_token(platform, stranger)
    for question in graph_questions(platform, world):
        answer = ask(url, token, question.query, question.variables)
        assert "data" in answer, (question.about, answer)
        assert leaks(answer, question, world) == [], (question.about, answer)


@pytest.mark.parametrize("name", ["sessions", "tasks", "search"])
def test_the_same_questions_show_ada_her_rows(platform: Platform, world: World, name: str) -> None:
    url, token = subgraph_urls(platform)[name], subgraph_token(platform, ADA, name)
    shown = {one for question in subgraph_questions(name, world) for one in found(url, token, question, world)}
    assert shown


def found(url: str, token: str, question: Question, world: World) -> list[str]:
    answer = ask(url, token, question.query, question.variables)
    assert "errors" not in answer, (question.about, answer["errors"])
    return leaks(answer["data"], question, world)


def test_the_same_questions_show_ada_her_rows_in_the_graph(platform: Platform, world: World) -> None:
    url, token = f"http://127.0.0.1:{platform.port}/graphql", router_token(platform, ADA)
    assert {one for question in graph_questions(platform, world) for one in found(url, token, question, world)}
