"""The subgraph itself, as a source of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql import build_schema

from router.fetch.in_process import InProcessSource
from router.fetch.mounted import MountedSchema
from router.fetch.source import Answer, Ask, EntitySource
from router.fetch.subgraph_request import SubgraphRequest
from router.relay.lookup import Lookup
from router.relay.owners import existence_checks
from router.request import Json, RequestContext
from schema.supergraph import Supergraph

SCHEMA = """
type Query { node(id: ID!): Node nodes(ids: [ID!]!): [Node]! }
interface Node { id: ID! }
"""


class RelaySource:
    """An `EntitySource` for the subgraph `name`: it answers `node` and `nodes` with keys of nodes that exist."""

    def __init__(self, name: str, supergraph: Supergraph, owners: EntitySource) -> None:
        """`owners` answers for the other subgraphs. Raises: InvalidSupergraph."""
        self._name = name
        self._owners = owners
        self._checks = existence_checks(supergraph, name)
        types = "\n".join(f"type {type_name} implements Node {{ id: ID! }}" for type_name in self._checks)
        self._schema = MountedSchema(build_schema(SCHEMA + types))

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch, with at most one request to each owner."""
        lookup = Lookup(self._checks, self._owners, context)
        root = {
            "node": lambda _info, id: lookup.node(id),
            "nodes": lambda _info, ids: lookup.nodes(ids),
        }

        async def answer(request: SubgraphRequest) -> Mapping[str, Json]:
            return await self._schema(request, root)

        return await InProcessSource({self._name: answer}).load(asks, context)
