"""What the arguments of a field cost, and how many objects they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from graphql import FieldNode, OperationDefinitionNode, ValueNode, parse
from graphql.utilities import value_from_ast_untyped

from router.policies.cost.price import FREE, Fixed, Price, Values
from router.policies.cost.weights import FieldWeight, InputWeight, ListSize, Weights
from router.request import Json
from schema.query_graph.selection import Arguments


class GivenArguments:
    """The arguments of one field of an operation: what is written there, variables still open."""

    def __init__(self, arguments: Arguments, field: FieldWeight) -> None:
        self._values = _parse(arguments.text)
        self.inputs = field.inputs
        self._defaults = field.defaults
        self._is_open = bool(arguments.variables)

    def size(self, list_size: ListSize | None, otherwise: float) -> Price:
        """Say how many objects are asked for: by slicing arguments, else as assumed."""
        if list_size is None:
            return Fixed(otherwise)
        assumed = otherwise if list_size.assumed is None else float(list_size.assumed)
        size = _Sliced(self, list_size.slicing, assumed)
        return size if self._is_open and list_size.slicing else Fixed(size.of(Values({})))

    def cost(self, weights: Weights) -> Price:
        """Say what the arguments cost."""
        if not self._values or not any(_can_cost(one) for one in self.inputs.values()):
            return FREE
        cost = _Weighed(self, weights)
        return cost if self._is_open else Fixed(cost.of(Values({})))

    def of(self, variables: Mapping[str, Json]) -> dict[str, Json]:
        """Give the values, defaults of the schema included; a variable that was not supplied gives nothing."""
        known = dict(variables)
        given = {
            name: value_from_ast_untyped(node, known)
            for name, node in self._values.items()
            if node.kind != "variable" or node.name.value in known  # type: ignore[attr-defined]  # a variable has one
        }
        return {**self._defaults, **given}


@dataclass(frozen=True, slots=True, eq=False)
class _Sliced:
    """The largest of the slicing arguments. Source: IBM, "@listSize"."""

    arguments: GivenArguments
    slicing: tuple[str, ...]
    otherwise: float

    def of(self, values: Values) -> float:
        given = self.arguments.of(values.variables)
        sizes = [size for path in self.slicing if (size := _at(given, path)) is not None]
        return max(sizes) if sizes else self.otherwise


@dataclass(frozen=True, slots=True, eq=False)
class _Weighed:
    """What the given arguments weigh, their input objects looked into."""

    arguments: GivenArguments
    weights: Weights

    def of(self, values: Values) -> float:
        return self._weigh(self.arguments.inputs, self.arguments.of(values.variables))

    def _weigh(self, inputs: Mapping[str, InputWeight], given: Mapping[str, Json]) -> float:
        return sum(self._weigh_one(inputs[name], value) for name, value in given.items() if name in inputs)

    def _weigh_one(self, one: InputWeight, value: Json) -> float:
        if value is None:
            return 0
        if isinstance(value, list):
            return sum(self._weigh_one(one, item) for item in value)
        inner = self._weigh(self.weights.inputs(one.object), value) if one.object and isinstance(value, dict) else 0
        return one.weight + inner


def _can_cost(one: InputWeight) -> bool:
    return one.weight != 0 or one.object is not None


def _at(given: Json, path: str) -> float | None:
    """Find the number at a path such as `page.first`."""
    for step in path.split("."):
        given = given.get(step) if isinstance(given, dict) else None
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return max(0.0, float(given)) if is_number else None


def _parse(text: str) -> dict[str, ValueNode]:
    """Read arguments that were printed canonically."""
    if not text:
        return {}
    operation = cast("OperationDefinitionNode", parse(f"{{a{text}}}", no_location=True).definitions[0])
    (field,) = operation.selection_set.selections
    return {one.name.value: one.value for one in cast("FieldNode", field).arguments or ()}
