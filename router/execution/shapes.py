"""What the client's operation wants to see of an object: the fields of each runtime type, collected once.

Source: GraphQL, "Field Collection".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cachetools import cached
from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_leaf_type,
)

from cache.bounded import BoundedCache
from router.execution.leaves import Leaf, leaf_of
from router.execution.view import Composite, View
from router.operation.model import Operation
from router.operation.repeated import without_repeated
from router.operation.size import CACHED_BYTES, bytes_of
from router.operation.variables import Variables
from router.policies.authorize import EACH, Refusal
from router.request import Json
from schema.query_graph.selection import Field, InlineFragment, SelectionSet


@dataclass(frozen=True, slots=True)
class ShapeField:
    """One field of the client's answer.

    It is found under `key`, and shown as `response_name`. `type` is without its outermost non-null, which is
    `is_required`. `leaf` or `below` is for the values in the lists of the type; `is_plain` tells a leaf in no list, to
    be taken as it is. `meta` is the name of a field of the router's own (`__typename`, `__schema`, `__type`), else "".
    """

    key: str
    response_name: str
    coordinate: str
    type: GraphQLOutputType
    is_required: bool
    is_plain: bool
    leaf: Leaf | None
    below: Shape | None
    meta: str
    is_refused: bool


class Shape:
    """The selections that a client made on the objects at one place, all of the same response name merged.

    `type` is what the schema promises there. Shapes: path of response names, `@` for each level of a list.
    """

    __slots__ = ("_fields", "_needs_type", "_view", "path", "selections", "type")

    def __init__(self, type_: Composite, selections: SelectionSet, path: tuple[str, ...], view: View) -> None:
        self.type = type_
        self.path = path
        self.selections = selections
        self._view = view
        self._fields: dict[str, tuple[ShapeField, ...]] = {}
        self._needs_type: bool | None = None

    def fields(self, parent: Composite) -> tuple[ShapeField, ...]:
        """Collect the fields for objects of one type, in the order in which the client first names them."""
        fields = self._fields.get(parent.name)
        if fields is None:
            collected: dict[str, list[Field]] = {}
            self._collect(self.selections, parent, collected)
            fields = self._fields[parent.name] = tuple(self._field(parent, same) for same in collected.values())
        return fields

    def runtime_type(self, name: str | None, *, is_object: bool) -> Composite | None:
        """Say as what to show an object that names its type so; None if it cannot be shown.

        `is_object` tells a name of an object type of the supergraph. One that names none, or an interface (because it
        comes from a subgraph that knows the interface as an object), is shown if nothing depends on its type.
        """
        if is_object:
            return self._view.runtime_type(self.type, name)
        if isinstance(self.type, GraphQLObjectType):
            return self.type
        is_visible = name is None or name in self._view.schema.type_map
        return self.type if is_visible and not self.needs_type else None

    @property
    def needs_type(self) -> bool:
        """Whether the answer depends on the runtime type: by `__typename`, or by a fragment on a narrower type."""
        if self._needs_type is None:
            self._needs_type = any(self._telling(without_repeated(self.selections)))
        return self._needs_type

    def _collect(self, selections: SelectionSet, parent: Composite, collected: dict[str, list[Field]]) -> None:
        for selection in selections:
            if not self._view.holds(selection.conditions):
                continue
            if isinstance(selection, InlineFragment):
                if self._view.applies(selection.type_condition, parent):
                    self._collect(selection.selections, parent, collected)
            elif not selection.internal:
                collected.setdefault(selection.response_name, []).append(selection)

    def _field(self, parent: Composite, same: list[Field]) -> ShapeField:
        first = same[0]
        definition = self._view.schema.get_field(parent, first.name)
        if definition is None:
            raise LookupError(f"The schema has no field '{parent.name}.{first.name}'.")
        path = (*self.path, first.response_name)
        nullable = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
        named = get_named_type(nullable)
        meta = first.name if first.name.startswith("__") else ""
        is_refused = self._view.refuses(path, parent)
        return ShapeField(
            key=first.response_name,
            response_name=self._view.client_name(first.response_name),
            coordinate=f"{parent.name}.{first.name}",
            type=nullable,
            is_required=nullable is not definition.type,
            is_plain=is_leaf_type(nullable) and not meta and not is_refused,
            leaf=leaf_of(named) if is_leaf_type(named) else None,
            below=self._below(named, (*path, *_levels(nullable)), same) if is_composite_type(named) else None,
            meta=meta,
            is_refused=is_refused,
        )

    def _below(self, type_: Composite, path: tuple[str, ...], same: list[Field]) -> Shape:
        selections = tuple(selection for field in same for selection in field.selections)
        return Shape(type_, selections, path, self._view)

    def _telling(self, selections: SelectionSet) -> Iterator[bool]:
        for selection in selections:
            if not self._view.holds(selection.conditions):
                continue
            if isinstance(selection, InlineFragment):
                told_by = self._telling if selection.type_condition is None else self._shown
                yield any(told_by(selection.selections))
            else:
                yield selection.name == "__typename" and not selection.internal

    def _shown(self, selections: SelectionSet) -> Iterator[bool]:
        for selection in selections:
            if not self._view.holds(selection.conditions):
                continue
            if isinstance(selection, InlineFragment):
                yield from self._shown(selection.selections)
            else:
                yield not selection.internal


@dataclass(frozen=True, slots=True)
class _Root:
    """The shape of a whole answer; holds what it was made of, so that no other object gets their ids meanwhile."""

    operation: Operation
    schema: GraphQLSchema
    shape: Shape


def shape_of(
    operation: Operation, variables: Variables, schema: GraphQLSchema, refusals: Sequence[Refusal] = ()
) -> Shape:
    """Give the shape of the answer to an operation; it is shared by all requests with the same conditions."""
    values = variables.values
    switches = tuple(
        [(one.name, values.get(one.name)) for one in operation.variables if one.type in ("Boolean", "Boolean!")]
    )
    return _root(operation, schema, switches, tuple(refusals)).shape


@cached(
    BoundedCache(4096, CACHED_BYTES, lambda root: bytes_of(root.operation.selections)),
    key=lambda operation, schema, *rest: (id(operation), id(schema), *rest),
)
def _root(
    operation: Operation, schema: GraphQLSchema, switches: tuple[tuple[str, Json], ...], refusals: tuple[Refusal, ...]
) -> _Root:
    type_ = schema.type_map[operation.root_type]
    if not is_composite_type(type_):
        raise LookupError(f"'{operation.root_type}' is no type to operate on.")
    view = View(schema, dict(switches), refusals, operation.client_names)
    return _Root(operation, schema, Shape(type_, operation.selections, (), view))


def _levels(type_: GraphQLOutputType) -> Iterator[str]:
    """Give the steps of a path through the lists of a type."""
    while isinstance(type_, GraphQLList | GraphQLNonNull):
        if isinstance(type_, GraphQLList):
            yield EACH
        type_ = type_.of_type
