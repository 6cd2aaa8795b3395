"""`@external`: only where something needs the declaration. Source: composition, "External"."""

from __future__ import annotations

from schema.compose.field_facts import FieldFacts
from schema.elements import Kind
from schema.errors import Report
from schema.subgraph import Subgraph


def check_external_is_used(subgraph: Subgraph, report: Report) -> None:
    """Report external fields that no key, requires, provides or interface mentions."""
    facts = FieldFacts.of(subgraph)
    for definition, one in subgraph.fields():
        place = (definition.name, one.name)
        if place in facts.external and place not in facts.used:
            message = (
                f'[{subgraph.name}] Field "{definition.name}.{one.name}" is marked @external but is not used in any '
                "federation directive (@key, @provides, @requires) or to satisfy an interface; the field declaration "
                "has no use and should be removed (or the field should not be @external)."
            )
            report.error("EXTERNAL_UNUSED", message, [subgraph.locate(one.node)])


def check_external_not_on_interface(subgraph: Subgraph, report: Report) -> None:
    """Report `@external` on fields of interfaces, but where an extension repeats its key."""
    facts = FieldFacts.of(subgraph)
    for definition, one in subgraph.fields():
        if definition.kind is Kind.INTERFACE and facts.is_external(definition.name, one.name):
            message = (
                f'[{subgraph.name}] Interface type field "{definition.name}.{one.name}" is marked @external but '
                "@external is not allowed on interface fields (it is nonsensical)."
            )
            report.error("EXTERNAL_ON_INTERFACE", message, [subgraph.locate(one.node)])
