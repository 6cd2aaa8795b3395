"""States demands in the SDL of a drawn federation: directives on fields, objects, enums and scalars."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from graphql import (
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    FieldNode,
    InlineFragmentNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationDefinitionNode,
    ScalarTypeDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    TypeDefinitionNode,
    parse,
    print_ast,
)

from tests.router.policies.guards import OPEN, Guard, draw_guard

TRIES = 20
Coordinate = tuple[str, str | None]  # a type and one of its fields, or the type alone
GuardedNode = TypeVar(
    "GuardedNode", ObjectTypeDefinitionNode, EnumTypeDefinitionNode, ScalarTypeDefinitionNode, FieldDefinitionNode
)
Place = TypeDefinitionNode | FieldDefinitionNode | ObjectTypeExtensionNode


@dataclass
class GuardedSdl:
    """The subgraphs of a federation, and what is demanded in them. Shapes: documents by name of the subgraph."""

    documents: dict[str, DocumentNode]
    guards: dict[Coordinate, Guard] = field(default_factory=lambda: defaultdict(Guard))
    homes: dict[Coordinate, str] = field(default_factory=dict)

    @cached_property
    def keys(self) -> frozenset[Coordinate]:
        """Name the fields by which entities are found: subgraphs are asked for them whoever asks."""
        return frozenset(
            coordinate
            for one in self._types()
            for text in _arguments(one, "key", "fields")
            for coordinate, _ in self._selected(one.name.value, _selections(text))
        )

    def sdl(self) -> dict[str, str]:
        """Print the subgraphs with the directives."""
        return {name: print_ast(self._written(name, document)) for name, document in self.documents.items()}

    def demand(self, type_name: str, field_name: str) -> Guard:
        """Say what a field of an object type demands, or of all objects behind an interface."""
        guard = OPEN
        for name in {type_name, *self.members.get(type_name, ())}:
            guard = guard & self.guards[name, None] & self.guards[name, field_name]
            for interface in (one for one, objects in self.members.items() if name in objects):
                guard = guard & self.guards[interface, field_name]  # which an interface object resolves for all
            base = self.bases.get((name, field_name), "")
            for one in {base, *self.members.get(base, ())}:
                guard = guard & self.guards[one, None]
        return guard

    def close(self) -> None:
        """Let fields demand what the fields demand that they require, or take from a context."""
        before = None
        while before != self.guards:
            before = dict(self.guards)
            for one, definition, read_from, selections in self._readers():
                reader = (one.name.value, definition.name.value)
                for (type_name, name), _ in list(self._selected(read_from, selections)):
                    assert name is not None
                    self.guards[reader] = self.guards[reader] & self.demand(type_name, name)

    @cached_property
    def bases(self) -> dict[tuple[str, str], str]:
        """Name the type of each field, lists taken off."""
        return {
            (one.name.value, definition.name.value): re.sub(r"[\[\]!]", "", print_ast(definition.type))
            for one in self._types()
            for definition in _fields(one)
        }

    @cached_property
    def members(self) -> dict[str, set[str]]:
        """Name the objects behind each interface."""
        found: dict[str, set[str]] = defaultdict(set)
        for one in self._types():
            for interface in getattr(one, "interfaces", None) or ():
                found[interface.name.value].add(one.name.value)
        return found

    def _types(self) -> Iterator[TypeDefinitionNode | ObjectTypeExtensionNode]:
        for document in self.documents.values():
            for one in document.definitions:
                if isinstance(one, TypeDefinitionNode | ObjectTypeExtensionNode):
                    yield one

    def _readers(self) -> Iterator[tuple[Place, FieldDefinitionNode, str, SelectionSetNode]]:
        """List what reads other fields, with the type that it reads them from."""
        for one in self._types():
            for definition in _fields(one):
                for text in _arguments(definition, "requires", "fields"):
                    yield one, definition, one.name.value, _selections(text)
                for argument in definition.arguments or ():
                    for text in _arguments(argument, "fromContext", "field"):
                        context, _, selection = text.strip().removeprefix("$").partition(" ")
                        for setter in self._setters(context):
                            yield one, definition, setter, _selections(selection.strip())

    def _setters(self, context: str) -> Iterator[str]:
        return (one.name.value for one in self._types() if context in _arguments(one, "context", "name"))

    def _selected(self, type_name: str, selections: SelectionSetNode) -> Iterator[tuple[Coordinate, FieldNode]]:
        for one in selections.selections:
            if isinstance(one, InlineFragmentNode):
                condition = one.type_condition.name.value if one.type_condition else type_name
                yield from self._selected(condition, one.selection_set)
            elif isinstance(one, FieldNode) and one.name.value != "__typename":
                for name in {type_name, *self.members.get(type_name, ())}:
                    yield (name, one.name.value), one
                if one.selection_set is not None:
                    yield from self._selected(self.bases[type_name, one.name.value], one.selection_set)

    def _written(self, subgraph: str, document: DocumentNode) -> DocumentNode:
        return replace(document, definitions=tuple(self._with_guards(subgraph, one) for one in document.definitions))

    def _with_guards(self, subgraph: str, one: DefinitionNode) -> DefinitionNode:
        if isinstance(one, EnumTypeDefinitionNode):
            return self._guarded(one, subgraph, (one.name.value, None))
        if isinstance(one, ScalarTypeDefinitionNode):
            return self._guarded(one, subgraph, (one.name.value, None))
        if not isinstance(one, ObjectTypeDefinitionNode):
            return one
        name = one.name.value
        fields = [self._guarded(field, subgraph, (name, field.name.value)) for field in one.fields or ()]
        return self._guarded(replace(one, fields=tuple(fields)), subgraph, (name, None))

    def _guarded(self, one: GuardedNode, subgraph: str, coordinate: Coordinate) -> GuardedNode:
        if self.homes.get(coordinate) != subgraph:
            return one
        return replace(one, directives=(*(one.directives or ()), *self.guards[coordinate].directives()))


def draw_guards(rng: random.Random, sdl: Mapping[str, str]) -> GuardedSdl:
    """Guard some fields and types, each in one subgraph that may say so; none where the subgraphs cannot say it all."""
    drawn = _draw(rng, sdl)
    for _ in range(TRIES):
        if drawn.homes.keys() >= {coordinate for coordinate, guard in drawn.guards.items() if guard != OPEN}:
            return drawn
        drawn = _draw(rng, sdl)  # a subgraph of federation 1 reads what is guarded, and can demand nothing itself
    return GuardedSdl({name: parse(text) for name, text in sdl.items()})


def _draw(rng: random.Random, sdl: Mapping[str, str]) -> GuardedSdl:
    drawn = GuardedSdl({name: parse(text) for name, text in sdl.items()})
    places = sorted({(at, name) for name, document in drawn.documents.items() for at in _places(document)}, key=str)
    rng.shuffle(places)
    for coordinate, subgraph in places:
        drawn.homes.setdefault(coordinate, subgraph)
        likely = 0.02 if coordinate[0] in ("Query", "Mutation") and coordinate[1] is None else 0.15
        if drawn.homes[coordinate] == subgraph and rng.random() < likely:
            drawn.guards[coordinate] = draw_guard(rng)
    drawn.close()
    return drawn


def _places(document: DocumentNode) -> Iterator[Coordinate]:
    """List where a subgraph may state demands: not on interfaces, nor on what is another's; federation 1 cannot."""
    if "specs.apollo.dev/federation/v2" not in print_ast(document):
        return
    for one in document.definitions:
        if isinstance(one, EnumTypeDefinitionNode | ScalarTypeDefinitionNode):
            yield one.name.value, None
        elif isinstance(one, ObjectTypeDefinitionNode):
            if not _has(one, "interfaceObject"):
                yield one.name.value, None
            for definition in one.fields or ():
                if not _has(definition, "external"):
                    yield one.name.value, definition.name.value


def _fields(one: object) -> tuple[FieldDefinitionNode, ...]:
    composite = ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode
    return tuple(one.fields or ()) if isinstance(one, composite) else ()


def _has(one: object, directive: str) -> bool:
    return any(given.name.value == directive for given in getattr(one, "directives", None) or ())


def _arguments(one: object, directive: str, argument: str) -> list[str]:
    """List the texts that the applications of a directive give for an argument."""
    return [
        given.value.value
        for applied in getattr(one, "directives", None) or ()
        if applied.name.value == directive
        for given in applied.arguments or ()
        if given.name.value == argument and isinstance(given.value, StringValueNode)
    ]


def _selections(text: str) -> SelectionSetNode:
    definition = parse(text if text.startswith("{") else f"{{ {text} }}").definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return definition.selection_set
