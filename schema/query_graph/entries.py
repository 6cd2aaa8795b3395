"""Which other subgraphs can be entered with the object at the end of a path, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schema.query_graph.circles import Circles
from schema.query_graph.model import KeyMove, Node, QueryGraph
from schema.query_graph.path import EnterEntity, EnterRoot, Path
from schema.query_graph.requirements import Requirements, cost


@dataclass(slots=True)
class _Growth:
    """What is found so far of what is being looked for, and the fields that the move now tried has looked for in it."""

    found: list[Path]
    asked: set[str] = field(default_factory=set)


class Entries:
    """Enters each other subgraph that has a key for an object, or is a root like this one; the cheapest way each."""

    def __init__(self, graph: QueryGraph, requirements: Requirements, circles: Circles) -> None:
        self._graph = graph
        self._requirements = requirements
        self._circles = circles
        self._reached: dict[Path, tuple[Path, ...]] = {}
        self._growing: dict[Path, _Growth] = {}

    def reached(self, path: Path) -> tuple[Path, ...]:
        """Enter all that can be entered from a path; while that is being found out, what was entered so far."""
        found = self._reached.get(path)
        if found is not None:
            return found
        if path in self._growing:
            self._circles.met += path is not next(reversed(self._growing))
            self._circles.unsettled += 1
            return tuple(self._growing[path].found)
        before = self._circles.met
        found = self._grown(path)
        if before == self._circles.met:  # else it hangs on what is being resolved just now
            self._reached[path] = found
        return found

    def looked_for(self, path: Path, field_name: str) -> None:
        """Note that a field was looked for in what is being entered from a path."""
        if path in self._growing:
            self._growing[path].asked.add(field_name)

    def _grown(self, path: Path) -> tuple[Path, ...]:
        """Enter what can be entered, in rounds: the keys of one may be read wherever an earlier one led.

        A move is tried again when a field that it looked for in vain is resolved by what was entered since.
        """
        growth = self._growing[path] = _Growth(list(self._other_roots(path)))
        moves: Iterable[KeyMove] = [one for one in self._graph.moves.get(path.node, ()) if _leads_on(path, one.target)]
        failed: dict[KeyMove, set[str]] = {}
        try:
            while entered := self._entered(path, moves, failed):
                growth.found += entered.values()
                failed = {move: asked for move, asked in failed.items() if move.target not in entered}
                resolved = [self._graph.fields.get(node, {}) for node in entered]
                moves = [move for move, asked in failed.items() if any(one in at for at in resolved for one in asked)]
        finally:
            del self._growing[path]
        return tuple(growth.found)

    def _entered(self, path: Path, moves: Iterable[KeyMove], failed: dict[KeyMove, set[str]]) -> dict[Node, Path]:
        ways: dict[Node, list[Path]] = {}
        for move in moves:
            asked = self._growing[path].asked = set()
            entered = self._requirements.enter(path, move)
            if entered is None:
                failed[move] = asked
            else:
                ways.setdefault(move.target, []).append(entered)
        return {target: min(choices, key=cost) for target, choices in ways.items()}

    def _other_roots(self, path: Path) -> Iterator[Path]:
        if path.node.type_name != self._graph.query_type or isinstance(path.step, EnterRoot):
            return
        for node in self._graph.roots[self._graph.query_type]:
            if node.subgraph != path.node.subgraph:
                yield path.then(EnterRoot(node), node)


def _leads_on(path: Path, target: Node) -> bool:
    """Whether a move leads to another subgraph, and does not only undo the one before, at the same object."""
    if target.subgraph == path.node.subgraph:
        return False
    return not isinstance(path.step, EnterEntity) or path.parent is None or path.parent.node.subgraph != target.subgraph
