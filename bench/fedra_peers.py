"""Fedra as it is measured: what it shares in each mode, and what its door adds."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from bench.peer import Command, Order, free_port, written

FEDRA: Mapping[str, Mapping[str, object]] = {
    "none": {"traffic_shaping": {"all": {"deduplicate_query": False}}},
    "subgraph": {},
    "request": {"traffic_shaping": {"router": {"deduplicate_query": True}}},
}
"""Settings of each mode."""

DOOR: Mapping[str, object] = {
    "demand_control": {
        "enabled": True,
        "mode": "enforce",
        "expose_cost": True,
        "strategy": {"static_estimated": {"max": 1e9, "max_actual": 1e9}},
    },
    "rate_limits": {
        "rules": [
            {"by": "ip", "limit": 100_000_000},
            {"by": "principal", "limit": 100_000_000},
            {"by": "tenant", "limit": 100_000_000_000_000, "unit": "cost"},
        ]
    },
    "headers": {"all": {"request": [{"propagate": {"named": "accept-language"}}]}},
    "cors": {"policies": [{"origins": ["https://app.example.com"]}]},
    "persisted_queries": {"mode": "audit"},
    "include_subgraph_errors": {"all": {"redact_message": True, "allow_extensions_keys": ["code"]}},
}
"""What protects a router that faces the internet, set so that nothing of the workloads is refused."""


def fedra(order: Order) -> Command:
    """Start it as it comes."""
    return fedra_with(order, FEDRA[order.mode])


def fedra_door(order: Order) -> Command:
    """Start it with everything that a router at the edge needs."""
    tracing = {"common": {"sampler": 0.01}, "otlp": {"enabled": True, "endpoint": order.collector}}
    metrics = {"prometheus": {"enabled": True, "listen": f"127.0.0.1:{free_port()}"}}
    identity = {"router": {"jwt": {"jwks": [{"url": str(order.jwks), "algorithms": ["RS256"]}]}}}
    features = {"authentication": identity, "telemetry": {"exporters": {"tracing": tracing, "metrics": metrics}}}
    return fedra_with(order, {**FEDRA[order.mode], **features, **DOOR})


def fedra_with(order: Order, settings: Mapping[str, object]) -> Command:
    """Start it with settings."""
    config = written(order, "router.yaml", settings)
    served = ("--supergraph", str(order.supergraph), "--config", str(config), "--port", str(order.port))
    return Command((sys.executable, "-m", "fedra", "router", *served))
