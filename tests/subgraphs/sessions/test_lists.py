"""Lists of sessions, messages and projects, page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, CAT, OTHER_PROJECT, PROJECT, principal_id
from tests.subgraphs.sessions.operations import Json, new_session, send

LIST = """
query(
  $project: ID!, $filter: SessionFilter, $order: SessionOrder, $first: Int, $after: String, $last: Int, $before: String
) {
  sessions(
    projectId: $project, filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before
  ) {
    totalCount edges { cursor node { id title } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""

TRANSCRIPT = """
query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  session(id: $id) {
    messages(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { sequence } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}"""

TITLES = ["one", "two", "three", "four", "five"]


@pytest_asyncio.fixture(scope="module")
async def ids(sessions: Client) -> list[str]:
    created = [await new_session(sessions, ANN, title=title) for title in TITLES]
    await new_session(sessions, CAT, project=OTHER_PROJECT, title="of another project")
    return created


async def listed(client: Client, caller: InternalToken, **more: Json) -> dict[str, Any]:
    data = await client.data(caller, LIST, **{"project": encode("Project", PROJECT), **more})
    found: dict[str, Any] = data["sessions"]
    return found


def titles(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["title"] for edge in connection["edges"]]


@pytest.mark.usefixtures("ids")
class TestSessions:
    async def test_members_of_the_project_see_them_in_the_order_asked_for(self, sessions: Client) -> None:
        assert titles(await listed(sessions, BEN, order="CREATED_ASC")) == TITLES
        assert titles(await listed(sessions, BEN, order="CREATED_DESC")) == TITLES[::-1]
        assert titles(await listed(sessions, BEN)) == TITLES[::-1]
        assert titles(await listed(sessions, CAT)) == []

    @pytest.mark.parametrize("order", ["CREATED_ASC", "CREATED_DESC"])
    async def test_pages_forward_and_backward_meet(self, sessions: Client, order: str) -> None:
        whole = titles(await listed(sessions, ANN, order=order))
        first = await listed(sessions, ANN, order=order, first=2)
        second = await listed(sessions, ANN, order=order, first=2, after=first["pageInfo"]["endCursor"])
        third = await listed(sessions, ANN, order=order, first=2, after=second["pageInfo"]["endCursor"])
        assert titles(first) + titles(second) + titles(third) == whole
        assert [page["pageInfo"]["hasNextPage"] for page in (first, second, third)] == [True, True, False]
        back = await listed(sessions, ANN, order=order, last=2, before=third["pageInfo"]["startCursor"])
        assert titles(back) == titles(second)
        assert back["pageInfo"]["hasPreviousPage"]
        assert titles(await listed(sessions, ANN, order=order, last=3)) == whole[-3:]

    async def test_filters(self, sessions: Client) -> None:
        for filter, expected in [
            ({"titleContains": "T"}, ["two", "three"]),
            ({"status": "ARCHIVED"}, []),
            ({"ownerId": principal_id(ANN)}, TITLES),
            ({"ownerId": principal_id(BEN)}, []),
            ({"ownerId": "nonsense"}, []),
            ({"updatedAfter": "2000-01-01T00:00:00Z"}, TITLES),
            ({"updatedAfter": "2100-01-01T00:00:00+02:00"}, []),
        ]:
            found = await listed(sessions, ANN, filter=filter, order="CREATED_ASC")
            assert titles(found) == expected
            assert found["totalCount"] == len(expected)

    async def test_activity_moves_a_session_to_the_front(self, sessions: Client, ids: list[str]) -> None:
        await send(sessions, ANN, ids[2])
        assert titles(await listed(sessions, ANN, first=1)) == ["three"]

    async def test_an_unknown_project_has_no_sessions(self, sessions: Client) -> None:
        for project in ("nonsense", encode("Project", uuid4())):
            assert titles(await listed(sessions, ANN, project=project)) == []

    @pytest.mark.parametrize(
        "arguments",
        [
            {"first": 101},
            {"first": -1},
            {"last": 101},
            {"first": 1, "last": 1},
            {"after": "nonsense"},
            {"first": 1, "before": "nonsense"},
            {"filter": {"updatedAfter": "2000-01-01"}},
        ],
    )
    async def test_arguments_that_make_no_page_are_errors(self, sessions: Client, arguments: dict[str, Any]) -> None:
        answer = await sessions.answer(ANN, LIST, project=encode("Project", PROJECT), **arguments)
        code = "GRAPHQL_VALIDATION_FAILED" if "filter" in arguments else "BAD_USER_INPUT"
        assert answer["errors"][0]["extensions"]["code"] == code

    async def test_a_cursor_of_another_order_is_refused(self, sessions: Client) -> None:
        cursor = (await listed(sessions, ANN, order="CREATED_ASC", first=1))["pageInfo"]["endCursor"]
        answer = await sessions.answer(
            ANN, LIST, project=encode("Project", PROJECT), order="CREATED_DESC", first=1, after=cursor
        )
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_transcript_page_by_page(sessions: Client) -> None:
    id = await new_session(sessions, BEN)
    for number in range(5):
        await send(sessions, BEN, id, f"message {number}")

    async def page(**arguments: Json) -> tuple[list[int], dict[str, Any]]:
        messages = (await sessions.data(BEN, TRANSCRIPT, id=id, **arguments))["session"]["messages"]
        return [edge["node"]["sequence"] for edge in messages["edges"]], messages["pageInfo"]

    first, info = await page(first=2)
    assert (first, info["hasNextPage"], info["hasPreviousPage"]) == ([1, 2], True, False)
    rest, info = await page(first=10, after=info["endCursor"])
    assert (rest, info["hasNextPage"], info["hasPreviousPage"]) == ([3, 4, 5], False, True)
    last, info = await page(last=2)
    assert (last, info["hasNextPage"], info["hasPreviousPage"]) == ([4, 5], False, True)
    before, info = await page(last=2, before=info["startCursor"])
    assert (before, info["hasPreviousPage"]) == ([2, 3], True)
    assert (await page(first=0))[0] == []


async def test_the_viewer_and_their_projects(sessions: Client) -> None:
    both = replace(ANN, projects=(*ANN.projects, *CAT.projects), scopes=frozenset({"sessions:read"}))
    query = """query($after: String) {
      viewer {
        id scopes projects(first: 1, after: $after) { edges { node { slug } } pageInfo { endCursor hasNextPage } }
      }
    }"""
    viewer = (await sessions.data(both, query))["viewer"]
    assert viewer["id"] == principal_id(ANN)
    assert viewer["scopes"] == ["sessions:read"]
    assert viewer["projects"]["edges"] == [{"node": {"slug": "apples"}}]
    viewer = (await sessions.data(both, query, after=viewer["projects"]["pageInfo"]["endCursor"]))["viewer"]
    assert viewer["projects"]["edges"] == [{"node": {"slug": "oranges"}}]
    assert viewer["projects"]["pageInfo"]["hasNextPage"] is False


async def test_a_viewer_never_seen_before_is_known_from_then_on(sessions: Client) -> None:
    stranger = InternalToken("acme", uuid4(), ANN.scopes)
    assert (await sessions.data(stranger, "{ viewer { kind displayName projects { edges { cursor } } } }"))[
        "viewer"
    ] == {
        "kind": "USER",
        "displayName": None,
        "projects": {"edges": []},
    }
