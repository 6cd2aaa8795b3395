"""A subgraph as the composer knows it: links and elements, each federation directive by its spec name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import DocumentNode, Node

from schema.elements import Annotated, Application, DirectiveDefinition, Field, Kind, Schema, TypeDefinition
from schema.errors import Location
from schema.federation import FEDERATION, Version
from schema.link import Link


@dataclass(frozen=True, slots=True)
class SubgraphSource:
    """What is composed: a subgraph's SDL, where it runs, and the file it was read from, for messages."""

    name: str
    url: str
    sdl: str
    file: str = ""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Subgraph:
    """One subgraph, equal only to itself.

    `document` is its SDL with roots renamed; what belongs to a known spec is not among `types`.
    """

    name: str
    url: str
    file: str
    document: DocumentNode
    links: tuple[Link, ...]
    types: Mapping[str, TypeDefinition]
    directives: Mapping[str, DirectiveDefinition]
    schema: Schema = field(default_factory=Schema)
    federation: Version | None = None
    implementations: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_fed2(self) -> bool:
        return self.federation is not None

    @property
    def federation_link(self) -> Link:
        return next(link for link in self.links if link.identity == FEDERATION)

    def link_of(self, directive: str) -> Link | None:
        """The link that gives the directive of this name."""
        for link in self.links:
            element = link.directive_element(directive)
            if element is not None and link.directive_name(element) == directive:
                return link
        return None

    def locate(self, node: Node | None) -> Location:
        """Where a node is written."""
        location = node.loc if node is not None else None
        if location is None:
            return Location(self.name, self.file)
        start = location.start_token
        return Location(self.name, self.file, start.line, start.column)

    def field(self, type_name: str, field_name: str) -> Field | None:
        definition = self.types.get(type_name)
        return definition.fields.get(field_name) if definition else None

    def runtime_types(self, type_name: str) -> frozenset[str]:
        """The object types a value of the type may have here."""
        definition = self.types.get(type_name)
        if definition is None:
            return frozenset()
        match definition.kind:
            case Kind.OBJECT:
                return frozenset({type_name})
            case Kind.UNION:
                return frozenset(definition.members)
            case _:
                return self.implementations.get(type_name, frozenset())

    def fields(self) -> Iterator[tuple[TypeDefinition, Field]]:
        """Every field of every object and interface."""
        for definition in self.types.values():
            for one in definition.fields.values():
                yield definition, one

    def annotated(self) -> Iterator[Annotated]:
        """Everything in the types that takes directives."""
        for definition in self.types.values():
            yield definition
            yield from definition.values.values()
            yield from definition.input_fields.values()
            for one in definition.fields.values():
                yield one
                yield from one.arguments.values()

    def applications(self) -> Iterator[Application]:
        """Everything that is applied, to types and what is in them, to arguments of directives, to the schema."""
        for one in self.annotated():
            yield from one.applications
        for directive in self.directives.values():
            for argument in directive.arguments.values():
                yield from argument.applications
        yield from self.schema.applications
