"""What an upgraded subgraph must know of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schema.compose.field_facts import FieldFacts
from schema.elements import TypeDefinition
from schema.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class Peers:
    """All subgraphs as they were written, with the facts about their fields."""

    subgraphs: Sequence[Subgraph]
    facts: Mapping[str, FieldFacts]

    @classmethod
    def of(cls, subgraphs: Sequence[Subgraph]) -> Peers:
        return cls(subgraphs, {one.name: FieldFacts.of(one) for one in subgraphs})

    def declarations(self, type_name: str, *, but: Subgraph) -> Iterator[tuple[Subgraph, TypeDefinition]]:
        """The type in the other subgraphs that have it."""
        for one in self.subgraphs:
            if one.name != but.name and type_name in one.types:
                yield one, one.types[type_name]

    def is_resolved_elsewhere(self, type_name: str, field_name: str, *, but: Subgraph) -> bool:
        """Another subgraph resolves the field, if only on provided paths."""
        return any(
            field_name in definition.fields and not self.facts[one.name].is_fully_external(type_name, field_name)
            for one, definition in self.declarations(type_name, but=but)
        )
