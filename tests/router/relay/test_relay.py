"""`node` and `nodes`, through the whole router."""

from __future__ import annotations

import base64

import pytest
from graphql import parse

from router.fetch.in_process import InProcessSource
from router.relay.owners import existence_checks, node_types
from router.relay.source import RelaySource
from router.request import Json
from schema.supergraph import InvalidSupergraph, Supergraph
from tests.router.planner.planner import Planner
from tests.router.relay.world import (
    CHAT,
    CHAT_2,
    JOB,
    LINE,
    NUMBER,
    OWNERS,
    SNAPSHOT,
    SUPERGRAPH,
    World,
    composed,
    global_id,
)

NODE = "query ($id: ID!) { node(id: $id) { __typename id ... on Chat { title } ... on Job { state } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("id", "node"),
    [
        (CHAT, {"__typename": "Chat", "id": CHAT, "title": "first"}),
        (JOB, {"__typename": "Ingest", "id": JOB, "state": "done"}),
        (LINE, {"__typename": "Line", "id": LINE}),
    ],
)
async def test_a_node_is_whatever_its_id_names(id: str, node: Json) -> None:
    response = await World().ask(NODE, id=id)
    assert response.to_json() == {"data": {"node": node}}


@pytest.mark.parametrize(
    "id",
    [
        CHAT_2,  # of another tenant
        global_id("Chat", 9),  # no such row
        global_id("Local", 1),  # no entity
        global_id("Nothing", 1),
        global_id("Line", 2),
        CHAT + "=",  # padded
        CHAT + "AAAA",
        CHAT[:-1],
        encoded("Chat:" + NUMBER.format(1).replace("-", "")),
        encoded("Chat:" + NUMBER.format(1).upper().replace("0", "A")),
        encoded("Chat:"),
        encoded("Chät:" + NUMBER.format(1)),
        "",
        "ä",
        "Chat",
        "=" * 10_000,
    ],
)
async def test_what_is_not_there_for_the_caller_is_null_without_an_error(id: str) -> None:
    for _ in range(2):
        response = await World().ask(NODE, id=id)
        assert response.to_json() == {"data": {"node": None}}


@pytest.mark.parametrize("id", ["", "Chat", CHAT + "=", global_id("Nothing", 1), global_id("Local", 1)])
async def test_what_names_no_node_of_the_graph_is_never_asked_for(id: str) -> None:
    world = World()
    await world.ask(NODES, ids=[id, id])
    assert world.asked == []


async def test_each_owner_is_asked_once_for_all_nodes_of_an_operation() -> None:
    world = World()
    query = """query ($ids: [ID!]!, $chat: ID!, $job: ID!) {
      nodes(ids: $ids) { id } chat: node(id: $chat) { id }
      job: node(id: $job) { __typename } more: nodes(ids: $ids) { id }
    }"""
    ids = [LINE, CHAT, CHAT_2, JOB, CHAT, "malformed", global_id("Ingest", 5)]
    response = await world.ask(query, ids=ids, chat=CHAT, job=JOB)
    found = [{"id": LINE}, {"id": CHAT}, None, {"id": JOB}, {"id": CHAT}, None, None]
    assert response.data == {"nodes": found, "chat": {"id": CHAT}, "job": {"__typename": "Ingest"}, "more": found}
    assert sorted((name, ids) for name, _, ids in world.asked) == [
        ("chats", [LINE, CHAT, CHAT_2]),
        ("jobs", [JOB, global_id("Ingest", 5)]),
    ]
    fields = "{__typename id}"
    assert world.queries("jobs") == [
        "query($representations:[_Any!]!){_entities(representations:$representations){... on Ingest" + fields + "}}"
    ]


async def test_fields_beyond_the_key_cost_one_more_request_to_each_owner() -> None:
    world = World()
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Chat { title } ... on Ingest { state } } }"
    response = await world.ask(query, ids=[CHAT, JOB, CHAT_2])
    assert response.data == {"nodes": [{"id": CHAT, "title": "first"}, {"id": JOB, "state": "done"}, None]}
    assert sorted(name for name, _, _ in world.asked) == ["chats", "chats", "jobs", "jobs"]
    assert not any(CHAT_2 in ids for _, _, ids in world.asked[2:])


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ConnectionError("secret"), "SUBREQUEST_HTTP_ERROR"),
        ([{"message": "no", "extensions": {"code": "UNAUTHENTICATED"}}], "UNAUTHENTICATED"),
        ([{"message": "no", "path": ["_entities", 0], "extensions": {"code": "BROKEN"}}], "BROKEN"),
    ],
)
async def test_an_owner_that_fails_is_an_error_and_not_absence(failure: Json, code: str) -> None:
    world = World(broken={"chats": failure})
    response = await world.ask(NODES, ids=[JOB, CHAT])
    assert response.data == {"nodes": [{"id": JOB}, None]}
    assert [(error.code, error.path) for error in response.errors] == [(code, ("nodes", 1))]


async def test_too_many_nodes_are_refused_before_anybody_is_asked() -> None:
    world = World()
    ids = [LINE, JOB] * 50
    query = "query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id } node(id: $id) { id } }"
    response = await world.ask(query, ids=ids, id=CHAT)
    assert response.data is None
    assert {error.code for error in response.errors} == {"BAD_USER_INPUT"}
    assert world.asked == []


async def test_a_caller_who_has_not_logged_in_gets_no_node() -> None:
    assert "@authenticated" in SUPERGRAPH
    prepared = await SNAPSHOT.prepared.get('{ node(id: "a") { id } }', None)
    assert [refusal.path for refusal in prepared.guards.verdict(None).refusals] == [("node",)]


def test_a_node_is_planned_as_one_fetch_and_one_for_each_owner() -> None:
    assert Planner(SNAPSHOT.supergraph).plan('{ node(id: "a") { id } }') == [
        'Fetch relay { node(id:"a") { __typename id } }',
    ]
    plan = Planner(SNAPSHOT.supergraph).plan('{ node(id: "a") { ... on Chat { title } ... on Ingest { state } } }')
    assert [line for line in plan if "relay" not in line] == [
        "Sequence",
        "  Parallel",
        "    Flatten node Fetch chats (Chat { id }) { title }",
        "    Flatten node Fetch jobs (Ingest { id }) { state }",
    ]


def test_the_owner_is_who_has_the_type_as_a_node_with_a_key() -> None:
    supergraph = Supergraph.parse(composed(**OWNERS))
    assert node_types(supergraph) == {"Chat": "chats", "Line": "chats", "Ingest": "jobs"}


def test_a_type_that_nobody_owns_cannot_be_offered() -> None:
    lonely = SUPERGRAPH.replace('@join__type(graph: CHATS, key: "id")', "@join__type(graph: CHATS)")
    assert parse(lonely) != parse(SUPERGRAPH)
    supergraph = Supergraph.parse(lonely)
    with pytest.raises(InvalidSupergraph, match="No subgraph has the type 'Chat' of 'relay'"):
        existence_checks(supergraph, "relay")
    with pytest.raises(InvalidSupergraph):
        RelaySource("relay", supergraph, InProcessSource({}))
