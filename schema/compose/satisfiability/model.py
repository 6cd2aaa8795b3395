"""What satisfiability looks at: the API schema, the query graph, and what composition knows of sharing and contexts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from graphql import GraphQLSchema

from schema.compose.merge.context import Merge
from schema.compose.satisfiability.contexts import (
    Contexts,
    Coordinate,
    needed_contexts,
    set_contexts,
    with_contextual,
)
from schema.compose.satisfiability.ways import Ways
from schema.query_graph.build import build
from schema.query_graph.model import QueryGraph
from schema.subgraph_view import FieldView, Views
from schema.supergraph import Supergraph


@dataclass(slots=True, eq=False)
class Question:
    """Everything that is asked, once for a supergraph; ways are kept by the labels they are for."""

    merge: Merge
    api: GraphQLSchema
    views: Views
    graph: QueryGraph
    needed: Mapping[tuple[str, Coordinate], Contexts]
    contexts: Mapping[str, Contexts]
    """What an object of a type sets."""
    labels: Mapping[Coordinate, str]
    """Fields whose resolver depends on an override label."""
    _ways: dict[frozenset[str], Ways] = field(default_factory=dict)

    @classmethod
    def of(cls, merge: Merge, supergraph: Supergraph) -> Question:
        needed = needed_contexts(merge)
        views = with_contextual(supergraph.views, needed) if needed else supergraph.views
        graph = build(replace(supergraph, views=views))
        contexts = set_contexts(merge, supergraph.possible_types)
        return cls(merge, supergraph.api_schema, views, graph, needed, contexts, _labels(views))

    def ways(self, labels: frozenset[str]) -> Ways:
        found = self._ways.get(labels)
        if found is None:
            found = self._ways[labels] = Ways(self.graph, labels, self.needed)
        return found

    def declared(self, subgraph: str, type_name: str, name: str) -> FieldView | None:
        """The field of a type in a subgraph, as the supergraph tells it."""
        view = self.views[subgraph].get(type_name)
        return view.fields.get(name) if view else None


def _labels(views: Views) -> dict[Coordinate, str]:
    return {
        (name, one.name): one.label.name
        for types in views.values()
        for name, view in types.items()
        for one in view.fields.values()
        if one.label
    }
