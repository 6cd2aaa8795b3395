"""What is to be reached: leaves, each in one of several ways, and alternatives that take several leaves."""

from __future__ import annotations

from dataclasses import dataclass

from schema.query_graph.path import Path
from schema.query_graph.selection import Condition, Field

Conditions = frozenset[Condition]
ALWAYS: Conditions = frozenset()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field to reach in one of several ways, needed only under some conditions; `order` follows the operation."""

    order: int
    alternatives: tuple[Path, ...]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class OneOf:
    """Alternatives that each take several fields: all of one option, nothing of the others."""

    options: tuple[tuple[Item, ...], ...]


Item = Leaf | OneOf


class Unreachable(Exception):
    """No subgraph can be asked for a field."""

    def __init__(self, type_name: str, field: Field) -> None:
        super().__init__(f"No way to resolve field '{type_name}.{field.name}' was found in the supergraph.")
