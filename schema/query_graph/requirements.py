"""What entities and fields need before they can be asked for, found on the ways to one object."""

from __future__ import annotations

from schema.context import ContextArgument
from schema.query_graph.circles import Circles
from schema.query_graph.conditions import Moves, resolve
from schema.query_graph.context import of_one_object, selection_for, setter_above
from schema.query_graph.limits import Spend
from schema.query_graph.model import FieldEdge, KeyMove, QueryGraph
from schema.query_graph.path import EnterEntity, Path, TakeField
from schema.query_graph.selection import Field, SelectionSet


def cost(path: Path) -> tuple[int, int]:
    """Compare ways to enter: fewest hops in a row, then fewest entries."""
    return (path.depth, len(path.entries))


class Requirements:
    """Enters subgraphs with a key, and again with what a field requires. Each step looked at is spent."""

    def __init__(self, graph: QueryGraph, moves: Moves, circles: Circles, spend: Spend) -> None:
        self._graph = graph
        self._moves = moves
        self._circles = circles
        self._spend = spend
        self._supplied: dict[tuple[Path, FieldEdge], Path | None] = {}

    def enter(self, path: Path, move: KeyMove, needed_by: FieldEdge | None = None) -> Path | None:
        """Enter a subgraph by a key, with what a field there needs; None if some of it cannot be found from here."""
        self._spend()
        with self._circles.resolving(move) as is_new:
            requires = resolve(move.selection, [path], self._moves) if is_new else None
        if requires is None:
            return None
        if needed_by is not None:  # may itself need this move: only the field must not be needed again
            needed = self._needed(path, needed_by)
            if needed is None:
                return None
            requires += needed
        return path.then(EnterEntity(move, needed_by), move.target, requires)

    def supply(self, path: Path, edge: FieldEdge) -> Path | None:
        """Come to the same node with what a field requires in the representation, and its context in variables."""
        if (path, edge) in self._supplied:
            return self._supplied[path, edge]
        before = (self._circles.met, self._circles.unsettled)
        found = self._again(path, edge)
        if before == (self._circles.met, self._circles.unsettled):  # else it hangs on what is being resolved just now
            self._supplied[path, edge] = found
        return found

    def _again(self, path: Path, edge: FieldEdge) -> Path | None:
        if not edge.context and self._is_at_hand(path, edge.requires):
            return path
        with self._circles.resolving(edge) as is_new:
            if not is_new:
                return None
            if isinstance(path.step, EnterEntity) and path.parent is not None:
                delayed = self.enter(path.parent, path.step.move, edge)
                if delayed is not None:
                    return delayed
            own = (move for move in self._graph.moves.get(path.node, ()) if move.target.subgraph == path.node.subgraph)
            again = [self.enter(path, move, edge) for move in own]
            return min((one for one in again if one is not None), key=cost, default=None)

    def _needed(self, path: Path, edge: FieldEdge) -> tuple[Path, ...] | None:
        """Find what a field requires of its object, and what it takes from the objects above."""
        found = resolve(edge.requires, [path], self._moves)
        for one in edge.context:
            setter = setter_above(path, one)
            values = self._values(one, setter) if setter else None
            found = None if found is None or values is None else found + values
        return found

    def _values(self, argument: ContextArgument, setter: Path) -> tuple[Path, ...] | None:
        selection = selection_for(argument, setter.node, self._graph.possible_types)
        return resolve(selection, list(of_one_object(setter)), self._moves)

    def _is_at_hand(self, path: Path, selection: SelectionSet) -> bool:
        """Whether the subgraph has all of it here anyway, as after `@provides`."""
        for one in selection:
            if not isinstance(one, Field):
                return False
            edge = self._graph.fields.get(path.node, {}).get(one.name)
            if edge is None or not edge.is_free:
                return False
            taken = path.then(TakeField(edge, one.name, one.arguments), edge.target)
            if not self._is_at_hand(taken, one.selections):
                return False
        return True
