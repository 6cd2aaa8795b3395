"""What a move needs first: the cheapest way to each field of a key or of `requires`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from schema.query_graph.path import Path
from schema.query_graph.selection import Field, InlineFragment, SelectionSet


class Moves(Protocol):
    """What resolving needs to know of moving."""

    def direct(self, path: Path, field: Field) -> Path | None: ...
    def indirect(self, path: Path, field: Field) -> list[Path]: ...
    def downcast(self, path: Path, type_name: str) -> list[Path]: ...
    def possible_types(self, type_name: str) -> frozenset[str]: ...
    def name(self, path: Path, field: Field) -> Field: ...


def resolve(selection: SelectionSet, paths: Sequence[Path], moves: Moves) -> tuple[Path, ...] | None:
    """Find a way to every leaf of a selection, from any of the paths to one object; None if some leaf has none.

    A fragment whose type cannot be here needs nothing.
    """
    found: list[Path] = []
    for one in selection:
        leaves = _fragment(one, paths, moves) if isinstance(one, InlineFragment) else _field(one, paths, moves, found)
        if leaves is None:
            return None
        found += leaves
    return tuple(dict.fromkeys(found))


def cheapest(paths: Iterable[Path], beside: Sequence[Path] = ()) -> Path | None:
    """Choose the path that waits least, then the one that adds fewest requests to those `beside` it."""
    made = frozenset().union(*(one.entries for one in beside)) if beside else frozenset[object]()
    return min(paths, key=lambda path: (path.depth, len(path.entries - made)), default=None)


def _fragment(fragment: InlineFragment, paths: Sequence[Path], moves: Moves) -> tuple[Path, ...] | None:
    condition = fragment.type_condition
    if condition is None:
        return resolve(fragment.selections, paths, moves)
    narrowed = _narrowed(paths, condition, moves)
    found = resolve(fragment.selections, narrowed, moves) if narrowed else None
    if found is not None:
        return found
    possible = moves.possible_types(condition)
    if narrowed and possible == {condition}:
        return None
    here = frozenset[str]().union(*(path.node.possible_types for path in paths))
    return _for_each(possible & here, fragment.selections, paths, moves)


def _narrowed(paths: Iterable[Path], type_name: str, moves: Moves) -> list[Path]:
    return [narrowed for path in paths for narrowed in moves.downcast(path, type_name)]


def _field(field: Field, paths: Sequence[Path], moves: Moves, beside: Sequence[Path]) -> tuple[Path, ...] | None:
    named = moves.name(paths[0], field)
    here = [one for path in paths if (one := moves.direct(path, named))]
    found = _beneath(named, here, moves, beside)
    if found is None:
        elsewhere = [one for path in paths for one in moves.indirect(path, named)]
        found = _beneath(named, [*here, *elsewhere], moves, beside)
    return _by_type(field, paths, moves) if found is None else found


def _beneath(field: Field, candidates: Sequence[Path], moves: Moves, beside: Sequence[Path]) -> tuple[Path, ...] | None:
    if not candidates:
        return None
    if field.selections:  # where no type of its fragments can be, it still has to be seen that objects are there
        leaves = resolve(field.selections, candidates, moves)
        return resolve((Field("__typename", "__typename"),), candidates, moves) if leaves == () else leaves
    best = cheapest(candidates, beside)
    return None if best is None else (best,)


def _by_type(field: Field, paths: Sequence[Path], moves: Moves) -> tuple[Path, ...] | None:
    """Resolve a field of an abstract type for each type that an object may have."""
    nodes = [path.node for path in paths if path.node.is_abstract or path.node.is_interface_object]
    possible = {name for node in nodes for name in node.possible_types}
    return _for_each(possible, (field,), paths, moves) or None


def _for_each(
    types: Iterable[str], selection: SelectionSet, paths: Sequence[Path], moves: Moves
) -> tuple[Path, ...] | None:
    """Resolve a selection for each type apart, as far as objects here can have it; None if for one it has no way."""
    found: list[Path] = []
    for type_name in sorted(types):
        narrowed = _narrowed(paths, type_name, moves)
        leaves = resolve(selection, narrowed, moves) if narrowed else ()
        if leaves is None:
            return None
        found += leaves
    return tuple(found)
