"""Where a field of an object leads, from a node of the query graph: what the planner would find, without its plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from schema.compose.satisfiability.contexts import Contexts, Coordinate
from schema.query_graph.advance import Advance
from schema.query_graph.conditions import resolve
from schema.query_graph.model import Node, QueryGraph
from schema.query_graph.path import Downcast, Path, TakeField
from schema.query_graph.selection import Field


class Ways:
    """Moves from node to node while certain override labels are active.

    How an object was come by does not matter for what can be had of it, so paths begin anew at each object, and what is
    found for a node is kept.
    """

    def __init__(
        self, graph: QueryGraph, labels: frozenset[str], needed: Mapping[tuple[str, Coordinate], Contexts]
    ) -> None:
        self._advance = Advance(graph, labels)
        self._needed = needed
        self._starts: dict[Node, Path] = {}
        self._held: dict[Node, Mapping[str, list[Path]]] = {}
        self._targets: dict[tuple[Node, str], tuple[Path, ...]] = {}
        self._narrowed: dict[tuple[Node, str], tuple[Node, ...]] = {}

    def start(self, node: Node) -> Path:
        """Hold an object of this node, however it was come by."""
        return self._starts.setdefault(node, Path(None, Downcast(node.type_name, node), node))

    def takes(self, nodes: Iterable[Node], type_name: str, name: str, contexts: Contexts) -> frozenset[Node]:
        """Nodes that a field leads to, from an object held in each of these nodes."""
        found = (path for node in nodes for path in self._take(node, name))
        return frozenset(path.node for path in found if self._has_contexts(path, type_name, name, contexts))

    def narrows(self, node: Node, type_name: str) -> tuple[Node, ...] | None:
        """Nodes that narrowing to a type leads to; None where no such object can be."""
        if type_name != node.type_name and type_name not in node.possible_types:
            return None
        key = (node, type_name)
        if key not in self._narrowed:
            paths = self._advance.downcast(self.start(node), type_name)
            self._narrowed[key] = tuple(dict.fromkeys(path.node for path in paths))
        return self._narrowed[key]

    def reached(self, node: Node) -> tuple[Path, ...]:
        return self._advance.reached(self.start(node))

    def _take(self, node: Node, name: str) -> tuple[Path, ...]:
        key = (node, name)
        if key not in self._targets:
            field = Field(name, name)
            found = (self._advance.direct(path, field) for path in self._holders(node).get(name, ()))
            self._targets[key] = tuple(path for path in found if path and self._has_required(path))
        return self._targets[key]

    def _holders(self, node: Node) -> Mapping[str, list[Path]]:
        """By field name, where it might be resolved from here: a root has many fields, few of them in each subgraph."""
        if node not in self._held:
            held: dict[str, list[Path]] = defaultdict(list)
            for path in (self.start(node), *self.reached(node)):
                for name in self._advance.graph.fields.get(path.node, ()):
                    held[name].append(path)
            self._held[node] = held
        return self._held[node]

    def _has_required(self, path: Path) -> bool:
        """Whether the subgraph of the field could find itself what the field requires, not only whoever came to it.

        The planner asks less: it takes what is required from where it comes. Other planners of the field do not.
        """
        if not isinstance(path.step, TakeField) or not path.step.edge.requires or path.parent is None:
            return True
        return resolve(path.step.edge.requires, [self.start(path.parent.node)], self._advance) is not None

    def _has_contexts(self, path: Path, type_name: str, name: str, contexts: Contexts) -> bool:
        if not self._needed or path.parent is None:
            return True
        needed = self._needed.get((path.parent.node.subgraph, (type_name, name)))
        return not needed or needed <= contexts
