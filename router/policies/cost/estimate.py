"""What an operation may cost, before it runs. Source: IBM, "Cost Directives", "Static Query Cost"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from router.operation.model import Operation, OperationKind
from router.policies.cost.arguments import GivenArguments
from router.policies.cost.price import FREE, Fixed, Price, dearest, shared, times, total, when
from router.policies.cost.weights import Weights
from schema.query_graph.selection import Field, InlineFragment, SelectionSet

MUTATION = 10
"""What a mutation costs beside its fields."""

Sizes = Mapping[str, Price]
"""Sizes that a field gives to lists among its own fields, by their names."""


def price(operation: Operation, weights: Weights, list_size: float) -> Price:
    """Make the price of an operation; a list of which nothing is known is taken to be `list_size` long."""
    estimate = _Estimate(weights, list_size).selections(operation.selections, operation.root_type, {})
    return total([Fixed(MUTATION), estimate]) if operation.kind is OperationKind.MUTATION else estimate


class _Estimate:
    """Walks an operation; remembers what selections cost on each type, since abstract types meet them often."""

    def __init__(self, weights: Weights, list_size: float) -> None:
        self._weights = weights
        self._list_size = list_size
        self._known: dict[tuple[int, str, tuple[tuple[str, Price], ...]], Price] = {}

    def selections(self, selections: SelectionSet, type_name: str, sizes: Sizes) -> Price:
        """Price a selection set on a type: on an abstract one for its dearest object."""
        key = (id(selections), type_name, tuple(sorted(sizes.items(), key=lambda item: item[0])))
        if key not in self._known:
            objects = self._weights.possible_types(type_name)
            self._known[key] = shared(dearest(total(self._parts(selections, one, sizes)) for one in objects))
        return self._known[key]

    def _parts(self, selections: SelectionSet, object_type: str, sizes: Sizes) -> Iterator[Price]:
        for one in selections:
            if isinstance(one, Field):
                yield when(one.conditions, self._field(one, object_type, sizes))
            elif self._applies(one, object_type):
                yield when(one.conditions, total(self._parts(one.selections, object_type, sizes)))

    def _applies(self, fragment: InlineFragment, object_type: str) -> bool:
        condition = fragment.type_condition
        return condition is None or object_type in self._weights.possible_types(condition)

    def _field(self, field: Field, object_type: str, sizes: Sizes) -> Price:
        if field.name.startswith("__"):
            return FREE
        known = self._weights.field(object_type, field.name)
        arguments = GivenArguments(field.arguments, known)
        rule = known.list_size
        size = arguments.size(rule, self._list_size)
        inner_sizes = dict.fromkeys(rule.sized_fields, size) if rule else {}
        count: Price = Fixed(1)
        if known.is_list:
            count = sizes.get(field.name, size)
        inner = self.selections(field.selections, known.type, inner_sizes) if field.selections else FREE
        return total([times(count, total([Fixed(known.weight), inner])), arguments.cost(self._weights)])
