"""The result of a running operation: decoded answers, never changed, laid over each other.

A value of the result is a tuple of the values that the answers have at its place, oldest first: its layers. Answers for
entities are attached to places; what is attached to an object is seen below it too, however late it came.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from router.request import Json

Key = str | int
Object = Mapping[str, Json]
Layers = tuple[Json, ...]

COMPOSITE = (dict, list)


@dataclass(slots=True)
class Joint:
    """A place of the result at or below which something is attached."""

    layers: list[Object] = field(default_factory=list)
    below: dict[Key, Joint] = field(default_factory=dict)

    def attach(self, path: tuple[Key, ...], layer: Object) -> None:
        """Lay an answer over what is at a place."""
        joint = self
        for key in path:
            following = joint.below.get(key)
            if following is None:
                following = joint.below[key] = Joint()
            joint = following
        joint.layers.append(layer)


def enter(layers: Layers, joint: Joint | None, key: str) -> Layers:
    """Look a field up in an object. Shapes: () where it is absent or null, else values of one kind.

    The kind (object, list or scalar) of the oldest answer holds; null never hides a value.
    Source: reference/execution.md, "Plan execution", merging.
    """
    if len(layers) == 1:
        value = layers[0].get(key)
        found: Layers = () if value is None else (value,)
    else:
        found = tuple(value for layer in layers if (value := layer.get(key)) is not None)
    if joint is not None and joint.layers and found:
        found += tuple(joint.layers)
    return found if len(found) <= 1 else _of_one_kind(found)


def item(lists: Layers, joint: Joint | None, index: int) -> Layers:
    """Look an item up in a list; lists are zipped by index."""
    if len(lists) == 1:
        value = lists[0][index]
        found: Layers = () if value is None else (value,)
    else:
        found = tuple(value for values in lists if index < len(values) and (value := values[index]) is not None)
    if joint is not None and joint.layers and found:
        found += tuple(joint.layers)
    return found if len(found) <= 1 else _of_one_kind(found)


def length(lists: Layers) -> int:
    """Say how many items a list has: as many as the longest of its layers."""
    return len(lists[0]) if len(lists) == 1 else max(map(len, lists))


def newest(layers: Layers, key: str) -> Json:
    """Look a leaf up in an object: the newest value that is not null."""
    for layer in reversed(layers):
        value = layer.get(key)
        if value is not None:
            return value
    return None


def typename(layers: Layers, objects: Collection[str]) -> str | None:
    """Read `__typename`: the newest that names an object type, else the newest there is.

    An interface's name comes from a subgraph that knows the interface as an object and hides no concrete name.
    """
    read: str | None = None
    for layer in layers:
        name = layer.get("__typename")
        if isinstance(name, str) and (name in objects or read not in objects):
            read = name
    return read


def _of_one_kind(values: Layers) -> Layers:
    kind = type(values[0])
    for value in values:
        if type(value) is not kind:
            break
    else:
        return values if kind in COMPOSITE else values[-1:]
    if kind in COMPOSITE:
        return tuple(value for value in values if type(value) is kind)
    return tuple(value for value in values if type(value) not in COMPOSITE)[-1:]
