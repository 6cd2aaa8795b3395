"""What an entity fetch sends: a representation of each distinct entity."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from router.execution.layers import Joint, Layers, enter, item, length, typename
from router.execution.positions import Position
from router.execution.runtime_types import RuntimeTypes
from router.json_text import canonical_json
from router.planner.model import EntitySelection
from router.request import Json
from schema.query_graph.selection import Field, InlineFragment, SelectionSet


@dataclass(frozen=True, slots=True)
class Batch:
    """Shapes: representations [m], each once; slots [n] from position to representation, None where none is sent."""

    representations: tuple[dict[str, Json], ...]
    slots: tuple[int | None, ...]


class Unusable(Exception):
    """A value that a representation cannot do without is null or absent."""


def batch(positions: Sequence[Position], select: EntitySelection, types: RuntimeTypes) -> Batch:
    """Select what an entity fetch sends, each distinct entity once.

    Shapes: positions [n], representations [m], m ≤ n. Source: Federation subgraph specification, "Query._entities".
    """
    builder = Builder(select, types)
    slots: list[int | None] = []
    slot_of: dict[bytes, int] = {}
    distinct: list[dict[str, Json]] = []
    for position in positions:
        representation = builder.build(position)
        if representation is None:
            slots.append(None)
            continue
        slot = slot_of.setdefault(canonical_json(representation), len(distinct))
        if slot == len(distinct):
            distinct.append(representation)
        slots.append(slot)
    return Batch(tuple(distinct), tuple(slots))


def read(position: Position, selection: SelectionSet, types: RuntimeTypes) -> dict[str, Json]:
    """Select from any object as representations select, but nothing has to be there."""
    builder = Builder(EntitySelection("", (), selection, frozenset(), ()), types)
    return builder.read(position)


class _Object(NamedTuple):
    """An object to select from. `in_key` is None at the top, where each field says for itself whether it is a key."""

    layers: Layers
    joint: Joint | None
    type: str | None
    in_key: bool | None


class Builder:
    """Represents entities of one selection."""

    def __init__(self, select: EntitySelection, types: RuntimeTypes) -> None:
        self._select = select
        self._types = types

    def build(self, position: Position) -> dict[str, Json] | None:
        """Represent one entity; None if it cannot be, or if nothing but its type is known."""
        name = typename(position.layers, self._types.objects) or self._only_type()
        if name is None:
            return None
        selected: dict[str, Json] = {"__typename": self._select.typename or name}
        try:
            self._add(selected, self._select.requires, _Object(position.layers, position.joint, name, None))
        except Unusable:
            return None
        return selected if len(selected) > 1 else None

    def read(self, position: Position) -> dict[str, Json]:
        """Select what is there of what is required."""
        selected: dict[str, Json] = {}
        name = typename(position.layers, self._types.objects)
        with suppress(Unusable):
            self._add(selected, self._select.requires, _Object(position.layers, position.joint, name, None))
        return selected

    def _only_type(self) -> str | None:
        """Infer the type of an entity that came without `__typename`: the plan allows for one object type."""
        names = {one.type_condition for one in self._select.requires if isinstance(one, InlineFragment)}
        name = names.pop() if len(names) == 1 else None
        return name if name in self._types.objects else None

    def _add(self, selected: dict[str, Json], selections: SelectionSet, entity: _Object) -> None:
        for selection in selections:
            if isinstance(selection, Field):
                self._add_field(selected, selection, entity)
            elif self._applies(selection.type_condition, entity.type):
                self._add(selected, selection.selections, entity)

    def _applies(self, condition: str | None, name: str | None) -> bool:
        return condition is None or (name is not None and self._types.satisfies(name, condition))

    def _add_field(self, selected: dict[str, Json], field: Field, entity: _Object) -> None:
        if field.name == "__typename":
            selected.setdefault("__typename", entity.type)
            return
        facts = self._types.field(entity.type, field.name)
        in_key = field.name in self._select.keys if entity.in_key is None else entity.in_key
        below = entity.joint.below.get(field.response_name) if entity.joint else None
        layers = enter(entity.layers, below, field.response_name)
        if len(layers) == 1 and not field.selections:
            value = layers[0]
        else:
            value = self._value(field, _Object(layers, below, facts.type, in_key))
        if value is None and (in_key or facts.required):
            raise Unusable
        selected[field.name] = value

    def _value(self, field: Field, at: _Object) -> Json:
        if not at.layers:
            return None
        if isinstance(at.layers[0], list):
            joints = at.joint.below if at.joint else {}
            return [
                self._value(
                    field,
                    _Object(item(at.layers, joints.get(index), index), joints.get(index), at.type, at.in_key),
                )
                for index in range(length(at.layers))
            ]
        if not field.selections:
            return at.layers[-1]
        if not isinstance(at.layers[0], dict):
            return None
        selected: dict[str, Json] = {}
        name = typename(at.layers, self._types.objects) or at.type
        self._add(selected, field.selections, _Object(at.layers, at.joint, name, at.in_key))
        return selected
