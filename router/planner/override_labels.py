"""Which override labels can change the plan of an operation. Source: query-planning, "Plan cache key"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from router.operation.model import Operation
from schema.query_graph.selection import Field, InlineFragment, SelectionSet
from schema.subgraph_view import FieldView, TypeView
from schema.supergraph import Supergraph


class OverrideLabels:
    """The labels of one supergraph."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self._views: dict[str, list[TypeView]] = defaultdict(list)
        for types in supergraph.views.values():
            for view in types.values():
                self._views[view.name].append(view)
        fields = (field for views in self._views.values() for view in views for field in view.fields.values())
        self.known = frozenset(field.label.name for field in fields if field.label)
        self._kin: dict[str, tuple[TypeView, ...]] = {}

    def of(self, operation: Operation) -> frozenset[str]:
        """Find the labels on whatever a plan may ask for: selected fields, keys, what fields require or read above."""
        if not self.known:
            return self.known
        search = _Search(self)
        search.selections(operation.root_type, operation.selections)
        return frozenset(search.found)

    def views(self, type_name: str) -> tuple[TypeView, ...]:
        """Every view of a type, and of the types that an object of it may have or be entered by."""
        kin = self._kin.get(type_name)
        if kin is None:
            possible = self._supergraph.possible_types
            names = [name for name in self._views if possible[name] & possible[type_name]]
            kin = self._kin[type_name] = tuple(view for name in names for view in self._views[name])
        return kin

    def child(self, type_name: str, field: Field) -> str:
        return self._supergraph.field_type(type_name, field.name)


class _Search:
    """Goes once over an operation and all that its fields and types need."""

    def __init__(self, labels: OverrideLabels) -> None:
        self._labels = labels
        self._seen: set[str | tuple[str, str]] = set()
        self.found: set[str] = set()

    def selections(self, type_name: str, selections: SelectionSet) -> None:
        self._keys(type_name)
        for one in selections:
            if isinstance(one, InlineFragment):
                self.selections(one.type_condition or type_name, one.selections)
            else:
                self._needs(type_name, one.name)
                if one.selections:
                    self.selections(self._labels.child(type_name, one), one.selections)

    def _keys(self, type_name: str) -> None:
        if type_name not in self._seen:
            self._seen.add(type_name)
            for view in self._labels.views(type_name):
                for key in view.keys:
                    self.selections(view.name, key.selection)

    def _needs(self, type_name: str, name: str) -> None:
        if (type_name, name) not in self._seen:
            self._seen.add((type_name, name))
            for view, field in self._fields(type_name, name):
                if field.label:
                    self.found.add(field.label.name)
                self.selections(view.name, field.requires)
                for argument in field.context:
                    for setter in argument.setters:
                        self.selections(setter, argument.selection)

    def _fields(self, type_name: str, name: str) -> Iterator[tuple[TypeView, FieldView]]:
        for view in self._labels.views(type_name):
            field = view.fields.get(name)
            if field is not None:
                yield view, field
