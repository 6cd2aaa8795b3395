"""The API schema and the query graph, walked at once: wherever a client can go, some subgraph has to follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from schema.compose.satisfiability.api_path import ApiPath
from schema.compose.satisfiability.contexts import Contexts
from schema.compose.satisfiability.model import Question
from schema.query_graph.model import Node

LIMIT = 1_000_000
"""Nodes that wait to be looked at; beyond it the question is given up."""

Choice = Mapping[str, bool]  # override labels that were decided on the way


class TooManyPaths(Exception):
    """More nodes wait than `LIMIT`."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """An object that a client holds: its API type, how it came to it, and the nodes that may stand for it."""

    path: ApiPath
    type_name: str
    nodes: frozenset[Node]
    choice: Choice
    contexts: Contexts

    @property
    def active(self) -> frozenset[str]:
        return frozenset(label for label, is_active in self.choice.items() if is_active)


@dataclass(frozen=True, slots=True, eq=False)
class DeadEnd:
    """A step that no subgraph can follow; without a field, it is to narrow to a type."""

    state: State
    path: ApiPath


@dataclass(frozen=True, slots=True, eq=False)
class SharedReturn:
    """A field that was followed to several nodes, which may return different things."""

    state: State
    path: ApiPath
    nodes: frozenset[Node]


Finding = DeadEnd | SharedReturn


class Walk:
    """One walk from some root; objects that may be had in no fewer ways than before do not even wait."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._seen: dict[str, list[tuple[frozenset[Node], Contexts, Choice]]] = defaultdict(list)
        self._open: list[State] = []
        self._waiting = 0

    def from_state(self, start: State) -> Iterator[Finding]:
        """Follow everything from an object, depth first.

        Raises: TooManyPaths.
        """
        yield from self.from_fields(start, self._type(start.type_name).fields)

    def from_fields(self, start: State, names: Iterable[str]) -> Iterator[Finding]:
        """Follow only some fields of the first object, everything beneath them."""
        definition = self._type(start.type_name)
        for name in names:
            yield from self._take(start, name, definition.fields[name])
        while self._open:
            state = self._open.pop()
            self._waiting -= len(state.nodes)
            yield from self._fields(state)

    def _push(self, state: State) -> None:
        """Look at an object later; not where it is had in fewer ways already, or is about to be."""
        if not self._is_new(state):
            return
        self._waiting += len(state.nodes)
        if self._waiting > LIMIT:
            raise TooManyPaths
        self._open.append(state)

    def _type(self, name: str) -> GraphQLObjectType:
        return cast(GraphQLObjectType, self._question.api.type_map[name])  # states are only of object types

    def _is_new(self, state: State) -> bool:
        seen = self._seen[state.type_name]
        for nodes, contexts, choice in seen:
            if nodes <= state.nodes and contexts <= state.contexts and choice.items() <= state.choice.items():
                return False
        seen.append((state.nodes, state.contexts, state.choice))
        return True

    def _fields(self, state: State) -> Iterator[Finding]:
        for name, field in self._type(state.type_name).fields.items():
            yield from self._take(state, name, field)

    def _take(self, state: State, name: str, field: GraphQLField) -> Iterator[Finding]:
        path = state.path.take(str(get_named_type(field.type)), name, field)
        for choice in self._choices(state, name):
            chosen = State(state.path, state.type_name, state.nodes, choice, state.contexts)
            contexts = state.contexts | self._question.contexts.get(state.type_name, frozenset())
            ways = self._question.ways(chosen.active)
            targets = ways.takes(state.nodes, state.type_name, name, contexts)
            if not targets:
                yield DeadEnd(chosen, path)
                continue
            wanted = get_named_type(field.type)
            if is_abstract_type(wanted) and len(targets) > 1:
                yield SharedReturn(chosen, path, targets)
            if is_composite_type(wanted):
                yield from self._arrive(State(path, wanted.name, targets, choice, contexts), wanted)

    def _choices(self, state: State, name: str) -> list[Choice]:
        label = self._question.labels.get((state.type_name, name))
        if label is None or label in state.choice:
            return [state.choice]
        return [{**state.choice, label: is_active} for is_active in (True, False)]

    def _arrive(self, state: State, wanted: GraphQLNamedType) -> Iterator[Finding]:
        """Go on with objects of each type that there may be."""
        if not is_abstract_type(wanted):
            if all(state.type_name == node.type_name or node.is_interface_object for node in state.nodes):
                self._push(state)
            return
        if not self._is_new(state):
            return
        for possible in self._question.api.get_possible_types(wanted):
            narrowed = self._narrow(state, possible.name)
            if narrowed is None:
                continue
            path = state.path.narrow(possible.name)
            if narrowed:
                self._push(State(path, possible.name, narrowed, state.choice, state.contexts))
            else:
                yield DeadEnd(state, path)

    def _narrow(self, state: State, type_name: str) -> frozenset[Node] | None:
        """Nodes for the objects of one type; None where one of the subgraphs never returns such an object."""
        ways = self._question.ways(state.active)
        found: set[Node] = set()
        for node in state.nodes:
            narrowed = ways.narrows(node, type_name)
            if narrowed is None:
                return None
            found.update(narrowed)
        return frozenset(found)
