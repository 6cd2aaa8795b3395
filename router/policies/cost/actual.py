"""What an operation did cost, counted in its answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from router.operation.model import Operation, OperationKind
from router.policies.cost.arguments import GivenArguments
from router.policies.cost.estimate import MUTATION
from router.policies.cost.price import FREE, Price, Values, shared
from router.policies.cost.weights import Weights
from router.request import Json
from schema.query_graph.selection import Field, SelectionSet


@dataclass(frozen=True, slots=True)
class CountedField:
    """A field that may cost something, or has fields that may."""

    weight: float
    arguments: Price
    below: CountedFields

    def never_negative(self, values: Values) -> bool:
        """Whether no value of it can cost less than nothing, so that many can be added up at once."""
        return self.weight >= 0 and self.arguments.of(values) >= 0


CountedFields = tuple[tuple[str, tuple[CountedField, ...]], ...]
"""By response name. An answer does not say of which type an object is: of several fields the dearest counts."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What of an operation is counted: made once, and without what costs nothing."""

    start: float
    fields: CountedFields

    def count(self, variables: Mapping[str, Json], data: Json) -> float:
        """Count what came: lists as long as they are, and nothing for what is null."""
        return self.start + (_below(self.fields, [data], Values(variables)) if isinstance(data, dict) else 0)


NO_TALLY = Tally(0, ())


def tally(operation: Operation, weights: Weights) -> Tally:
    """Find what is to be counted in the answers to an operation."""
    start = MUTATION if operation.kind is OperationKind.MUTATION else 0
    return Tally(start, _fields(operation.selections, operation.root_type, weights))


def _fields(selections: SelectionSet, type_name: str, weights: Weights) -> CountedFields:
    found: dict[str, list[CountedField]] = defaultdict(list)
    for parent, field in _selected(selections, type_name):
        known = weights.field(parent, field.name)
        arguments = shared(GivenArguments(field.arguments, known).cost(weights))
        below = _fields(field.selections, known.type, weights) if field.selections else ()
        if known.weight or below or arguments != FREE:
            found[field.response_name].append(CountedField(known.weight, arguments, below))
    return tuple((name, tuple(fields)) for name, fields in found.items())


def _selected(selections: SelectionSet, parent: str) -> Iterator[tuple[str, Field]]:
    for one in selections:
        if not isinstance(one, Field):
            yield from _selected(one.selections, one.type_condition or parent)
        elif not one.name.startswith("__"):
            yield parent, one


def _below(fields: CountedFields, objects: Sequence[Mapping[str, Json]], values: Values) -> float:
    """Add up the fields of all objects at a place: one field after the other, because that is quickest."""
    cost = 0.0
    for name, alternatives in fields:
        found = [value for one in objects if (value := one.get(name)) is not None]
        if found and len(alternatives) == 1 and alternatives[0].never_negative(values):
            cost += _field(alternatives[0], found, values)
        elif found:
            cost += sum(max(0.0, *[_field(one, [value], values) for one in alternatives]) for value in found)
    return cost


def _field(field: CountedField, found: Sequence[Json], values: Values) -> float:
    """Add up one field, by what it is in some objects."""
    items = _items(found)
    cost = field.arguments.of(values) * len(found) + field.weight * len(items)
    return cost + _below(field.below, items, values) if field.below else cost


def _items(found: Sequence[Json]) -> Sequence[Json]:
    """Take values out of their lists, however deep; what is null is left out.

    The values of one response name are lists of one depth. Source: GraphQL, "Field Selection Merging".
    """
    while found and type(found[0]) is list:
        found = [item for one in found for item in one if item is not None]
    return found
