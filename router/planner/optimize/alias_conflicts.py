"""Fields that one operation cannot ask under one name. Source: GraphQL, "Field Selection Merging"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from router.operation.names import free_name
from router.planner.fetch_graph import FetchGraph, FetchNode, Select
from router.planner.model import Rename
from schema.query_graph.selection import Field, Selection, SelectionSet
from schema.subgraph_view import TypeView

At = tuple[int, ...]  # a place in a selection: the index on each level
Shape = str  # what two fields have to share to be merged: the wrappers of the type, and the type itself if it is a leaf


def alias_conflicts(graph: FetchGraph) -> FetchGraph:
    """Ask fields whose answers have different shapes under different names, by the types of the subgraph.

    The last of the passes: no selections are joined after it.
    """
    return graph.with_nodes(_node(node, graph.views[node.subgraph]) for node in graph.nodes)


def _node(node: FetchNode, types: Mapping[str, TypeView]) -> FetchNode:
    return replace(node, selects=tuple(_Aliases(types, select).run() for select in node.selects))


@dataclass(frozen=True, slots=True)
class _Place:
    """A selection, the type it is made on, and where it stands."""

    parent: str
    field: Field
    at: At


class _Aliases:
    """The aliases of one selection, by the places of the fields."""

    def __init__(self, types: Mapping[str, TypeView], select: Select) -> None:
        self._types = types
        self._select = select
        self._alias_of: dict[At, str] = {}
        self._renames: list[Rename] = []

    def run(self) -> Select:
        select = self._select
        self._scope(list(self._places(select.type_name, select.selection, ())), ())
        if not self._renames:
            return select
        return replace(select, selection=self._aliased(select.selection, ()), renames=tuple(self._renames))

    def _scope(self, places: Iterable[_Place], path: tuple[str, ...]) -> None:
        """Look through all that is selected on one object; what is deeper is renamed, and later undone, first."""
        by_name: dict[str, dict[Shape, list[_Place]]] = {}
        for place in places:
            by_name.setdefault(place.field.response_name, {}).setdefault(self._shape(place), []).append(place)
        for name, shapes in by_name.items():
            for index, same in enumerate(shapes.values()):
                alias = self._new_alias(name) if index else name
                self._scope([below for place in same for below in self._beneath(place)], (*path, alias))
                if index:
                    self._alias_of |= {place.at: alias for place in same}
                    self._renames.append(Rename((*path, alias), name))

    def _new_alias(self, name: str) -> str:
        return free_name(f"{name}__alias_{len(set(self._alias_of.values()))}", self._taken)

    @cached_property
    def _taken(self) -> frozenset[str]:
        return frozenset(_response_names(self._select.selection))

    def _places(self, parent: str, selections: SelectionSet, at: At) -> Iterator[_Place]:
        for index, one in enumerate(selections):
            if isinstance(one, Field):
                yield _Place(parent, one, (*at, index))
            else:
                yield from self._places(one.type_condition or parent, one.selections, (*at, index))

    def _beneath(self, place: _Place) -> Iterator[_Place]:
        if place.field.selections:
            target = self._types[place.parent].fields[place.field.name].base_type
            yield from self._places(target, place.field.selections, place.at)

    def _shape(self, place: _Place) -> Shape:
        if place.field.name == "__typename":
            return "String!"
        declared = self._types[place.parent].fields[place.field.name]
        return declared.type.replace(declared.base_type, "") if place.field.selections else declared.type

    def _aliased(self, selections: SelectionSet, at: At) -> SelectionSet:
        return tuple(self._aliased_one(one, (*at, index)) for index, one in enumerate(selections))

    def _aliased_one(self, one: Selection, at: At) -> Selection:
        below = self._aliased(one.selections, at)
        if not isinstance(one, Field):
            return replace(one, selections=below)
        return replace(one, selections=below, response_name=self._alias_of.get(at, one.response_name))


def _response_names(selections: SelectionSet) -> Iterator[str]:
    for one in selections:
        if isinstance(one, Field):
            yield one.response_name
        yield from _response_names(one.selections)
