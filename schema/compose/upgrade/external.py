"""`@external` that federation 1 took no notice of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import FieldNode, GraphQLSyntaxError

from schema.compose.field_facts import FieldFacts, is_on_extension
from schema.compose.field_set import parse_field_set
from schema.compose.upgrade.peers import Peers
from schema.compose.upgrade.rewrite import map_fields, map_types, without, without_on_field
from schema.elements import Field, Kind, TypeDefinition, base_type
from schema.errors import Report
from schema.federation import ROOT_TYPES
from schema.subgraph import Subgraph


def drop_external_on_interfaces(subgraph: Subgraph, _peers: Peers, _report: Report) -> Subgraph:
    """Fields of interfaces are resolved by no one: `@external` says nothing there."""
    return map_fields(
        subgraph,
        lambda definition, one: without_on_field(one, "external") if definition.kind is Kind.INTERFACE else one,
    )


def drop_external_on_objects(subgraph: Subgraph, _peers: Peers, _report: Report) -> Subgraph:
    """`@external` on a whole type had no meaning."""
    return map_types(subgraph, lambda one: replace(one, applications=without(one.applications, "external")))


def drop_external_on_extended_keys(subgraph: Subgraph, peers: Peers, _report: Report) -> Subgraph:
    """An extension repeats the key with `@external`, but does resolve it."""
    repeated = {
        (definition.name, name)
        for definition in subgraph.types.values()
        if definition.has("extends") or any(block.is_extension for block in definition.blocks)
        for text in _extension_keys(subgraph, peers, definition)
        for name in _top_level(text)
    }
    return map_fields(
        subgraph,
        lambda definition, one: without_on_field(one, "external") if (definition.name, one.name) in repeated else one,
    )


def _extension_keys(subgraph: Subgraph, peers: Peers, definition: TypeDefinition) -> Iterator[str]:
    keys = definition.applied("key")
    if keys:
        yield from (one.text("fields") for one in keys if is_on_extension(definition, one))
        return
    for _, other in peers.declarations(definition.name, but=subgraph):
        for key in other.applied("key"):
            yield key.text("fields")
            return


def _top_level(text: str) -> Iterator[str]:
    try:
        selections = parse_field_set(text).selections
    except (GraphQLSyntaxError, TypeError):
        return
    yield from (one.name.value for one in selections if isinstance(one, FieldNode))


def drop_unused_external(subgraph: Subgraph, _peers: Peers, report: Report) -> Subgraph:
    """Remove external fields that nothing uses, and types that lose all their fields by it."""
    facts = FieldFacts.of(subgraph)

    def kept(definition: TypeDefinition, one: Field) -> Field | None:
        place = (definition.name, one.name)
        return None if place in facts.external and place not in facts.used else one

    pruned = map_fields(subgraph, kept)
    emptied = {name for name, one in pruned.types.items() if not one.fields and subgraph.types[name].fields}
    emptied -= set(ROOT_TYPES)
    for name in sorted(emptied & set(_referenced(pruned))):
        message = (
            f"[{subgraph.name}] Type {name} contains only external fields and all those fields are all unused "
            "(they do not appear in any @key, @provides or @requires)."
        )
        report.error("TYPE_WITH_ONLY_UNUSED_EXTERNAL", message, [subgraph.locate(subgraph.types[name].node)])
    return map_types(pruned, lambda one: None if one.name in emptied else one)


def _referenced(subgraph: Subgraph) -> Iterator[str]:
    for definition in subgraph.types.values():
        yield from definition.members
        yield from definition.interfaces
        yield from (base_type(one.type) for one in definition.fields.values())
