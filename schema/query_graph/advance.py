"""The moves from one path to the next: resolve a field, narrow a type, enter another subgraph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from schema.context import ContextArgument
from schema.query_graph.circles import Circles
from schema.query_graph.conditions import cheapest
from schema.query_graph.context import with_context
from schema.query_graph.entries import Entries
from schema.query_graph.limits import Spend, without_limit
from schema.query_graph.model import Node, QueryGraph
from schema.query_graph.path import Downcast, EnterRoot, Path, TakeField
from schema.query_graph.requirements import Requirements
from schema.query_graph.selection import Field

Naming = Callable[[tuple[str, ...], Field], str]
VariableNaming = Callable[[ContextArgument], str]


def plain_names(_: tuple[str, ...], field: Field) -> str:
    """Ask for what a condition needs under its own name."""
    return field.name


def plain_variable(argument: ContextArgument) -> str:
    """Carry an argument from a context in the variable that is named for it."""
    return argument.variable


class Advance:
    """Finds continuations of paths, with all that they require.

    `labels` are the active override labels; `naming` chooses response names for what only conditions ask for,
    `variable` those of variables for what comes from contexts; `spend` is told of every step looked at, and may raise
    to end the search. What is found is kept, so one of these serves one planning.
    """

    def __init__(
        self,
        graph: QueryGraph,
        labels: frozenset[str] = frozenset(),
        naming: Naming = plain_names,
        spend: Spend = without_limit,
        variable: VariableNaming = plain_variable,
    ) -> None:
        self.graph = graph
        self._labels = labels
        self._naming = naming
        self._spend = spend
        self._variable = variable
        self._roots: dict[EnterRoot, Path] = {}
        circles = Circles()
        self._requirements = Requirements(graph, self, circles, spend)
        self._entries = Entries(graph, self._requirements, circles)

    def roots(self, root_type: str, stage: int = 0) -> list[Path]:
        """Start in each subgraph that has this root type."""
        steps = (EnterRoot(node, stage) for node in self.graph.roots.get(root_type, ()))
        return [self._roots.setdefault(step, Path(None, step, step.node)) for step in steps]

    def direct(self, path: Path, field: Field) -> Path | None:
        """Resolve a field in the subgraph we are in; `requires` may first lead elsewhere and back."""
        self._spend()
        edge = self.graph.fields.get(path.node, {}).get(field.name)
        if edge is None or (edge.label and (edge.label.name in self._labels) != edge.label.wanted):
            return None
        if edge.is_non_null and self._can_ask_its_type_alone(path, field):
            return None
        start = self._requirements.supply(path, edge) if edge.requires or edge.context else path
        arguments = with_context(field.arguments, {one.name: self._variable(one) for one in edge.context})
        return start and start.then(TakeField(edge, field.response_name, arguments), edge.target)

    def indirect(self, path: Path, field: Field) -> list[Path]:
        """Resolve a field in each other subgraph that can be entered from here."""
        self._entries.looked_for(path, field.name)
        there = (other for other in self.reached(path) if field.name in self.graph.fields.get(other.node, ()))
        found = (self.direct(other, field) for other in there)
        return [one for one in found if one is not None]

    def downcast(self, path: Path, type_name: str) -> list[Path]:
        """Narrow to a type, empty where no object of it can be, or where no type here stands for it.

        An interface object has to learn the type elsewhere: we either go on there, or come back knowing it.
        """
        if path.node.type_name == type_name or self._is_always(path.node, type_name):
            return [path]
        target = self.graph.downcasts.get(path.node, {}).get(type_name)
        if target is not None:
            return [path.then(Downcast(type_name, target), target)]
        if not path.node.is_interface_object or type_name not in path.node.possible_types:
            return []
        known = (other for other in self.reached(path) if other.node.is_abstract)
        found = [narrowed for other in known for narrowed in self.downcast(other, type_name)]
        typename = cheapest(self.indirect(path, Field("__typename", "__typename")))
        if typename is not None:
            found.append(path.then(Downcast(type_name, path.node, is_assumed=True), path.node, (typename,)))
        return found

    def reached(self, path: Path) -> tuple[Path, ...]:
        """Enter each other subgraph that has a key for this object, or is a root like this one; cheapest way each."""
        return self._entries.reached(path)

    def name(self, path: Path, field: Field) -> Field:
        """Give a field of a condition the response name it is to be asked under at this position."""
        return replace(field, response_name=self._naming(path.position, field))

    def possible_types(self, type_name: str) -> frozenset[str]:
        """The runtime types of a type, of the supergraph."""
        return self.graph.possible_types[type_name]

    def _is_always(self, node: Node, type_name: str) -> bool:
        is_concrete = not node.is_abstract and not node.is_interface_object
        return is_concrete and node.type_name in self.graph.possible_types.get(type_name, ())

    def _can_ask_its_type_alone(self, path: Path, field: Field) -> bool:
        """Whether some way enters this subgraph again with the objects of a type that is only assumed here.

        Here a field is asked of objects of every type: a null that must not be takes with it objects of which the field
        was not selected.
        """
        if not isinstance(path.step, Downcast) or not path.step.is_assumed:
            return False
        sources = [typename.parent for typename in path.requires if typename.parent is not None]
        known = [narrowed for one in sources for narrowed in self.downcast(one, path.step.type_name)]
        again = (one for narrowed in known for one in self.reached(narrowed))
        return any(self.direct(one, field) for one in again if one.node.subgraph == path.node.subgraph)
