"""What an operation did cost, counted in its answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from router.operation.model import Operation, OperationKind
from router.policies.cost.arguments import GivenArguments
from router.policies.cost.estimate import MUTATION
from router.policies.cost.price import Values
from router.policies.cost.weights import Weights
from router.request import Json
from schema.query_graph.selection import Field, SelectionSet


def count(operation: Operation, weights: Weights, variables: Mapping[str, Json], data: Json) -> float:
    """Count what came: lists as long as they are, and nothing for what is null."""
    start = MUTATION if operation.kind is OperationKind.MUTATION else 0
    return start + _Count(weights, variables).selections(operation.selections, operation.root_type, data)


class _Count:
    """Walks an answer beside its operation."""

    def __init__(self, weights: Weights, variables: Mapping[str, Json]) -> None:
        self._weights = weights
        self._values = Values(variables)
        self._arguments: dict[tuple[str, int], float] = {}

    def selections(self, selections: SelectionSet, type_name: str, data: Json) -> float:
        """Count a selection set in one object, or in each of a list.

        An answer does not say of which type an object is: of the fields that may have given a value the dearest counts.
        """
        if isinstance(data, list):
            return sum(self.selections(selections, type_name, one) for one in data)
        if not isinstance(data, dict):
            return 0
        costs: dict[str, float] = defaultdict(float)
        for parent, field in _fields(selections, type_name):
            value = data.get(field.response_name)
            if value is not None:
                costs[field.response_name] = max(costs[field.response_name], self._field(field, parent, value))
        return sum(costs.values())

    def _field(self, field: Field, parent: str, value: Json) -> float:
        known = self._weights.field(parent, field.name)
        key = (parent, id(field))
        if key not in self._arguments:
            given = GivenArguments(field.arguments, known)
            self._arguments[key] = given.cost(self._weights).of(self._values)
        inner = self.selections(field.selections, known.type, value) if field.selections else 0
        return known.weight * _length(value) + self._arguments[key] + inner


def _fields(selections: SelectionSet, parent: str) -> Iterator[tuple[str, Field]]:
    for one in selections:
        if not isinstance(one, Field):
            yield from _fields(one.selections, one.type_condition or parent)
        elif not one.name.startswith("__"):
            yield parent, one


def _length(value: Json) -> int:
    if isinstance(value, list):
        return sum(map(_length, value))
    return int(value is not None)
