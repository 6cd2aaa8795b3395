"""Federation 1 shared value types, and fields several subgraphs resolve, without a word."""

from __future__ import annotations

from dataclasses import replace

from schema.compose.field_facts import FieldFacts
from schema.compose.upgrade.peers import Peers
from schema.compose.upgrade.rewrite import map_types
from schema.elements import Application, Field, Kind, TypeDefinition
from schema.errors import Report
from schema.federation import ROOT_TYPES
from schema.subgraph import Subgraph


def mark_shareable(subgraph: Subgraph, peers: Peers, _report: Report) -> Subgraph:
    """Put `@shareable` where federation 1 needed no mark; subscriptions are never shared."""
    facts = FieldFacts.of(subgraph)

    def shared(definition: TypeDefinition, one: Field) -> Field:
        place = (definition.name, one.name)
        if place in facts.external or place in facts.shareable:
            return one
        if not peers.is_resolved_elsewhere(*place, but=subgraph):
            return one
        return replace(one, applications=(*one.applications, Application("shareable", element="shareable")))

    def changed(definition: TypeDefinition) -> TypeDefinition:
        if definition.kind is not Kind.OBJECT or definition.name == "Subscription":
            return definition
        if definition.name not in ROOT_TYPES and not definition.has("key"):
            return _share_all(definition) if any(peers.declarations(definition.name, but=subgraph)) else definition
        return replace(definition, fields={name: shared(definition, one) for name, one in definition.fields.items()})

    return map_types(subgraph, changed)


def _share_all(definition: TypeDefinition) -> TypeDefinition:
    """Mark what is defined; extensions beside a definition are not meant."""
    marks = tuple(
        Application("shareable", element="shareable", block=number)
        for number, block in enumerate(definition.blocks)
        if not block.is_extension
    )
    return replace(definition, applications=(*definition.applications, *marks))
