"""A way through the query graph, from a root to some field: a leaf of a tree in which equal ways are one object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schema.query_graph.model import FieldEdge, KeyMove, Node
from schema.query_graph.selection import Arguments


@dataclass(frozen=True, slots=True)
class EnterRoot:
    """Ask a subgraph at a root type. `stage` tells apart entries that have to happen one after the other."""

    node: Node
    stage: int = 0


@dataclass(frozen=True, slots=True)
class TakeField:
    """Resolve a field where we are."""

    edge: FieldEdge
    response_name: str
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Downcast:
    """Go on with the objects of a narrower type only.

    `is_assumed`: the subgraph does not know the type (its interface object stands for it), so it is not asked there.
    """

    type_name: str
    node: Node
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class EnterEntity:
    """Ask a subgraph for an entity; `needed_by` is the field whose `requires` its representation carries too."""

    move: KeyMove
    needed_by: FieldEdge | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """Go on for the objects at the ends of several paths as for one: they differ in the types of objects above only."""

    paths: tuple[Path, ...]


Step = EnterRoot | TakeField | Downcast | EnterEntity | Alike


class Path:
    """The steps so far; `requires` are ways to what the last step needs first.

    Shapes: position, the response names so far; entries, every entry into a subgraph on the way and for its
    requirements, each as (from where, into which node); depth, how many of those wait for one another; requests, in
    which all entries may travel, each as (subgraph, depth).
    """

    __slots__ = ("_next", "depth", "entries", "node", "parent", "position", "requests", "requires", "step")

    def __init__(self, parent: Path | None, step: Step, node: Node, requires: tuple[Path, ...] = ()) -> None:
        self.parent = parent
        self.step = step
        self.node = node
        self.requires = requires
        self.position: tuple[str, ...] = parent.position if parent else ()
        self.entries: frozenset[tuple[Path | None, Node]] = parent.entries if parent else frozenset()
        self.requests: frozenset[tuple[str, int]] = parent.requests if parent else frozenset()
        self.depth: int = parent.depth if parent else 0
        self._next: dict[Step, Path] = {}
        if requires:
            self.entries = self.entries.union(*(one.entries for one in requires))
            self.requests = self.requests.union(*(one.requests for one in requires))
            self.depth = max(self.depth, *(one.depth for one in requires))
        if isinstance(step, TakeField):
            self.position += (step.response_name,)
        elif isinstance(step, EnterRoot | EnterEntity):
            self.entries |= {(parent, node)}
            self.depth += 1
            self.requests |= {(node.subgraph, self.depth)}

    def then(self, step: Step, node: Node, requires: tuple[Path, ...] = ()) -> Path:
        """Go one step on. The first requirements found for a step stay its requirements."""
        found = self._next.get(step)
        if found is None:
            found = self._next[step] = Path(self, step, node, requires)
        return found

    def steps_back(self) -> Iterator[Path]:
        """This path, then each it continues, to the root."""
        path: Path | None = self
        while path is not None:
            yield path
            path = path.parent

    @classmethod
    def alike(cls, paths: Sequence[Path]) -> Path:
        """Go on from several paths, which lead to one node at one position, as from one."""
        *others, last = paths
        return last.then(Alike(tuple(paths)), last.node, tuple(others)) if others else last

    @property
    def is_entry(self) -> bool:
        """Whether the last step is a request of its own."""
        return isinstance(self.step, EnterRoot | EnterEntity)
