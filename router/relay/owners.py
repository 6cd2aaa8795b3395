"""Which subgraph knows whether a node exists, and how it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from router.operation.model import OperationKind
from router.planner.model import EntitySelection, Fetch
from schema.query_graph.selection import Field, InlineFragment
from schema.subgraph_view import TypeView
from schema.supergraph import InvalidSupergraph, Supergraph

NODE = "Node"
ID = Field("id", "id")
TYPENAME = Field("__typename", "__typename")


def node_types(supergraph: Supergraph) -> dict[str, str]:
    """Find every type that implements Node where it can be entered by `id`, with its owner: the first such subgraph."""
    owners: dict[str, str] = {}
    for subgraph, types in supergraph.views.items():
        for name in _implementations(types):
            if any(key.is_resolvable and key.selection == (ID,) for key in types[name].keys):
                owners.setdefault(name, subgraph)
    return owners


def existence_checks(supergraph: Supergraph, relay: str) -> dict[str, Fetch]:
    """Make for each type that the relay offers the fetch that asks its owner; types of one owner share it.

    Raises: InvalidSupergraph.
    """
    owners = node_types(supergraph)
    owned: dict[str, list[str]] = defaultdict(list)
    for name in sorted(_implementations(supergraph.views[relay])):
        if name not in owners:
            raise InvalidSupergraph(f"No subgraph has the type '{name}' of '{relay}' with a resolvable key 'id'.")
        owned[owners[name]].append(name)
    return {name: fetch for owner, names in owned.items() for name, fetch in _fetches(owner, names)}


def _implementations(types: Mapping[str, TypeView]) -> frozenset[str]:
    node = types.get(NODE)
    return node.possible_types if node else frozenset()


def _fetches(owner: str, names: list[str]) -> Iterator[tuple[str, Fetch]]:
    select = EntitySelection(
        alias="_entities",
        path=(),
        requires=tuple(InlineFragment(name, (TYPENAME, ID)) for name in names),
        keys=frozenset({ID.name}),
        selection=tuple(InlineFragment(name, (TYPENAME, ID)) for name in names),
    )
    fetch = Fetch(0, owner, OperationKind.QUERY, None, (), (select,), frozenset())
    return ((name, fetch) for name in names)
