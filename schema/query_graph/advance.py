"""The moves from one path to the next: resolve a field, narrow a type, enter another subgraph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from schema.context import ContextArgument
from schema.query_graph.conditions import cheapest, resolve
from schema.query_graph.context import of_one_object, selection_for, setter_above, with_context
from schema.query_graph.model import FieldEdge, KeyMove, Node, QueryGraph
from schema.query_graph.path import Downcast, EnterEntity, EnterRoot, Path, TakeField
from schema.query_graph.selection import Field, SelectionSet

Naming = Callable[[tuple[str, ...], Field], str]


VariableNaming = Callable[[ContextArgument], str]
Spend = Callable[[], None]


def without_limit() -> None:
    """Let every step be taken."""


def plain_names(_: tuple[str, ...], field: Field) -> str:
    """Ask for what a condition needs under its own name."""
    return field.name


def plain_variable(argument: ContextArgument) -> str:
    """Carry an argument from a context in the variable that is named for it."""
    return argument.variable


@dataclass(slots=True)
class _Growth:
    """What is found so far of what is being looked for, and the fields that the move now tried has looked for in it."""

    found: list[Path]
    asked: set[str] = field(default_factory=set)


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
        self._reached: dict[Path, tuple[Path, ...]] = {}
        self._supplied: dict[tuple[Path, FieldEdge], Path | None] = {}
        self._growing: dict[Path, _Growth] = {}
        self._open: set[KeyMove | FieldEdge] = set()  # whose conditions are being resolved: one in itself is a circle
        self._circles = 0
        self._unsettled = 0  # how often what is found so far was all that there was

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
        if edge.is_non_null and self._is_asked_of_its_type_alone(path, field):
            return None
        start = self._supply(path, edge) if edge.requires or edge.context else path
        arguments = with_context(field.arguments, {one.name: self._variable(one) for one in edge.context})
        return start and start.then(TakeField(edge, field.response_name, arguments), edge.target)

    def indirect(self, path: Path, field: Field) -> list[Path]:
        """Resolve a field in each other subgraph that can be entered from here."""
        if path in self._growing:
            self._growing[path].asked.add(field.name)
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
        found = self._reached.get(path)
        if found is not None:
            return found
        if path in self._growing:
            self._circles += path is not next(reversed(self._growing))
            self._unsettled += 1
            return tuple(self._growing[path].found)
        circles = self._circles
        found = self._grown(path)
        if circles == self._circles:  # else it depends on what was being resolved just now
            self._reached[path] = found
        return found

    def name(self, path: Path, field: Field) -> Field:
        """Give a field of a condition the response name it is to be asked under at this position."""
        return replace(field, response_name=self._naming(path.position, field))

    def possible_types(self, type_name: str) -> frozenset[str]:
        """The runtime types of a type, of the supergraph."""
        return self.graph.possible_types[type_name]

    def _is_always(self, node: Node, type_name: str) -> bool:
        is_concrete = not node.is_abstract and not node.is_interface_object
        return is_concrete and node.type_name in self.graph.possible_types.get(type_name, ())

    def _is_asked_of_its_type_alone(self, path: Path, field: Field) -> bool:
        """Whether a field need not be asked here of objects whose type is learned later: some way knows it before.

        For a type that is only assumed, a field is asked of objects of every type; a null that it must not have takes
        with it objects for which it was not selected.
        """
        if not isinstance(path.step, Downcast) or not path.step.is_assumed:
            return False
        known = [narrowed for one in path.requires for narrowed in self._narrowed_above(one, path.step.type_name)]
        again = (one for one in known for one in self.reached(one) if one.node.subgraph == path.node.subgraph)
        return any(self.direct(one, field) for one in again)

    def _narrowed_above(self, typename: Path, type_name: str) -> list[Path]:
        return self.downcast(typename.parent, type_name) if typename.parent else []

    def _grown(self, path: Path) -> tuple[Path, ...]:
        """Enter what can be entered, in rounds: the keys of one may be read wherever an earlier one led.

        A move is tried again when a field that it looked for in vain is resolved by what was entered since.
        """
        growth = self._growing[path] = _Growth(list(self._other_roots(path)))
        moves: Iterable[KeyMove] = [one for one in self.graph.moves.get(path.node, ()) if _leads_on(path, one.target)]
        failed: dict[KeyMove, set[str]] = {}
        try:
            while entered := self._entities(path, moves, failed):
                growth.found += entered.values()
                failed = {move: asked for move, asked in failed.items() if move.target not in entered}
                resolved = [self.graph.fields.get(node, {}) for node in entered]
                moves = [move for move, asked in failed.items() if any(one in at for at in resolved for one in asked)]
        finally:
            del self._growing[path]
        return tuple(growth.found)

    def _entities(self, path: Path, moves: Iterable[KeyMove], failed: dict[KeyMove, set[str]]) -> dict[Node, Path]:
        ways: dict[Node, list[Path]] = {}
        for move in moves:
            asked = self._growing[path].asked = set()
            entered = self._enter(path, move)
            if entered is None:
                failed[move] = asked
            else:
                ways.setdefault(move.target, []).append(entered)
        return {target: min(choices, key=_cost) for target, choices in ways.items()}

    def _other_roots(self, path: Path) -> Iterator[Path]:
        if path.node.type_name != self.graph.query_type or isinstance(path.step, EnterRoot):
            return
        for node in self.graph.roots[self.graph.query_type]:
            if node.subgraph != path.node.subgraph:
                yield path.then(EnterRoot(node), node)

    def _enter(self, path: Path, move: KeyMove, needed_by: FieldEdge | None = None) -> Path | None:
        self._spend()
        with self._resolving(move) as is_new:
            requires = self._resolve(move.selection, path) if is_new else None
        if requires is None:
            return None
        if needed_by is not None:  # may itself need this move: only the field must not be needed again
            needed = self._needed(needed_by, path)
            if needed is None:
                return None
            requires += needed
        return path.then(EnterEntity(move, needed_by), move.target, requires)

    def _needed(self, edge: FieldEdge, path: Path) -> tuple[Path, ...] | None:
        """Find what a field requires of its object, and what it takes from the objects above."""
        found = self._resolve(edge.requires, path)
        for one in edge.context:
            setter = setter_above(path, one)
            values = self._values(one, setter) if setter else None
            found = None if found is None or values is None else found + values
        return found

    def _values(self, argument: ContextArgument, setter: Path) -> tuple[Path, ...] | None:
        selection = selection_for(argument, setter.node, self.graph.possible_types)
        return resolve(selection, list(of_one_object(setter)), self)

    def _supply(self, path: Path, edge: FieldEdge) -> Path | None:
        """Come to the same node with what a field requires in the representation, and its context in variables."""
        if (path, edge) in self._supplied:
            return self._supplied[path, edge]
        before = (self._circles, self._unsettled)
        found = self._again(path, edge)
        if before == (self._circles, self._unsettled):  # else it depends on what was being resolved just now
            self._supplied[path, edge] = found
        return found

    def _again(self, path: Path, edge: FieldEdge) -> Path | None:
        if not edge.context and self._is_at_hand(edge.requires, path):
            return path
        with self._resolving(edge) as is_new:
            if not is_new:
                return None
            if isinstance(path.step, EnterEntity) and path.parent is not None:
                delayed = self._enter(path.parent, path.step.move, edge)
                if delayed is not None:
                    return delayed
            own = (move for move in self.graph.moves.get(path.node, ()) if move.target.subgraph == path.node.subgraph)
            again = [self._enter(path, move, edge) for move in own]
            return min((one for one in again if one is not None), key=_cost, default=None)

    def _resolve(self, selection: SelectionSet, path: Path) -> tuple[Path, ...] | None:
        return resolve(selection, [path], self)

    def _is_at_hand(self, selection: SelectionSet, path: Path) -> bool:
        """Whether the subgraph has all of it here anyway, as after `@provides`."""
        for one in selection:
            if not isinstance(one, Field):
                return False
            edge = self.graph.fields.get(path.node, {}).get(one.name)
            if edge is None or not edge.is_free:
                return False
            taken = path.then(TakeField(edge, one.name, one.arguments), edge.target)
            if not self._is_at_hand(one.selections, taken):
                return False
        return True

    @contextmanager
    def _resolving(self, condition: KeyMove | FieldEdge) -> Iterator[bool]:
        """Mark a condition as being resolved; False if it already is, which would go round for ever."""
        if condition in self._open:
            self._circles += 1
            yield False
            return
        self._open.add(condition)
        try:
            yield True
        finally:
            self._open.remove(condition)


def _leads_on(path: Path, target: Node) -> bool:
    """Whether a move leads to another subgraph, and does not only undo the one before, at the same object."""
    if target.subgraph == path.node.subgraph:
        return False
    return not isinstance(path.step, EnterEntity) or path.parent is None or path.parent.node.subgraph != target.subgraph


def _cost(path: Path) -> tuple[int, int]:
    return (path.depth, len(path.entries))
