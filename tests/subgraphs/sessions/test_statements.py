"""No N+1: how many statements an operation takes does not depend on how much it finds."""

from __future__ import annotations

import pytest

from subgraphs.kernel.global_id import encode
from tests.subgraphs.kernel.kit import Client
from tests.subgraphs.kernel.people import ANN, BEN, PROJECT
from tests.subgraphs.sessions.operations import ENTITIES, MODEL, new_session, send

EVERYTHING = """
query($project: ID!, $first: Int!) {
  sessions(projectId: $project, first: $first) {
    edges { node {
      project { name } owner { displayName projects { edges { node { name } } } }
      messages(last: 3) { edges { node {
        sequence session { title owner { kind } } author { displayName } parent { sequence author { kind } }
        generatedBy { message { sequence } } parts { __typename }
      } } }
    } }
  }
}"""


async def test_a_page_of_sessions_with_all_that_belongs_to_it(sessions: Client) -> None:
    ids = [await new_session(sessions, (ANN, BEN)[number % 2]) for number in range(50)]
    for number, id in enumerate(ids):
        await send(sessions, (ANN, BEN)[number % 3 % 2], id)
        await send(sessions, ANN, id, respondWith={"modelId": MODEL})
    project = encode("Project", PROJECT)
    few, many = [await sessions.statements(ANN, EVERYTHING, project=project, first=first) for first in (2, 50)]
    assert few == many


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("Session", "... on Session { title messages(first: 2) { edges { node { author { kind } } } } }"),
        ("Message", "... on Message { session { project { name } } parts { __typename } }"),
        ("Task", "... on Task { message { sequence session { title } } }"),
        ("Principal", "... on Principal { displayName }"),
    ],
)
async def test_entities_of_one_type_are_one_batch(sessions: Client, kind: str, fields: str) -> None:
    query = """query($project: ID!) { sessions(projectId: $project, first: 50) { edges { node {
        id owner { id } messages(last: 1) { edges { node { id generatedBy { id } } } } } } } }"""
    found = await sessions.data(ANN, query, project=encode("Project", PROJECT))
    nodes = [edge["node"] for edge in found["sessions"]["edges"]]
    assert len(nodes) == 50
    last = [node["messages"]["edges"][0]["node"] for node in nodes]
    ids = {
        "Session": [node["id"] for node in nodes],
        "Message": [message["id"] for message in last],
        "Task": [message["generatedBy"]["id"] for message in last],
        "Principal": sorted({node["owner"]["id"] for node in nodes}),
    }[kind]
    representations = [{"__typename": kind, "id": id} for id in ids]
    few, many = [
        await sessions.statements(ANN, ENTITIES % fields, representations=part)
        for part in (representations[:1], representations)
    ]
    assert few == many
