"""The client's answer: what it asked for, in the form and order in which it asked, checked against the API schema.

Source: GraphQL, "Completing Values" and "Handling Execution Errors".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLOutputType, get_named_type

from router.execution.client_path import client_path
from router.execution.execute import Execution
from router.execution.introspect import introspect
from router.execution.layers import Joint, Key, Layers, enter, item, length, newest, typename
from router.execution.leaves import INVALID
from router.execution.reports import Reports
from router.execution.runtime_types import RuntimeTypes, runtime_types
from router.execution.shapes import Shape, ShapeField, shape_of
from router.execution.view import Composite
from router.operation.model import Operation
from router.operation.variables import Variables
from router.policies.authorize import Refusal
from router.request import Json, Response
from schema.supergraph import Supergraph


def complete(
    operation: Operation,
    variables: Variables,
    execution: Execution,
    supergraph: Supergraph,
    refusals: Sequence[Refusal] = (),
) -> Response:
    """Make the response to one operation; what was not asked for is left out, what is refused is null, untold."""
    introspected = introspect(operation, variables, supergraph.api_schema)
    reports = Reports(
        [
            *(
                replace(one, path=client_path(one.path or (), operation.selections, variables.values))
                for one in execution.errors
            ),
            *introspected.errors,
        ],
        execution.unanswered,
        operation.client_names,
    )
    shape = shape_of(operation, variables, supergraph.api_schema, refusals)
    completion = _Completion(reports, runtime_types(supergraph.schema), introspected.data)
    data = completion.object(shape, tuple(execution.root.layers) or ({},), execution.root)
    return Response(data, reports.errors(data), reports.extensions())


class _Completion:
    """One answer being made. `path` is where it is made just now."""

    def __init__(self, reports: Reports, types: RuntimeTypes, introspected: Mapping[str, Json]) -> None:
        self._reports = reports
        self._objects = types.objects
        self._introspected = introspected
        self._path: list[Key] = []

    def object(self, shape: Shape, layers: Layers, joint: Joint | None) -> dict[str, Json] | None:
        """Complete one object; None if its type cannot be shown, or if a field is null that must not be."""
        parent = self._runtime_type(shape, layers)
        if parent is None:
            return None
        completed: dict[str, Json] = {}
        for field in shape.fields(parent):
            if field.is_plain:
                value = newest(layers, field.key)
                if value is not None:
                    value = self._leaf(field, value, field.key)
            else:
                value = self._field(field, layers, joint, parent)
            if value is None and field.is_required:
                self._forbidden_null(field, field.key)
                return None
            completed[field.response_name] = value
        return completed

    def _field(self, field: ShapeField, layers: Layers, joint: Joint | None, parent: Composite) -> Json:
        """Complete what is more than a leaf."""
        name = field.key
        if field.is_refused:
            self._reports.explain((*self._path, name))
            return None
        if field.meta:
            return parent.name if field.meta == "__typename" else self._introspected.get(name)
        below = joint.below.get(name) if joint is not None else None
        entered = enter(layers, below, name)
        if not entered:
            return None
        self._path.append(name)
        value = self._value(field.type, field, entered, below)
        self._path.pop()
        return value

    def _value(self, type_: GraphQLOutputType, field: ShapeField, layers: Layers, joint: Joint | None) -> Json:
        if isinstance(type_, GraphQLList):
            return self._list(type_, field, layers, joint)
        if field.below is None:
            return self._leaf(field, layers[-1])
        if isinstance(layers[0], dict):
            return self.object(field.below, layers, joint)
        self._reports.invalid(f"Expected an object for field {field.coordinate}.", self._path)
        return None

    def _list(
        self, type_: GraphQLList[GraphQLOutputType], field: ShapeField, lists: Layers, joint: Joint | None
    ) -> list[Json] | None:
        """Complete a list; None if it is none, or if an item is null that must not be."""
        if not isinstance(lists[0], list):
            self._reports.invalid(f"Expected a list for field {field.coordinate}.", self._path)
            return None
        item_type, is_required = type_.of_type, isinstance(type_.of_type, GraphQLNonNull)
        if isinstance(item_type, GraphQLNonNull):
            item_type = item_type.of_type
        joints = joint.below if joint is not None else {}
        completed: list[Json] = []
        for index in range(length(lists)):
            below = joints.get(index)
            layers = item(lists, below, index)
            self._path.append(index)
            value = self._value(item_type, field, layers, below) if layers else None
            self._path.pop()
            if value is None and is_required:
                self._forbidden_null(field, index)
                return None
            completed.append(value)
        return completed

    def _leaf(self, field: ShapeField, value: Json, *key: Key) -> Json:
        """Complete a leaf at the present place, or at a key below it."""
        checked = field.leaf(value) if field.leaf is not None else INVALID
        if checked is not INVALID:
            return checked
        named = get_named_type(field.type)
        path = (*self._path, *key)
        if isinstance(named, GraphQLEnumType):
            self._reports.hide(f"Invalid value found for enum '{named}' in field {field.coordinate}.", path)
        else:
            self._reports.invalid(f"Invalid value found for {named} in field {field.coordinate}.", path)
        return None

    def _forbidden_null(self, field: ShapeField, key: Key) -> None:
        self._reports.invalid(f"Cannot return null for non-nullable field {field.coordinate}.", (*self._path, key))

    def _runtime_type(self, shape: Shape, layers: Layers) -> Composite | None:
        """Decide as what an object is shown; None, with the reason told, if as nothing."""
        name = typename(layers, self._objects)
        runtime = shape.runtime_type(name, is_object=name in self._objects)
        if runtime is not None:
            return runtime
        if name is None or name not in self._objects:
            self._reports.invalid(f"The type of an object of type {shape.type} could not be resolved.", self._path)
        else:
            self._reports.hide(f"Invalid type found for an object of type {shape.type}.", self._path)
        return None
