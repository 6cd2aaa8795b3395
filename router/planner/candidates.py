"""The ways to one field, and to the object it leads to."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from router.planner.items import Unreachable
from schema.query_graph.advance import Advance
from schema.query_graph.context import setters_above
from schema.query_graph.model import Node
from schema.query_graph.path import Path
from schema.query_graph.selection import Field
from schema.supergraph import Supergraph

MAX_ALTERNATIVES = 16
MAX_PER_NODE = 4


@dataclass(frozen=True, slots=True)
class FoundObject:
    """What a field leads to. Shapes: types are those common to all ways, None where there is but one way."""

    type_name: str
    paths: tuple[Path, ...]
    types: frozenset[str] | None


class Candidates:
    """Finds the ways to fields, in all subgraphs that can be asked."""

    def __init__(self, supergraph: Supergraph, advance: Advance) -> None:
        self._supergraph = supergraph
        self._advance = advance

    def of_field(self, paths: Iterable[Path], field: Field) -> list[Path]:
        """Find every way to a field; to a leaf, none through another subgraph where the one at hand resolves it."""
        found: list[Path] = []
        for path in paths:
            direct = self._advance.direct(path, field)
            if direct is not None:
                found.append(direct)
            if direct is None or field.selections:
                found += self._advance.indirect(path, field)
        return list(dict.fromkeys(found))

    def object(self, type_name: str, field: Field, candidates: Sequence[Path]) -> FoundObject:
        """Say what a field leads to by the best of its ways. Raises: Unreachable."""
        if not candidates:
            raise Unreachable(type_name, field)
        target = self._supergraph.field_type(type_name, field.name)
        return FoundObject(target, best(candidates), common_types(candidates) if len(candidates) > 1 else None)

    def end(self, path: Path) -> Hashable:
        """Tell what decides on how a path to an object can go on."""
        return path.node, setters_above(path, self._advance.graph.setters)


def common_types(paths: Iterable[Path]) -> frozenset[str]:
    """Give the runtime types that an object may have whichever way it came."""
    return frozenset.intersection(*(path.node.possible_types for path in paths))


def best(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Keep for each node the ways with fewest requests, and not too many of all."""
    ordered = sorted(paths, key=lambda path: (len(path.entries), path.depth))
    kept: dict[Node, list[Path]] = {}
    for path in ordered:
        same = kept.setdefault(path.node, [])
        if not same or (len(same) < MAX_PER_NODE and len(path.entries) == len(same[0].entries)):
            same.append(path)
    return tuple(path for path in ordered if path in kept[path.node])[:MAX_ALTERNATIVES]
