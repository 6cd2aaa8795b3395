"""`node` and `nodes` on the whole platform: each node by its global id, and nothing for strangers."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from router.dev.demo import ANSWERING_MODEL, EMBEDDING_MODEL, global_id
from router.dev.keys import PRINCIPAL, PROJECT
from tests.e2e.platform import Platform
from tests.e2e.strangers import ADA, STRANGERS, Caller, ask, router_token

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
PRIVATE = """query ($session: ID!, $project: ID!, $search: SearchInput!) {
  session(id: $session) { id messages(last: 2) { edges { node { id } } } }
  tasks(projectId: $project, first: 5) { edges { node { id } } }
  search(input: $search, first: 3) { edges { node { ... on DocumentHit { document { id } } } } }
}"""
DETAILS = """query ($ids: [ID!]!) { nodes(ids: $ids) {
  id
  ... on Session { title }
  ... on Task { status }
  ... on Document { title }
  ... on ModelVersion { number model { name } }
} }"""
NOBODY = str(UUID(int=7))
PUBLIC = {
    "Principal": PRINCIPAL,
    "Project": PROJECT,
    "ModelVersion": EMBEDDING_MODEL,
    "RegisteredModel": "01890000-0000-7000-8000-000000000021",
    "ServingEndpoint": "01890000-0000-7000-8000-000000000040",
}


@pytest.fixture(scope="module")
def private_ids(platform: Platform) -> list[str]:
    """Ids of Ada's session, messages, tasks and documents."""
    demo = json.loads((platform.data / "demo.json").read_text())
    search = {"query": "federation router", "targets": ["DOCUMENT"], "collectionIds": [demo["collection"]]}
    found = platform.ask(PRIVATE, session=demo["session"], project=global_id("Project", PROJECT), search=search)
    data = found["data"]
    messages = [edge["node"]["id"] for edge in data["session"]["messages"]["edges"]]
    tasks = [edge["node"]["id"] for edge in data["tasks"]["edges"]]
    documents = [edge["node"]["document"]["id"] for edge in data["search"]["edges"]]
    assert messages
    assert tasks
    assert documents
    return list(dict.fromkeys([data["session"]["id"], *messages, *tasks, *documents]))


def endpoint(platform: Platform) -> str:
    return f"http://127.0.0.1:{platform.port}/graphql"


def nodes(platform: Platform, caller: Caller, ids: list[str], query: str = NODES) -> Any:  # noqa: ANN401 (any JSON)
    body = ask(endpoint(platform), router_token(platform, caller), query, {"ids": ids})
    assert "errors" not in body, body
    return body["data"]["nodes"]


@pytest.mark.parametrize("type_name", PUBLIC)
def test_a_node_of_the_demo_is_found_by_its_global_id(platform: Platform, type_name: str) -> None:
    id = global_id(type_name, PUBLIC[type_name])
    assert nodes(platform, ADA, [id]) == [{"__typename": type_name, "id": id}]


def test_every_private_node_is_there_for_its_owner(platform: Platform, private_ids: list[str]) -> None:
    found = nodes(platform, ADA, private_ids)
    assert [node["id"] for node in found] == private_ids
    assert {"Session", "Message", "InferenceTask", "IngestTask", "Document"} == {node["__typename"] for node in found}


def test_nodes_of_all_subgraphs_are_told_in_full(platform: Platform, private_ids: list[str]) -> None:
    model = global_id("ModelVersion", ANSWERING_MODEL)
    first, *others, last = nodes(platform, ADA, [*private_ids, model], DETAILS)
    assert first == {"id": private_ids[0], "title": "Getting to know Fedra"}
    assert {"SUCCEEDED"} <= {node.get("status") for node in others}
    assert (last["id"], last["model"]) == (model, {"name": "answer"})


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: one.name)
@pytest.mark.parametrize("query", [NODES, DETAILS], ids=["keys", "details"])
def test_a_stranger_who_knows_the_ids_gets_null(
    platform: Platform, private_ids: list[str], stranger: Caller, query: str
) -> None:
    assert nodes(platform, stranger, private_ids, query) == [None for _ in private_ids]


@pytest.mark.parametrize(
    "id",
    ["", "malformed", "U2Vzc2lvbjo", *(global_id(name, NOBODY) for name in ("Session", "Nothing", "ModelVersion"))],
)
def test_what_names_no_node_is_null(platform: Platform, id: str) -> None:
    body = platform.ask("query ($id: ID!) { node(id: $id) { id } }", id=id)
    assert body == {"data": {"node": None}}


def test_nobody_is_shown_a_node_without_a_token(platform: Platform) -> None:
    query = '{ node(id: "") { id } nodes(ids: []) { id } }'
    body = httpx.post(endpoint(platform), json={"query": query}, timeout=60).json()
    assert body["data"] is None
    refused = [(error["extensions"]["code"], error["path"]) for error in body["errors"]]
    assert refused == [("UNAUTHORIZED_FIELD_OR_TYPE", [name]) for name in ("node", "nodes")]


def test_the_plan_comes_with_the_answer_in_development(platform: Platform) -> None:
    headers = {"authorization": f"Bearer {platform.token}", "fedra-expose-query-plan": "true"}
    query = {"query": '{ node(id: "") { id ... on Session { title } } }'}
    body = httpx.post(endpoint(platform), json=query, headers=headers, timeout=60).json()
    text = body["extensions"]["fedraQueryPlan"]["text"]
    assert [word for word in text.split() if word in {"relay", "sessions"}] == ["relay", "sessions"]
