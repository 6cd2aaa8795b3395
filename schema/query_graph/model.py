"""The query graph: every type in every subgraph as a node, and all the ways from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schema.context import ContextArgument
from schema.query_graph.selection import SelectionSet
from schema.subgraph_view import Label


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A type as one subgraph has it, equal only to itself; `view` tells apart what `@provides` adds on some way.

    Shapes: possible_types are the runtime types an object here may have, of the supergraph for an interface object.
    """

    subgraph: str
    type_name: str
    possible_types: frozenset[str]
    is_abstract: bool = False
    is_interface_object: bool = False
    view: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class FieldEdge:
    """A field that a subgraph can resolve, given `requires` in the representation of its parent, and its `context`.

    `is_non_null`: where the subgraph has no value for it, it has no parent either.
    """

    name: str
    target: Node
    list_depth: int
    is_non_null: bool = False
    requires: SelectionSet = ()
    label: Label | None = None
    context: tuple[ContextArgument, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether nothing has to be known before."""
        return not self.requires and not self.context and self.label is None


@dataclass(frozen=True, slots=True, eq=False)
class KeyMove:
    """The way into `target` by one of its keys, for whoever can resolve `selection`.

    `typename` is what the representation has to be called there, None for the name the object already has.
    """

    target: Node
    selection: SelectionSet
    typename: str | None


@dataclass(frozen=True, slots=True, eq=False)
class QueryGraph:
    """Nodes and their ways out.

    `roots`: root type name → its node in each subgraph. `fields`: what each node resolves, `__typename` included.
    `downcasts`: narrower types of the same subgraph, concrete or abstract. `moves`: entity entries, those into the
    node's own subgraph too. Whoever holds an object of `query_type` may enter any subgraph's. `possible_types`: every
    composite type of the supergraph → its runtime types. `setters`: the types that some context takes values of.
    """

    roots: Mapping[str, tuple[Node, ...]]
    query_type: str
    fields: Mapping[Node, Mapping[str, FieldEdge]]
    downcasts: Mapping[Node, Mapping[str, Node]]
    moves: Mapping[Node, tuple[KeyMove, ...]]
    possible_types: Mapping[str, frozenset[str]]
    setters: frozenset[str] = frozenset()
