"""What is said of each subgraph apart: `join__directive` tells a directive with its graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from schema.compose.merge.context import Merge, join
from schema.elements import Annotated, Application
from schema.federation import CONNECT
from schema.value import Value, canonical

JOINED = ("cacheTag", "connect", "source")
"""Directives that are carried so."""


def join_directives(merge: Merge, sources: Mapping[str, Annotated]) -> list[Application]:
    """Carry what the sources have applied to one element; equal applications are told once."""
    found = (
        (subgraph, one)
        for subgraph, source in sources.items()
        for one in source.applications
        if one.element in merge.joined
    )
    return _joined(merge, found)


def join_links(merge: Merge) -> list[Application]:
    """Carry the links to connectors: what these are called differs from subgraph to subgraph."""
    return _joined(merge, _connect_links(merge))


def _connect_links(merge: Merge) -> Iterator[tuple[str, Application]]:
    for subgraph in merge.subgraphs:
        nodes = {id(link.node) for link in subgraph.links if link.identity == CONNECT}
        yield from ((subgraph.name, one) for one in subgraph.schema.applications if id(one.node) in nodes)


def _joined(merge: Merge, found: Iterable[tuple[str, Application]]) -> list[Application]:
    graphs: dict[tuple[str, str], list[Value]] = {}
    arguments: dict[tuple[str, str], Mapping[str, Value]] = {}
    for subgraph, one in found:
        name = "federation__cacheTag" if one.element == "cacheTag" else one.name
        key = (name, canonical(one.arguments))
        graphs.setdefault(key, []).append(merge.graph(subgraph))
        arguments[key] = one.arguments
    return [join("directive", graphs=graphs[key], name=key[0], args=arguments[key]) for key in graphs]
