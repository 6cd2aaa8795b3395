"""Paths of the response, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.planner.model import OfType, Path, PathStep

Place = tuple[PathStep | None, OfType | None]


def any_of(paths: Sequence[Path]) -> Path:
    """Lead wherever one of several paths leads that differ in types only: an object is of any of the types there."""
    return tuple(step for places in zip(*map(_places, paths), strict=True) for step in _joined(places))


def _places(path: Path) -> list[Place]:
    """Part a path, from the root on, into its steps and the types that are asked for after each."""
    found: list[Place] = [(None, None)]
    for step in path:
        if isinstance(step, OfType):
            found[-1] = (found[-1][0], step)
        else:
            found.append((step, None))
    return found


def _joined(places: Sequence[Place]) -> Iterator[PathStep]:
    if places[0][0] is not None:
        yield places[0][0]
    types = [of_type.types for _, of_type in places if of_type is not None]
    if len(types) == len(places):
        yield OfType(frozenset[str]().union(*types))
