"""Values that entities take from the objects above them. Source: query-planning, "Worked examples", context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from router.execution.layers import Joint
from router.execution.positions import Position, at
from router.execution.representations import read
from router.execution.runtime_types import RuntimeTypes
from router.json_text import canonical_json
from router.planner.model import ContextVariable, OfType
from router.request import Json

AtPath = tuple[Sequence[ContextVariable], Sequence[Position]]
Group = tuple[Mapping[str, Json], Sequence[Position]]


def by_context(found: Iterable[AtPath], root: Joint, types: RuntimeTypes) -> Sequence[Group]:
    """Part what was found at several paths by the values of its contextual variables; equal values come together."""
    groups: dict[bytes, tuple[dict[str, Json], list[Position]]] = {}
    for context, positions in found:
        for position in positions:
            values = {one.name: _value(position, one, root, types) for one in context}
            groups.setdefault(canonical_json(values), (values, []))[1].append(position)
    return list(groups.values())


def _value(position: Position, variable: ContextVariable, root: Joint, types: RuntimeTypes) -> Json:
    above = sum(not isinstance(step, OfType) for step in variable.path)
    setter = at(root, position.path[:above])
    return _leaf(read(setter, variable.selection, types)) if setter else None


def _leaf(value: Json) -> Json:
    """Go down to the one leaf that was selected."""
    while isinstance(value, dict):
        value = next((below for name, below in value.items() if name != "__typename"), None)
    return value
