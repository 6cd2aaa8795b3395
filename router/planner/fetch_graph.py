"""Fetches and what each waits for: the form in which plans are optimized."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import TopologicalSorter

from router.planner.model import ContextVariable, Path, Rename
from schema.query_graph.limits import Spend, without_limit
from schema.query_graph.selection import Condition, SelectionSet
from schema.subgraph_view import Views


@dataclass(frozen=True, slots=True)
class Representation:
    """How entities of one type are told to a subgraph: `selection` is read of them, `keys` of it must not be null.

    `typename`, if given, is what they are called there.
    """

    type_name: str
    selection: SelectionSet
    keys: frozenset[str]
    typename: str | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """What is asked at one path: on a root type, or, by their representations, on entities of `type_name`."""

    type_name: str
    path: Path
    selection: SelectionSet
    representations: tuple[Representation, ...] = ()
    renames: tuple[Rename, ...] = ()
    context: tuple[ContextVariable, ...] = ()


@dataclass(frozen=True, slots=True)
class FetchNode:
    """One request. `stage` numbers the entries at the operation's root, None elsewhere; `after` names other nodes."""

    id: int
    subgraph: str
    selects: tuple[Select, ...]
    after: frozenset[int]
    stage: int | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def is_entity(self) -> bool:
        return bool(self.selects[0].representations)


@dataclass(frozen=True)
class FetchGraph:
    """Shapes: nodes in an order in which none comes before one it is after; ids need not be indexes.

    `views` are the types of each subgraph. `spend` is told of every change, and may raise to end planning.
    """

    nodes: tuple[FetchNode, ...]
    views: Views
    spend: Spend = field(default=without_limit, repr=False, compare=False)
    _by_id: dict[int, FetchNode] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {node.id: node for node in self.nodes})

    @cached_property
    def levels(self) -> dict[int, int]:
        """How many requests in a row come before each node."""
        found: dict[int, int] = {}
        for node in self.nodes:
            found[node.id] = 1 + max((found[one] for one in node.after), default=-1)
        return found

    @property
    def depth(self) -> int:
        return max(self.levels.values(), default=-1)

    def node(self, id: int) -> FetchNode:
        return self._by_id[id]

    def waits(self, one: FetchNode, other: FetchNode) -> bool:
        """Whether the later of two nodes comes after the earlier one, directly or not."""
        first, last = sorted((one, other), key=lambda node: self.levels[node.id])
        found, waiting = {last.id}, [last.id]
        while waiting:
            before = {id for id in self.node(waiting.pop()).after if self.levels[id] >= self.levels[first.id]} - found
            found |= before
            waiting += before
        return first.id in found

    def joining(self, groups: Iterable[Group]) -> FetchGraph:
        """Make one node of each group."""
        groups = list(groups)
        into = {node.id: group.nodes[0].id for group in groups for node in group.nodes}
        wholes = {group.nodes[0].id: group.whole() for group in groups}
        kept = (wholes.get(node.id, node) for node in self.nodes if into.get(node.id, node.id) == node.id)
        return self.with_nodes(
            _in_order(replace(node, after=frozenset(into.get(id, id) for id in node.after)) for node in kept)
        )

    def with_nodes(self, nodes: Iterable[FetchNode]) -> FetchGraph:
        return FetchGraph(tuple(nodes), self.views, self.spend)


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes to be one, which asks for `selects`; none of them waits for another."""

    nodes: tuple[FetchNode, ...]
    selects: tuple[Select, ...]

    def whole(self) -> FetchNode:
        return replace(
            self.nodes[0], selects=self.selects, after=frozenset[int]().union(*(n.after for n in self.nodes))
        )


def _in_order(nodes: Iterable[FetchNode]) -> Iterable[FetchNode]:
    """Sort so that none comes before one it is after: what comes after fewer first, otherwise as they came."""
    by_id = {node.id: node for node in nodes}
    level: dict[int, int] = {}
    for id in TopologicalSorter({node.id: node.after for node in by_id.values()}).static_order():
        level[id] = 1 + max((level[one] for one in by_id[id].after), default=-1)
    return sorted(by_id.values(), key=lambda node: level[node.id])
