"""Arguments that no client gives: their values come from objects above. Source: federation-directives, "Meaning"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from schema.join import JoinContextArgument
from schema.query_graph.field_set import parse_field_set
from schema.query_graph.selection import SelectionSet


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument whose value is what `selection` finds in the nearest object above that sets the context.

    `variable` carries it in requests. Shapes: setters are names of types, with their possible types.
    """

    name: str
    variable: str
    type: str
    selection: SelectionSet
    setters: frozenset[str]


class Contexts:
    """The contexts of a supergraph. Shapes: setters from the name of a context to the types that set it."""

    def __init__(self, setters: Mapping[str, frozenset[str]], graphs: Iterable[str]) -> None:
        self._setters = setters
        self._numbers = {graph: (number, count()) for number, graph in enumerate(graphs, 1)}

    def arguments(self, graph: str, joined: Iterable[JoinContextArgument]) -> tuple[ContextArgument, ...]:
        """Read the contextual arguments of one field, and number their variables through its graph."""
        return tuple(self._argument(graph, one) for one in joined)

    def _argument(self, graph: str, joined: JoinContextArgument) -> ContextArgument:
        number, arguments = self._numbers[graph]
        return ContextArgument(
            name=joined.name,
            variable=f"contextualArgument_{number}_{next(arguments)}",
            type=joined.type,
            selection=parse_field_set(joined.selection),
            setters=self._setters[joined.context],
        )
