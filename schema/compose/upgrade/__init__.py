"""Federation 1 subgraphs read as federation 2. Source: federation-directives, "Fed1 → fed2 upgrade"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from schema.compose.upgrade.external import (
    drop_external_on_extended_keys,
    drop_external_on_interfaces,
    drop_external_on_objects,
    drop_unused_external,
)
from schema.compose.upgrade.field_sets import (
    drop_inactive_field_sets,
    drop_provides_on_leaves,
    join_field_lists,
)
from schema.compose.upgrade.peers import Peers
from schema.compose.upgrade.sharing import mark_shareable
from schema.compose.upgrade.types import check_bases, define_extensions, drop_keys_on_interfaces, drop_tags_on_external
from schema.elements import Kind
from schema.errors import Report
from schema.federation import FEDERATION, UPGRADE_FEDERATION
from schema.subgraph import Subgraph

STEPS: Sequence[Callable[[Subgraph, Peers, Report], Subgraph]] = (
    check_bases,
    join_field_lists,
    drop_external_on_interfaces,
    drop_external_on_objects,
    drop_external_on_extended_keys,
    drop_inactive_field_sets,
    define_extensions,
    drop_keys_on_interfaces,
    drop_provides_on_leaves,
    drop_unused_external,
    mark_shareable,
    drop_tags_on_external,
)


def upgrade(subgraphs: Sequence[Subgraph], report: Report) -> Sequence[Subgraph]:
    """Upgrade each federation 1 subgraph, with a view of all the others as they were written."""
    _check_keys_of_interfaces(subgraphs, report)
    peers = Peers.of(subgraphs)
    return [one if one.is_fed2 else _upgrade(one, peers, report) for one in subgraphs]


def _check_keys_of_interfaces(subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report interface objects that count on the key of an interface in federation 1, which finds no object's type."""
    keyed = {
        definition.name: (one, definition)
        for one in subgraphs
        for definition in one.types.values()
        if not one.is_fed2 and definition.kind is Kind.INTERFACE and definition.has("key")
    }
    for one in subgraphs:
        for name in sorted(keyed):
            if name in one.types and one.types[name].is_interface_object:
                owner, definition = keyed[name]
                message = (
                    f'The @interfaceObject directive is used on type "{name}" in subgraph "{one.name}", but the @key '
                    f'of interface "{name}" in subgraph "{owner.name}", which is of federation 1, cannot tell which '
                    "type an object has."
                )
                places = [one.locate(one.types[name].node), owner.locate(definition.node)]
                fix = f'Make "{owner.name}" a subgraph of federation 2, or remove the key of the interface.'
                report.error("INTERFACE_OBJECT_USAGE_ERROR", message, places, fix)


def _upgrade(subgraph: Subgraph, peers: Peers, report: Report) -> Subgraph:
    for step in STEPS:
        subgraph = step(subgraph, peers, report)
    links = tuple(
        replace(link, version=UPGRADE_FEDERATION) if link.identity == FEDERATION else link for link in subgraph.links
    )
    return replace(subgraph, links=links, federation=UPGRADE_FEDERATION)
