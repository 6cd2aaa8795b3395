"""`data.json`: the records of a fixture, and the few ways in which a value may be declared. See docs/testing.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    value_from_ast_untyped,
)

Json = Any
Record = dict[str, Json]
ReadRequired = Callable[[SelectionSetNode], Mapping[str, Json]]

ROOT_TYPES = ("Query", "Mutation", "Subscription")


@cache
def field_set(text: str) -> SelectionSetNode:
    """Parse a field set, as `@key` and `@requires` hold it."""
    definition = parse(f"{{ {text} }}").definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return definition.selection_set


class Records:
    """The one store of a run: the monolith reads all of it, a subgraph what it owns.

    Shapes: data is type name → record name → fields, and for a root type straight its fields; possible_types gives
    the object types of each interface and union of the supergraph.
    """

    def __init__(self, data: Mapping[str, Json], possible_types: Mapping[str, frozenset[str]]) -> None:
        self._possible_types = possible_types
        self._named: dict[str, Record] = {}
        for type_name, content in deepcopy(dict(data)).items():
            records = {type_name: content} if type_name in ROOT_TYPES else content
            for name, record in records.items():
                self._named[name] = {"__typename": type_name, **record}

    def root(self, type_name: str) -> Record:
        return self._named.get(type_name, {"__typename": type_name})

    def of_type(self, type_name: str) -> Iterator[Record]:
        """Yield the named records of an object type, or of all the types an abstract one may be."""
        return (record for record in self._named.values() if self.is_a(record["__typename"], type_name))

    def is_a(self, type_name: str, condition: str) -> bool:
        """Tell whether a fragment on `condition` applies to objects of a type, by the whole supergraph."""
        return type_name == condition or type_name in self._possible_types.get(condition, ())

    def select(self, record: Record, selections: SelectionSetNode) -> dict[str, Json]:
        """Read a field set, whoever owns its fields: what a key or a required value is in truth."""
        selected: dict[str, Json] = {}
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self.is_a(record["__typename"], node.type_condition.name.value):
                    selected |= self.select(record, node.selection_set)
            elif isinstance(node, FieldNode):
                arguments = {one.name.value: value_from_ast_untyped(one.value) for one in node.arguments or ()}
                value = self.value(record, node.name.value, arguments)
                selected[node.name.value] = self._select_in(value, node.selection_set)
        return selected

    def _select_in(self, value: Json, selections: SelectionSetNode | None) -> Json:
        if isinstance(value, list):
            return [self._select_in(item, selections) for item in value]
        if isinstance(value, GraphQLError):
            return None
        return value if selections is None or value is None else self.select(value, selections)

    def value(
        self, record: Record, field: str, arguments: Mapping[str, Json], required: ReadRequired | None = None
    ) -> Json:
        """Give what the data declares for a field; `required` reads the values that a computed one is made of."""
        return self._declared(record.get(field), arguments, required or (lambda wanted: self.select(record, wanted)))

    def _declared(self, declared: Json, arguments: Mapping[str, Json], required: ReadRequired) -> Json:
        match declared:
            case str() if declared.startswith("@"):
                return self._named[declared[1:]]
            case list():
                return [self._declared(item, arguments, required) for item in declared]
            case {"$error": message}:
                return GraphQLError(message)
            case {"$text": selection} | {"$json": selection} | {"$sum": selection}:
                return _computed(next(iter(declared)), required(field_set(selection)))
            case _:
                return self._by_arguments(declared, arguments, required)

    def _by_arguments(self, declared: Json, arguments: Mapping[str, Json], required: ReadRequired) -> Json:
        match declared:
            case {"$echo": prefix}:
                return f"{prefix}{json.dumps(arguments, sort_keys=True)}"
            case {"$case": argument, **cases}:
                value = arguments.get(argument)
                key = value if isinstance(value, str) else json.dumps(value)
                return self._declared(cases.get(key), arguments, required)
            case {"$context": argument, "truth": truth}:
                return arguments[argument] if argument in arguments else self._declared(truth, arguments, required)
            case {"$slice": items, "by": argument}:
                return self._declared(items, arguments, required)[: arguments.get(argument)]
            case _:
                return self._by_records(declared, arguments, required)

    def _by_records(self, declared: Json, arguments: Mapping[str, Json], required: ReadRequired) -> Json:
        match declared:
            case {"$find": type_name}:
                return next(self._matching(type_name, arguments), None)
            case {"$all": type_name}:
                return list(self._matching(type_name, arguments))
            case {"$append": place, "value": argument, "answer": answer}:
                name, field = place.split(".")
                self._named[name][field].append(arguments[argument])
                return self._declared(answer, arguments, required)
            case _:
                return declared

    def _matching(self, type_name: str, arguments: Mapping[str, Json]) -> Iterator[Record]:
        wanted = {name: value for name, value in arguments.items() if value is not None}
        return (record for record in self.of_type(type_name) if wanted.items() <= record.items())


def _computed(how: str, required: Mapping[str, Json]) -> Json:
    if how == "$sum":
        return sum(_numbers(required))
    text = json.dumps(required)
    return text if how == "$json" else text.replace('"', "")


def _numbers(value: Json) -> Iterator[float]:
    if isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _numbers(part)
    elif isinstance(value, int | float):
        yield value
