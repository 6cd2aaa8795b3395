"""Given SDL of subgraphs, when an operation, then its plan as text."""

from __future__ import annotations

from graphql import DocumentNode, OperationDefinitionNode, get_operation_ast, parse, validate

from router.operation.normalize import normalize
from router.planner.model import QueryPlan
from router.planner.plan import plan
from router.planner.render import render
from schema.compose.compose import compose
from schema.query_graph.build import build
from schema.subgraph import SubgraphSource
from schema.supergraph import Supergraph

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [
  "@key", "@external", "@requires", "@provides", "@shareable", "@override", "@interfaceObject", "@inaccessible"])
"""


class Planner:
    """A composed federation, asked for plans only."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        self.graph = build(supergraph)

    def query_plan(self, source: str, *labels: str) -> QueryPlan:
        document, operation = operation_of(source)
        assert validate(self.supergraph.api_schema, document) == []
        normalized = normalize(document, operation, self.supergraph.api_schema)
        return plan(normalized, self.supergraph, self.graph, frozenset(labels))

    def plan(self, source: str, *labels: str) -> list[str]:
        return render(self.query_plan(source, *labels)).splitlines()


def operation_of(source: str) -> tuple[DocumentNode, OperationDefinitionNode]:
    document = parse(source)
    operation = get_operation_ast(document)
    assert operation is not None
    return document, operation


def federation(**subgraphs: str) -> Planner:
    """Compose subgraphs, named by keyword; `@link` is put before each."""
    composition = compose([SubgraphSource(name, f"http://{name}", LINK + sdl) for name, sdl in subgraphs.items()])
    assert composition.supergraph_sdl is not None, composition.errors
    return Planner(Supergraph.parse(composition.supergraph_sdl))
