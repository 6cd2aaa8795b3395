"""A small federation with the relay in front: two owners that count what they are asked."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from router.fetch.in_process import InProcessSource
from router.fetch.routed import RoutedSource
from router.fetch.subgraph_request import SubgraphRequest
from router.pipeline import Router, answer
from router.relay.sdl import relay_sdl
from router.relay.source import RelaySource
from router.request import GraphQLRequest, Identity, Json, RequestContext, Response
from router.snapshot import Snapshot
from schema.compose.compose import compose
from schema.subgraph import SubgraphSource
from schema.supergraph import Supergraph

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])\n'
CHATS = """
type Query { chats: [Chat!] }
interface Node { id: ID! }
type Chat implements Node @key(fields: "id") { id: ID! title: String }
type Line implements Node @key(fields: "id") { id: ID! text: String }
type Local implements Node { id: ID! }
"""
JOBS = """
type Query { jobs: [Job!] }
interface Node { id: ID! }
interface Job implements Node @key(fields: "id") { id: ID! state: String }
type Ingest implements Job & Node @key(fields: "id") { id: ID! state: String }
type Chat @key(fields: "id") { id: ID! jobs: [Job!] }
"""
NUMBER = "01890000-0000-7000-8000-0000000000{:02}"


def global_id(type_name: str, number: int) -> str:
    """Name a node: base64url without padding."""
    text = f"{type_name}:{NUMBER.format(number)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


CHAT, CHAT_2, LINE, JOB = (
    global_id(name, number) for name, number in [("Chat", 1), ("Chat", 2), ("Line", 1), ("Ingest", 1)]
)
ROWS: dict[str, dict[str, Json]] = {
    CHAT: {"__typename": "Chat", "id": CHAT, "title": "first", "tenant": "a", "jobs": []},
    CHAT_2: {"__typename": "Chat", "id": CHAT_2, "title": "second", "tenant": "b", "jobs": []},
    LINE: {"__typename": "Line", "id": LINE, "text": "hello", "tenant": "a"},
    JOB: {"__typename": "Ingest", "id": JOB, "state": "done", "tenant": "a"},
}


def composed(**sdls: str) -> str:
    result = compose([SubgraphSource(name, f"http://{name}", sdl) for name, sdl in sdls.items()])
    assert result.supergraph_sdl is not None, result.errors
    return result.supergraph_sdl


OWNERS = {"chats": LINK + CHATS, "jobs": LINK + JOBS}
SUPERGRAPH = composed(**OWNERS, relay=relay_sdl(Supergraph.parse(composed(**OWNERS))))
SNAPSHOT = Snapshot.load(SUPERGRAPH)


@dataclass
class World:
    """The owners. `asked` holds name, query and ids of every request; those in `broken` fail."""

    asked: list[tuple[str, str, list[str]]] = field(default_factory=list)
    broken: Mapping[str, Json] = field(default_factory=dict)

    async def ask(self, query: str, tenant: str = "a", **variables: Json) -> Response:
        """Send one operation through the whole router, as a member of the tenant."""
        owners = InProcessSource({"chats": self._owner, "jobs": self._owner}, lambda _, asking: _tenant(asking))
        source = RoutedSource({"relay": RelaySource("relay", SNAPSHOT.supergraph, owners)}, owners)
        context = RequestContext(time.monotonic() + 5, Identity(tenant, "p"))
        return await answer(GraphQLRequest(query, variables=variables), context, Router(SNAPSHOT, source))

    def queries(self, owner: str) -> list[str]:
        """The text of every request to one owner."""
        return [query for name, query, _ in self.asked if name == owner]

    async def _owner(self, request: SubgraphRequest) -> Mapping[str, Json]:
        ids = [one["id"] for one in request.variables["representations"]]
        self.asked.append((request.subgraph, request.query, ids))
        if request.subgraph in self.broken:
            broken = self.broken[request.subgraph]
            if isinstance(broken, Exception):
                raise broken
            return {"data": {"_entities": [None for _ in ids]}, "errors": broken}
        tenant = request.headers["authorization"].removeprefix("Bearer ")
        return {"data": {"_entities": [_visible(id, tenant) for id in ids]}}


def _tenant(context: RequestContext) -> str:
    assert context.identity
    return context.identity.tenant


def _visible(id: str, tenant: str) -> Json:
    row = ROWS.get(id)
    return row if row and row["tenant"] == tenant else None
