"""Supergraphs for tests that need types, not subgraphs."""

from __future__ import annotations

from graphql import build_schema

from schema.supergraph import Supergraph


def supergraph_of(schema: str, api_schema: str | None = None) -> Supergraph:
    """Make a supergraph of one or two plain schemas: all there is, and what clients see of it."""
    whole = build_schema(schema)
    visible = whole if api_schema is None else build_schema(api_schema)
    return Supergraph(id="test", schema=whole, api_schema=visible, subgraphs={}, views={}, possible_types={})
