"""What routers are asked, and how."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.graphs.catalog import CATALOG
from bench.graphs.chain import CHAIN
from bench.graphs.chain import query as chain_query
from bench.graphs.graph import Graph
from bench.graphs.shop import SHOP_GRAPH
from bench.planning_workload import SHOP_QUERY

TOKEN = "zq_00000000"  # noqa: S105
"""Stands in a request for what no two requests share: one of eight hexadecimal digits, a GraphQL name, is put there."""
TOKEN_MARK = b"zq_"

COLLECTOR = "collector"
"""Where the subgraph server takes what telemetry sends, and forgets it."""

MODES = ("none", "subgraph", "request")
"""Which identical work under way is shared: none, requests to subgraphs, clients' requests."""

GRAPHS = {one.name: one for one in (SHOP_GRAPH, CATALOG, CHAIN)}

FIELDS = "id name price inStock shippingEstimate review { stars body author { id name } }"


@dataclass(frozen=True, slots=True)
class Workload:
    """One operation, by that many clients, each of which sends the next request when it has its answer."""

    name: str
    graph: Graph
    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    connections: int = 50
    delay_ms: int = 0
    """What each subgraph waits before it answers."""
    modes: tuple[str, ...] = ("none",)

    @property
    def body(self) -> str:
        """What is sent."""
        return json.dumps({"query": self.query, "variables": self.variables})

    @property
    def served_at(self) -> str:
        """Where the subgraph server has its subgraphs. Workloads that share them share the routers' processes."""
        return f"{self.graph.name}/{self.delay_ms}"


WORKLOADS = (
    Workload("gateways", SHOP_GRAPH, SHOP_QUERY, modes=MODES),
    Workload("one-fetch", SHOP_GRAPH, "{ topProducts { upc name price weight } }"),
    Workload("connections", SHOP_GRAPH, SHOP_QUERY, connections=500),
    Workload(
        "documents", SHOP_GRAPH, f"{{ users {{ id {TOKEN}: name reviews {{ id product {{ upc name inStock }} }} }} }}"
    ),
    Workload("list", CATALOG, f"{{ items(first: 1000) {{ {FIELDS} }} }}"),
    Workload(
        "variables",
        CATALOG,
        f"query Picked($ids: [ID!]!) {{ pick(ids: $ids) {{ {FIELDS} }} }}",
        {"ids": [f"{TOKEN}-{number}" for number in range(10)]},
    ),
    Workload("chain", CHAIN, chain_query()),
    Workload("latency", SHOP_GRAPH, SHOP_QUERY, delay_ms=20),
)
