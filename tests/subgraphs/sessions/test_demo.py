"""The demo is there after every start."""

from __future__ import annotations

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken, ProjectRole
from subgraphs.sessions.app import subgraph
from subgraphs.sessions.demo import ADA, PROJECT, TENANT
from tests.subgraphs.kernel.kit import serving, settings_for
from tests.subgraphs.kernel.people import SCOPES

CALLER = InternalToken(TENANT, ADA, SCOPES, projects=(ProjectRole(PROJECT, "member"),))


async def test_the_demo_is_there_after_every_start(database_urls: DatabaseUrls) -> None:
    for _ in range(2):
        async with serving(subgraph, settings_for(database_urls, demo=True)) as client:
            query = "{ viewer { id displayName projects { edges { node { id name } } } } }"
            assert (await client.data(CALLER, query))["viewer"] == {
                "id": encode("Principal", ADA),
                "displayName": "Ada",
                "projects": {"edges": [{"node": {"id": encode("Project", PROJECT), "name": "Demo"}}]},
            }
