"""The views that `@provides` opens: copies of nodes that resolve more, on the way through one field only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from schema.query_graph.model import FieldEdge, KeyMove, Node, QueryGraph
from schema.query_graph.selection import Field, SelectionSet
from schema.subgraph_view import FieldView, Views


def add_provided_views(graph: QueryGraph, views: Views, nodes: Mapping[tuple[str, str], Node]) -> QueryGraph:
    """Redirect each field with `@provides` to a view of its type."""
    return _Provider(graph, views, nodes).run()


class _Provider:
    """Builds views of nodes; `_fields`, `_downcasts` and `_moves` grow with them."""

    def __init__(self, graph: QueryGraph, views: Views, nodes: Mapping[tuple[str, str], Node]) -> None:
        self._graph = graph
        self._views = views
        self._nodes = nodes
        self._fields: dict[Node, Mapping[str, FieldEdge]] = dict(graph.fields)
        self._downcasts: dict[Node, Mapping[str, Node]] = dict(graph.downcasts)
        self._moves: dict[Node, tuple[KeyMove, ...]] = dict(graph.moves)
        self._bases: dict[Node, tuple[Node, dict[str, FieldEdge]]] = {}
        self._views_of: dict[tuple[Node, SelectionSet], Node] = {}

    def run(self) -> QueryGraph:
        for node, edges in self._graph.fields.items():
            view = self._views[node.subgraph][node.type_name]
            provided = {
                name: replace(edge, target=self._view(edge.target, view.fields[name].provides))
                for name, edge in edges.items()
                if name in view.fields and view.fields[name].provides
            }
            if provided:
                self._fields[node] = {**edges, **provided}
        for node, (base, added) in self._bases.items():  # only now: the edges of the plain node are all redirected
            self._fields[node] = {**self._fields[base], **added}
        return replace(self._graph, fields=self._fields, downcasts=self._downcasts, moves=self._moves)

    def _view(self, base: Node, provided: SelectionSet) -> Node:
        """Copy a plain node; it can also resolve `provided`. Types lead to one another: each view is made once."""
        if base.type_name not in self._views[base.subgraph]:
            return base
        known = self._views_of.get((base, provided))
        if known is not None:
            return known
        node = self._views_of[base, provided] = replace(base, view=len(self._views_of) + 1)
        self._moves[node] = self._moves[base]
        self._downcasts[node] = {
            name: self._narrowed(target, provided) for name, target in self._graph.downcasts[base].items()
        }
        own = self._for_type(base, provided)
        self._bases[node] = (base, {edge.name: edge for one in own if (edge := self._edge(base, one))})
        return node

    def _narrowed(self, target: Node, provided: SelectionSet) -> Node:
        """Keep of what is provided what is for a narrower type; for an abstract one, for its types too."""
        inherited = provided if target.is_abstract else self._for_type(target, provided)
        return self._view(target, inherited) if inherited else target

    def _for_type(self, node: Node, provided: SelectionSet) -> tuple[Field, ...]:
        """What of a provided selection applies to every object of this node, each field once."""
        fields: dict[str, Field] = {}
        for one in self._applying(node, provided):
            before = fields.get(one.name, one)
            fields[one.name] = replace(one, selections=_united(before.selections, one.selections))
        return tuple(fields.values())

    def _applying(self, node: Node, provided: SelectionSet) -> Iterator[Field]:
        for one in provided:
            if isinstance(one, Field):
                yield one
            elif one.type_condition is None or self._is_always(node, one.type_condition):
                yield from self._applying(node, one.selections)

    def _is_always(self, node: Node, type_name: str) -> bool:
        return node.type_name == type_name or node.possible_types <= self._graph.possible_types[type_name]

    def _edge(self, base: Node, provided: Field) -> FieldEdge | None:
        declared: FieldView | None = self._views[base.subgraph][base.type_name].fields.get(provided.name)
        if declared is None:
            return None
        target = self._nodes.get((base.subgraph, declared.base_type))
        if target is None:
            target = Node(base.subgraph, declared.base_type, frozenset())
        elif provided.selections or declared.provides:
            target = self._view(target, _united(provided.selections, declared.provides))
        if own := self._graph.fields[base].get(provided.name):  # what it demands is demanded on this way too
            return replace(own, target=target)
        return FieldEdge(provided.name, target, declared.list_depth, declared.is_non_null)


def _united(one: SelectionSet, other: SelectionSet) -> SelectionSet:
    return tuple(dict.fromkeys(one + other))
