"""Which subgraph knows whether a node exists, and how it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from router.operation.model import OperationKind
from router.planner.model import EntitySelection, Fetch
from schema.query_graph.selection import Field, InlineFragment
from schema.subgraph_view import TypeView
from schema.supergraph import InvalidSupergraph, Supergraph

NODE = "Node"
ID = Field("id", "id")
TYPENAME = Field("__typename", "__typename")


@dataclass(frozen=True, slots=True, eq=False)
class ExistenceCheck:
    """The fetch by which one owner is asked which of its nodes exist, and the one selection in it."""

    fetch: Fetch
    select: EntitySelection


def node_types(supergraph: Supergraph) -> dict[str, str]:
    """Find every type that implements Node where it can be entered by `id`, with its owner: the first such subgraph."""
    owners: dict[str, str] = {}
    for subgraph, types in supergraph.views.items():
        for name in _implementations(types):
            if any(key.is_resolvable and key.selection == (ID,) for key in types[name].keys):
                owners.setdefault(name, subgraph)
    return owners


def existence_checks(supergraph: Supergraph, relay: str) -> dict[str, ExistenceCheck]:
    """Make for each type that the relay offers the check at its owner; types of one owner share it.

    Raises: InvalidSupergraph.
    """
    owners = node_types(supergraph)
    owned: dict[str, list[str]] = defaultdict(list)
    for name in sorted(_implementations(supergraph.views[relay])):
        if name not in owners:
            raise InvalidSupergraph(f"No subgraph has the type '{name}' of '{relay}' with a resolvable key 'id'.")
        owned[owners[name]].append(name)
    checks = ((names, _check(owner, names)) for owner, names in owned.items())
    return {name: check for names, check in checks for name in names}


def _implementations(types: Mapping[str, TypeView]) -> frozenset[str]:
    node = types.get(NODE)
    return node.possible_types if node else frozenset()


def _check(owner: str, names: Sequence[str]) -> ExistenceCheck:
    keys = tuple(InlineFragment(name, (TYPENAME, ID)) for name in names)
    select = EntitySelection("_entities", (), requires=keys, keys=frozenset({ID.name}), selection=keys)
    return ExistenceCheck(Fetch(0, owner, OperationKind.QUERY, None, (), (select,), frozenset()), select)
