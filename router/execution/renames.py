"""Aliases that only one subgraph's operation needed are undone in its answer, before anyone else sees it."""

from __future__ import annotations

from collections.abc import Sequence

from router.execution.layers import Key
from router.planner.model import OfType, Rename
from router.request import Json


def rename(value: Json, renames: Sequence[Rename]) -> Json:
    """Rename keys of an answer, in a copy of as much of it as changes."""
    for one in renames:
        value = _rename(value, one.path, one.to)
    return value


def rename_path(path: tuple[Key, ...], renames: Sequence[Rename]) -> tuple[Key, ...]:
    """Rename keys in the path of an error; indexes are passed over, and every type condition is taken to hold."""
    for one in renames:
        names = [step for step in one.path if isinstance(step, str)]
        places = [place for place, key in enumerate(path) if isinstance(key, str)][: len(names)]
        if [path[place] for place in places] == names:
            path = (*path[: places[-1]], one.to, *path[places[-1] + 1 :])
    return path


def _rename(value: Json, path: tuple[str | OfType, ...], to: str) -> Json:
    if isinstance(value, list):
        return [_rename(item, path, to) for item in value]
    if not isinstance(value, dict):
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, OfType):
        name = value.get("__typename")
        return _rename(value, rest, to) if name is None or name in step.types else value
    if step not in value:
        return value
    if rest:
        return {**value, step: _rename(value[step], rest, to)}
    copy = {key: one for key, one in value.items() if key != step}
    copy[to] = _laid_over(copy.get(to), value[step])
    return copy


def _laid_over(value: Json, other: Json) -> Json:
    """Join two values that come to stand at one place: objects deeply, else the newer, if it is not null."""
    if isinstance(value, dict) and isinstance(other, dict):
        return {**value, **{key: _laid_over(value.get(key), one) for key, one in other.items()}}
    return value if other is None else other
