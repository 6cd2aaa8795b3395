"""Fetches and what each waits for: the form in which plans are optimized."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from router.planner.model import ContextVariable, Path, Rename
from schema.query_graph.advance import Spend, without_limit
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
    def ancestors(self) -> dict[int, frozenset[int]]:
        """All that each node waits for, directly or not."""
        found: dict[int, frozenset[int]] = {}
        for node in self.nodes:
            found[node.id] = node.after.union(*(found[one] for one in node.after))
        return found

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

    def joining(self, one: FetchNode, other: FetchNode, selects: Sequence[Select]) -> FetchGraph:
        """Make one node of two, of which neither waits for the other."""
        self.spend()
        whole = replace(one, selects=tuple(selects), after=one.after | other.after)
        kept = [whole if node.id == one.id else node for node in self.nodes if node.id != other.id]
        moved = (
            replace(node, after=node.after - {other.id} | {one.id}) if other.id in node.after else node for node in kept
        )
        return self.with_nodes(_in_order(moved))

    def with_nodes(self, nodes: Iterable[FetchNode]) -> FetchGraph:
        return FetchGraph(tuple(nodes), self.views, self.spend)


def _in_order(nodes: Iterable[FetchNode]) -> Iterator[FetchNode]:
    """Sort so that none comes before one it is after, otherwise as they came."""
    waiting, done = list(nodes), set[int]()
    while waiting:
        ready = next(node for node in waiting if node.after <= done)
        waiting.remove(ready)
        done.add(ready.id)
        yield ready
