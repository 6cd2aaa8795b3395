"""What an entity fetch reads of an entity to tell the subgraph which one is meant."""

from __future__ import annotations

from collections.abc import Iterator

from router.planner.fetch_graph import Representation
from router.planner.model import ContextVariable
from router.planner.model import Path as ResponsePath
from router.planner.names import Names
from router.planner.selections import merged
from schema.context import ContextArgument
from schema.query_graph.context import selection_for
from schema.query_graph.path import EnterEntity, Path
from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet
from schema.supergraph import Supergraph

TYPENAME = Field("__typename", "__typename")


class Represent:
    """Writes the representations of one plan, each field under the name it was asked by."""

    def __init__(self, supergraph: Supergraph, names: Names) -> None:
        self._supergraph = supergraph
        self._names = names

    def __call__(self, source: Path, entry: EnterEntity) -> Representation:
        """Read the key, and what the entry is needed for, of the entities at the end of `source`."""
        type_name = source.node.type_name
        required = entry.needed_by.requires if entry.needed_by else ()
        selection = self._read(type_name, (*entry.move.selection, *required), source.position)
        return Representation(
            type_name=type_name,
            selection=merged((TYPENAME, *selection)),
            keys=frozenset(one.name for one in entry.move.selection if isinstance(one, Field)),
            typename=entry.move.typename,
        )

    def context(self, setter: Path, argument: ContextArgument, path: ResponsePath) -> ContextVariable:
        """Read the value of an argument of the object at the end of `setter`, which the response has at `path`."""
        meant = selection_for(argument, setter.node, self._supergraph.possible_types)
        selection = tuple(self._read(setter.node.type_name, meant, setter.position))
        return ContextVariable(self._names.variable(argument), argument.type, path, setter.node.type_name, selection)

    def _read(self, type_name: str, selections: SelectionSet, position: tuple[str, ...]) -> Iterator[Selection]:
        for one in selections:
            if isinstance(one, InlineFragment):
                narrower = one.type_condition or type_name
                yield InlineFragment(narrower, tuple(self._read(narrower, one.selections, position)))
            else:
                yield self._read_field(type_name, one, position)

    def _read_field(self, type_name: str, field: Field, position: tuple[str, ...]) -> Field:
        response_name = self._names(position, field)
        target = self._supergraph.field_type(type_name, field.name)
        beneath = tuple(self._read(target, field.selections, (*position, response_name)))
        if beneath and self._supergraph.is_abstract(target):
            beneath = (TYPENAME, *beneath)
        return Field(response_name, field.name, field.arguments, merged(beneath))
