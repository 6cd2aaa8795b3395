"""Extensions, keys of interfaces, and tags, as federation 1 understood them."""

from __future__ import annotations

from dataclasses import replace

from schema.compose.field_facts import FieldFacts
from schema.compose.upgrade.peers import Peers
from schema.compose.upgrade.rewrite import map_fields, map_types, without, without_on_field
from schema.elements import Field, Kind, TypeDefinition
from schema.errors import Report
from schema.federation import ROOT_TYPES
from schema.subgraph import Subgraph


def check_bases(subgraph: Subgraph, peers: Peers, report: Report) -> Subgraph:
    """Every extension needs a definition, here or in another subgraph."""
    for definition in subgraph.types.values():
        if definition.name in ROOT_TYPES or not _is_extension(definition):
            continue
        others = [other for _, other in peers.declarations(definition.name, but=subgraph)]
        if all(other.is_only_extended or other.kind not in {Kind.OBJECT, Kind.INTERFACE} for other in others):
            message = (
                f'[{subgraph.name}] Type "{definition.name}" is an extension type, but there is no type definition '
                f'for "{definition.name}" in any subgraph.'
            )
            report.error("EXTENSION_WITH_NO_BASE", message, [subgraph.locate(definition.node)])
    return subgraph


def _is_extension(definition: TypeDefinition) -> bool:
    """Unions, enums, inputs and scalars are extended as in federation 2."""
    is_composite = definition.kind in {Kind.OBJECT, Kind.INTERFACE}
    return is_composite and (definition.has("extends") or definition.is_only_extended)


def define_extensions(subgraph: Subgraph, _peers: Peers, _report: Report) -> Subgraph:
    """Types that are only extended count as defined from here on; a written `@extends` stays."""

    def defined(one: TypeDefinition) -> TypeDefinition:
        if not _is_extension(one):
            return one
        return replace(one, blocks=tuple(replace(block, is_extension=False) for block in one.blocks))

    return map_types(subgraph, defined)


def drop_keys_on_interfaces(subgraph: Subgraph, _peers: Peers, _report: Report) -> Subgraph:
    """Interfaces had no keys, and their fields no requirements."""

    def on_type(one: TypeDefinition) -> TypeDefinition:
        return replace(one, applications=without(one.applications, "key")) if one.kind is Kind.INTERFACE else one

    def on_field(definition: TypeDefinition, one: Field) -> Field:
        return without_on_field(one, "provides", "requires") if definition.kind is Kind.INTERFACE else one

    return map_fields(map_types(subgraph, on_type), on_field)


def drop_tags_on_external(subgraph: Subgraph, peers: Peers, _report: Report) -> Subgraph:
    """An external field may repeat the tags of the field it stands for."""
    facts = FieldFacts.of(subgraph)

    def changed(definition: TypeDefinition, one: Field) -> Field:
        if not facts.is_external(definition.name, one.name):
            return one
        repeated = {
            tag.text("name")
            for peer, other in peers.declarations(definition.name, but=subgraph)
            if one.name in other.fields and not peers.facts[peer.name].is_external(definition.name, one.name)
            for tag in other.fields[one.name].applied("tag")
        }
        kept = tuple(each for each in one.applications if each.element != "tag" or each.text("name") not in repeated)
        return replace(one, applications=kept)

    return map_fields(subgraph, changed)
