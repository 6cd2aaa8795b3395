"""A federation with its data: composed for routers, executable by subgraph, and whole to say what answers must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema, TypeDefinitionNode, build_schema, execute_sync, parse

from schema.compose.compose import compose
from schema.subgraph import SubgraphSource
from schema.supergraph import Supergraph

Record = Mapping[str, Any]

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@provides", "@shareable"])
"""


@dataclass(frozen=True, slots=True)
class Graph:
    """Subgraphs by name. A record has the fields of all subgraphs; each schema shows those that are its own."""

    name: str
    sdl: Mapping[str, str]
    root: Record
    """The fields of `Query`: values, or resolvers."""
    entity: Callable[[Record], Record]
    """The record of a representation."""

    def supergraph(self, url: str) -> str:
        """Compose it with its subgraphs at `url/name`. Raises: ValueError if it does not compose."""
        composition = compose([SubgraphSource(name, f"{url}/{name}", LINK + sdl) for name, sdl in self.sdl.items()])
        if composition.supergraph_sdl is None:
            raise ValueError(composition.errors)
        return composition.supergraph_sdl

    def expected(self, query: str, variables: Record) -> Record:
        """Execute the query on the whole graph at once. Raises: ValueError if that fails."""
        api_schema = Supergraph.parse(self.supergraph("http://127.0.0.1")).api_schema
        return _execute(api_schema, self.root, query, variables)

    def subgraph(self, name: str) -> Callable[[str, Record], Record]:
        """Make what executes a query, with its variables, on one subgraph."""
        schema = executable(self.sdl[name])
        root = {**self.root, "_entities": lambda _, representations: [self.entity(one) for one in representations]}
        return lambda query, variables: _execute(schema, root, query, variables)


def executable(sdl: str) -> GraphQLSchema:
    """Make a schema of a subgraph's SDL, with what federation adds to it."""
    plain = build_schema(sdl, assume_valid_sdl=True)
    entities = [name for name, one in plain.type_map.items() if one.ast_node and _has_key(one.ast_node)]
    query = "extend type Query" if "Query" in plain.type_map else "type Query"
    union = f"scalar _Any union _Entity = {' | '.join(entities)}"
    added = f"{union} {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}"
    return build_schema(sdl + (added if entities else ""), assume_valid_sdl=True)


def _has_key(definition: TypeDefinitionNode) -> bool:
    return any(one.name.value == "key" for one in definition.directives or ())


def _execute(schema: GraphQLSchema, root: Record, query: str, variables: Record) -> Record:
    result = execute_sync(schema, parse(query, no_location=True), root, variable_values=dict(variables))
    if result.errors or result.data is None:
        raise ValueError(result.errors)
    return result.data
