"""One SDL to one subgraph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLSyntaxError,
    Node,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    Source,
    parse,
)

from schema.compose.read.definitions import check_definitions, check_executable, check_repeated_types
from schema.compose.read.elements import ElementReader
from schema.compose.read.graphql_rules import check_graphql
from schema.compose.read.links import check_links
from schema.compose.read.roots import rename_roots
from schema.compose.read.spec_elements import FED1_LINK, LINK_ITSELF, SpecElements, spec_elements
from schema.elements import Kind, TypeDefinition
from schema.errors import Location, Report
from schema.federation import (
    BUILT_IN_SCALARS,
    FEDERATION,
    FEDERATION_ROOT_FIELDS,
    FEDERATION_TYPES,
    LINK,
    ROOT_TYPES,
)
from schema.link import InvalidLink, Link, read_links
from schema.subgraph import Subgraph, SubgraphSource

_GO_ON = frozenset({"UNKNOWN_FEDERATION_LINK_VERSION", *(f"ROOT_{one.upper()}_USED" for one in ROOT_TYPES)})
"""Errors beside which others can be told: of an unknown version no directive is known, a root type keeps its name."""


def build_subgraph(source: SubgraphSource, report: Report) -> Subgraph | None:
    """Read one subgraph; None, with errors reported, when it cannot be."""
    document = _parse(source, report)
    if document is None:
        return None
    problems = Report()
    check_executable(document, problems, lambda node: _place(source, node))
    check_repeated_types(document, problems, lambda node: _place(source, node))
    if problems.errors:
        report.errors += problems.errors
        return None
    try:
        links = _complete_links(read_links(document))
    except InvalidLink as error:
        report.error(error.code, str(error), [_place(source, error.node)])
        return None
    check_links(links, problems, lambda link: _place(source, link.node))
    document = rename_roots(document, problems, lambda node: _place(source, node))
    report.errors += problems.errors
    if any(one.code not in _GO_ON for one in problems.errors):
        return None
    known = spec_elements(links)
    subgraph = _subgraph(source, document, links, known)
    check_definitions(subgraph, known, report)
    check_graphql(subgraph, known, report)
    return subgraph


def _parse(source: SubgraphSource, report: Report) -> DocumentNode | None:
    try:
        return parse(Source(source.sdl, source.file or source.name))
    except GraphQLSyntaxError as error:
        place = error.locations[0] if error.locations else None
        where = Location(source.name, source.file, place.line if place else 0, place.column if place else 0)
        report.error("INVALID_GRAPHQL", error.message, [where])
        return None


def _place(source: SubgraphSource, node: Node | None) -> Location:
    location = node.loc if node is not None else None
    if location is None:
        return Location(source.name, source.file)
    return Location(source.name, source.file, location.start_token.line, location.start_token.column)


def _complete_links(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Every subgraph links `@link` itself, and federation: one that does not is of federation 1."""
    linked = {link.identity for link in links}
    itself = () if LINK in linked else (LINK_ITSELF,)
    return (*itself, *links) if FEDERATION in linked else (*itself, FED1_LINK, *links)


def _subgraph(source: SubgraphSource, document: DocumentNode, links: tuple[Link, ...], known: SpecElements) -> Subgraph:
    reader = ElementReader(known.directives)
    types = reader.types(one for one in document.definitions if not known.owns(one))
    types = {name: _without_federation_fields(one) for name, one in types.items() if _is_own_type(name)}
    types.setdefault("Query", TypeDefinition("Query", Kind.OBJECT))  # every subgraph has `_service` there
    definitions = [one for one in document.definitions if isinstance(one, DirectiveDefinitionNode)]
    schemas = [one for one in document.definitions if isinstance(one, SchemaDefinitionNode | SchemaExtensionNode)]
    linked = next(link for link in links if link.identity == FEDERATION)
    return Subgraph(
        name=source.name,
        url=source.url,
        file=source.file,
        document=document,
        links=links,
        types=types,
        directives={one.name.value: reader.directive(one) for one in definitions if not known.owns(one)},
        schema=reader.schema(schemas),
        federation=linked.version if linked is not FED1_LINK else None,
        implementations=implementations_of(types),
    )


def _is_own_type(name: str) -> bool:
    return name not in FEDERATION_TYPES and name not in BUILT_IN_SCALARS


def _without_federation_fields(definition: TypeDefinition) -> TypeDefinition:
    if definition.name != "Query" or not FEDERATION_ROOT_FIELDS & definition.fields.keys():
        return definition
    fields = {name: one for name, one in definition.fields.items() if name not in FEDERATION_ROOT_FIELDS}
    return replace(definition, fields=fields)


def implementations_of(types: Mapping[str, TypeDefinition]) -> dict[str, frozenset[str]]:
    """The object types that implement each interface."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in types.values():
        if one.kind is Kind.OBJECT:
            for interface in one.interfaces:
                found[interface].add(one.name)
    return {interface: frozenset(names) for interface, names in found.items()}
