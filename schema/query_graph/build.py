"""Supergraph → query graph. Source: query-planning, "Query graph"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from schema.query_graph.model import FieldEdge, KeyMove, Node, QueryGraph
from schema.query_graph.provides import add_provided_views
from schema.subgraph_view import FieldView, TypeView
from schema.supergraph import Supergraph


def build(supergraph: Supergraph) -> QueryGraph:
    """Find every way to resolve anything in this supergraph."""
    return _Builder(supergraph).build()


class _Builder:
    """Collects the ways between nodes, subgraph by subgraph."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self._views = supergraph.views
        self._nodes = {
            (subgraph, view.name): self._node(subgraph, view)
            for subgraph, types in self._views.items()
            for view in types.values()
        }
        self._abstract = {
            name: [one for one in types.values() if one.is_abstract] for name, types in self._views.items()
        }
        self._leaves: dict[tuple[str, str], Node] = {}

    def build(self) -> QueryGraph:
        fields = {node: self._fields(node) for node in self._nodes.values()}
        downcasts = {node: self._downcasts(node) for node in self._nodes.values()}
        moves = self._moves()
        schema = self._supergraph.schema
        roots = [one.name for one in (schema.query_type, schema.mutation_type, schema.subscription_type) if one]
        graph = QueryGraph(
            roots={root: tuple(self._roots(root)) for root in roots},
            query_type=roots[0],
            fields=fields,
            downcasts=downcasts,
            moves={node: tuple(moves(node)) for node in self._nodes.values()},
            setters=frozenset(_setters(fields.values())),
            possible_types=self._supergraph.possible_types,
        )
        return add_provided_views(graph, self._views, self._nodes)

    def _node(self, subgraph: str, view: TypeView) -> Node:
        possible = self._supergraph.possible_types[view.name] if view.is_interface_object else view.possible_types
        return Node(subgraph, view.name, possible, view.is_abstract, view.is_interface_object)

    def _target(self, subgraph: str, type_name: str) -> Node:
        composite = self._nodes.get((subgraph, type_name))
        if composite is not None:
            return composite
        return self._leaves.setdefault((subgraph, type_name), Node(subgraph, type_name, frozenset()))

    def _roots(self, root: str) -> Iterator[Node]:
        for subgraph in self._views:
            if (subgraph, root) in self._nodes:
                yield self._nodes[subgraph, root]

    def _fields(self, node: Node) -> dict[str, FieldEdge]:
        view = self._views[node.subgraph][node.type_name]
        edges = {
            field.name: self._edge(node.subgraph, field)
            for field in view.fields.values()
            if (self._resolves_for_all(node, field) if node.is_abstract else field.is_resolvable)
        }
        if not node.is_interface_object:  # it would answer with the name of the interface
            edges["__typename"] = FieldEdge("__typename", self._target(node.subgraph, "String"), 0)
        return edges

    def _edge(self, subgraph: str, field: FieldView) -> FieldEdge:
        target = self._target(subgraph, field.base_type)
        return FieldEdge(
            field.name, target, field.list_depth, field.is_non_null, field.requires, field.label, field.context
        )

    def _resolves_for_all(self, node: Node, field: FieldView) -> bool:
        """Whether the subgraph resolves a field of an interface alike for every object it may return."""
        local = self._views[node.subgraph]
        fields = (local[name].fields.get(field.name) for name in node.possible_types)
        return all(
            one and one.is_resolvable and not one.requires and not one.context and one.label is None for one in fields
        )

    def _downcasts(self, node: Node) -> dict[str, Node]:
        """Narrower types of an abstract one; another abstract type only if it misses no object it should match."""
        if not node.is_abstract:
            return {}
        targets = {name: self._nodes[node.subgraph, name] for name in sorted(node.possible_types)}
        for view in self._abstract[node.subgraph]:
            wanted = self._supergraph.possible_types[view.name] & node.possible_types
            if view.name != node.type_name and wanted and wanted <= view.possible_types:
                targets[view.name] = self._nodes[node.subgraph, view.name]
        return targets

    def _moves(self) -> _Moves:
        entries: dict[str, list[KeyMove]] = defaultdict(list)
        for subgraph, types in self._views.items():
            for view in types.values():
                target = self._nodes[subgraph, view.name]
                typename = view.name if view.is_abstract or view.is_interface_object else None
                entries[view.name] += (
                    KeyMove(target, key.selection, typename) for key in view.keys if key.is_resolvable
                )
        return _Moves(self._supergraph, entries)


def _setters(fields: Iterable[Mapping[str, FieldEdge]]) -> Iterator[str]:
    contexts = (context for edges in fields for edge in edges.values() for context in edge.context)
    return (name for context in contexts for name in context.setters)


class _Moves:
    """Which entity entries stand open to the objects of a node."""

    def __init__(self, supergraph: Supergraph, entries: dict[str, list[KeyMove]]) -> None:
        self._supergraph = supergraph
        self._entries = entries

    def __call__(self, node: Node) -> Iterable[KeyMove]:
        yield from self._entries.get(node.type_name, ())
        if node.is_abstract or node.is_interface_object:
            return
        for interface in self._interfaces(node.type_name):
            yield from (move for move in self._entries.get(interface, ()) if move.target.is_interface_object)

    def _interfaces(self, type_name: str) -> Iterable[str]:
        declared = getattr(self._supergraph.schema.type_map[type_name], "interfaces", ())
        return (one.name for one in declared)
