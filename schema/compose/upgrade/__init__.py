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
    peers = Peers.of(subgraphs)
    return [one if one.is_fed2 else _upgrade(one, peers, report) for one in subgraphs]


def _upgrade(subgraph: Subgraph, peers: Peers, report: Report) -> Subgraph:
    for step in STEPS:
        subgraph = step(subgraph, peers, report)
    links = tuple(
        replace(link, version=UPGRADE_FEDERATION) if link.identity == FEDERATION else link for link in subgraph.links
    )
    return replace(subgraph, links=links, federation=UPGRADE_FEDERATION)
