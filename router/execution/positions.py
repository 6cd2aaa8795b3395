"""Where a path of the plan leads to in the result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, assert_never

from router.execution.layers import Joint, Key, Layers, enter, item, length, typename
from router.planner.model import Each, OfType, Path, PathStep


class Position(NamedTuple):
    """One object of the result, made for each: a tuple, because that is made fastest.

    Shapes: path of response names and indexes, from the root.
    """

    path: tuple[Key, ...]
    layers: Layers
    joint: Joint | None


def positions(root: Joint, path: Path, objects: Collection[str]) -> list[Position]:
    """Find every object at a path, lists entered item by item; what is null, absent or of another type is passed over.

    Shapes: objects are the names of the object types of the supergraph.
    """
    found = [Position((), tuple(root.layers), root)] if root.layers else []
    for step in path:
        found = list(_follow(found, step, objects))
    return [position for position in found if isinstance(position.layers[0], dict)]


def at(root: Joint, place: tuple[Key, ...]) -> Position | None:
    """Find the value at one place; None where nothing is."""
    position: Position | None = Position((), tuple(root.layers), root)
    for key in place:
        if position is None or not position.layers:
            return None
        following = _enter(position, key) if isinstance(key, str) else _item(position, key)
        position = next(following, None)
    return position


def named_path(path: Path) -> tuple[str, ...]:
    """Say how much of a path of the plan is known without the result: all up to the first list."""
    names: list[str] = []
    for step in path:
        if step is Each.ITEM:
            break
        if isinstance(step, str):
            names.append(step)
    return tuple(names)


def _follow(found: Iterable[Position], step: PathStep, objects: Collection[str]) -> Iterator[Position]:
    match step:
        case str():
            for position in found:
                yield from _enter(position, step)
        case Each():
            for position in found:
                yield from _items(position)
        case OfType(types=types):
            for position in found:
                if isinstance(position.layers[0], dict) and typename(position.layers, objects) in types:
                    yield position
        case _:
            assert_never(step)


def _enter(position: Position, key: str) -> Iterator[Position]:
    if isinstance(position.layers[0], dict):
        below = position.joint.below.get(key) if position.joint else None
        layers = enter(position.layers, below, key)
        if layers:
            yield Position((*position.path, key), layers, below)


def _items(position: Position) -> Iterator[Position]:
    if isinstance(position.layers[0], list):
        for index in range(length(position.layers)):
            yield from _item(position, index)


def _item(position: Position, index: int) -> Iterator[Position]:
    below = position.joint.below.get(index) if position.joint else None
    layers = item(position.layers, below, index)
    if layers:
        yield Position((*position.path, index), layers, below)
