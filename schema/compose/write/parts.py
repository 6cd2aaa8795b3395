"""What stands in a supergraph, beside how it is written. Source: federation-directives, "Header and ordering"."""

from __future__ import annotations

from graphql import DefinitionNode, parse

from schema.compose.merge.context import Merge, join
from schema.compose.merge.specs import join_version, links, spec_definitions
from schema.elements import Application, DirectiveDefinition, EnumValue, Kind, TypeDefinition
from schema.federation import JOIN_DEFINITIONS, LINK_DEFINITIONS, ONE_OF_DEFINITION, ROOT_TYPES


def schema_applications(merge: Merge) -> list[Application]:
    """The links, then what subgraphs apply to their schemas."""
    return [*(Application("link", link) for link in links(merge)), *merge.schema.applications]


def root_names(merge: Merge) -> list[str]:
    """The root types there are."""
    return [name for name in ROOT_TYPES if name in merge.types and merge.types[name].fields]


def spec_nodes(merge: Merge) -> list[DefinitionNode]:
    """Definitions of the specs that are linked."""
    texts = [LINK_DEFINITIONS, JOIN_DEFINITIONS[join_version(merge)]]
    if any(applied.element == "oneOf" for one in merge.types.values() for applied in one.applications):
        texts.append(ONE_OF_DEFINITION)
    own = [node for text in texts for node in parse(text, no_location=True).definitions]
    return [*own, *spec_definitions(merge)]


def composed_definitions(merge: Merge) -> list[DirectiveDefinition]:
    """Directives that operations may use, and custom ones that are applied to types."""
    return [*merge.executable.values(), *(one.definition for one in merge.composed.values())]


def graph_values(merge: Merge) -> TypeDefinition:
    """The enum that lists the subgraphs."""
    graphs = {
        merge.graphs[one.name]: EnumValue(
            merge.graphs[one.name], applications=(join("graph", name=one.name, url=one.url),)
        )
        for one in merge.subgraphs
    }
    return TypeDefinition("join__Graph", Kind.ENUM, values=graphs)


def merged_types(merge: Merge) -> list[TypeDefinition]:
    """All merged types; a root without fields is none."""
    return [one for name, one in merge.types.items() if name not in ROOT_TYPES or one.fields]
