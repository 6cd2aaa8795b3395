"""The SDL of the relay subgraph, as the composer reads it."""

from __future__ import annotations

from router.relay.owners import node_types
from schema.supergraph import Supergraph

HEAD = """\
# The subgraph of `node` and `nodes`, which lives in the router's process. Written by `fedra relay`.
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@cost", "@listSize"])

type Query {
  node(id: ID!): Node @authenticated
  nodes(ids: [ID!]!): [Node]! @authenticated @listSize(assumedSize: 50) @cost(weight: 10)
}

interface Node {
  id: ID!
}
"""

TYPE = """
type {name} implements Node @key(fields: "id", resolvable: false) {{
  id: ID!
}}
"""


def relay_sdl(supergraph: Supergraph) -> str:
    """Write the SDL for all types of a supergraph that implement Node and have the key `id`."""
    return HEAD + "".join(TYPE.format(name=name) for name in sorted(node_types(supergraph)))
