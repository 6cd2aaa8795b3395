"""The supergraph: one SDL, read once into everything the router and the query graph ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_ast_schema,
    get_named_type,
    parse,
)

from schema.api_schema import to_api_schema
from schema.federation import CONNECT, READABLE_FEATURES
from schema.join import applications
from schema.link import InvalidLink, Link, read_links
from schema.subgraph_view import Views, read_views


class InvalidSupergraph(ValueError):
    """The text is no supergraph that can be served."""


@dataclass(frozen=True, slots=True)
class SubgraphInfo:
    """A subgraph as the supergraph lists it: its name, its value in `join__Graph`, where it answers."""

    name: str
    graph: str
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class Supergraph:
    """A composed schema. `schema` has everything, hidden elements too; `api_schema` what clients see.

    Shapes: subgraphs and views by subgraph name; possible_types from every composite type to its runtime types.
    """

    id: str
    schema: GraphQLSchema
    api_schema: GraphQLSchema
    subgraphs: Mapping[str, SubgraphInfo]
    views: Views
    possible_types: Mapping[str, frozenset[str]]

    @classmethod
    def parse(cls, sdl: str) -> Supergraph:
        """Read supergraph SDL, join v0.1 to v0.5.

        Raises: InvalidSupergraph.
        """
        try:
            document = parse(sdl, no_location=True)
            _refuse_unsupported(read_links(document))
        except (GraphQLError, InvalidLink) as error:
            raise InvalidSupergraph(f"The supergraph cannot be read: {error}") from error
        return cls.of(document, sdl)

    @classmethod
    def of(cls, document: DocumentNode, sdl: str) -> Supergraph:
        """Read a supergraph that is parsed already, whether it can be served or not.

        Raises: InvalidSupergraph.
        """
        try:
            return _read(document, sha256(sdl.encode()).hexdigest())
        except (GraphQLError, ValueError, TypeError, KeyError) as error:
            raise InvalidSupergraph(f"The supergraph cannot be read: {error}") from error

    def is_abstract(self, type_name: str) -> bool:
        return isinstance(self.schema.type_map[type_name], GraphQLInterfaceType | GraphQLUnionType)

    def field_type(self, type_name: str, field_name: str) -> str:
        """The named type of a field of an object or interface; `__typename` is a String."""
        composite = self.schema.type_map[type_name]
        if field_name == "__typename" or not isinstance(composite, GraphQLObjectType | GraphQLInterfaceType):
            return "String"
        return str(get_named_type(composite.fields[field_name].type))


def _refuse_unsupported(links: Iterable[Link]) -> None:
    for link in links:
        if link.purpose is not None and link.identity not in READABLE_FEATURES:
            what = "REST connectors (@connect, @source)" if link.identity == CONNECT else "the feature"
            raise InvalidSupergraph(
                f'The supergraph cannot be served: {what} "{link.identity}" is linked for {link.purpose}, but is not '
                "supported."
            )


def _read(document: DocumentNode, identifier: str) -> Supergraph:
    subgraphs = _subgraphs(document)
    schema = build_ast_schema(document, assume_valid_sdl=True)
    return Supergraph(
        id=identifier,
        schema=schema,
        api_schema=to_api_schema(document),
        subgraphs={one.name: one for one in subgraphs},
        views=read_views(document, {one.graph: one.name for one in subgraphs}),
        possible_types=_possible_types(schema),
    )


def _subgraphs(document: DocumentNode) -> list[SubgraphInfo]:
    for node in document.definitions:
        if isinstance(node, EnumTypeDefinitionNode) and node.name.value == "join__Graph":
            return [
                SubgraphInfo(name=joined["name"], graph=value.name.value, url=joined["url"])
                for value in node.values or ()
                for joined in applications(value.directives, "join__graph")
            ]
    raise InvalidSupergraph("it has no enum 'join__Graph', which lists the subgraphs.")


def _possible_types(schema: GraphQLSchema) -> dict[str, frozenset[str]]:
    possible: dict[str, frozenset[str]] = {}
    for name, one in schema.type_map.items():
        if isinstance(one, GraphQLInterfaceType | GraphQLUnionType):
            possible[name] = frozenset(runtime.name for runtime in schema.get_possible_types(one))
        elif isinstance(one, GraphQLObjectType):
            possible[name] = frozenset({name})
    return possible
