"""What is measured: the one list of metrics. docs/telemetry.md is checked against it.

Source: OpenTelemetry Semantic Conventions, "HTTP metrics"; Prometheus names as in OpenTelemetry, "Prometheus and
OpenMetrics Compatibility".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OPERATION_NAME = "graphql.operation.name"
CLIENT_NAME = "fedra.client.name"
CODE = "fedra.error.code"
OPEN = frozenset({OPERATION_NAME, CLIENT_NAME, CODE})
"""Attributes whose values others choose: of each only so many are told apart."""

COSTS = tuple(float(10**power) for power in range(7))


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """One metric. Units: as OpenTelemetry writes them; `s` for seconds."""

    name: str
    kind: Literal["counter", "updowncounter", "gauge", "histogram"]
    unit: str
    description: str
    attributes: tuple[str, ...] = ()
    buckets: tuple[float, ...] | None = None
    """Bounds of its own; none: those that the settings give durations."""

    @property
    def prometheus_name(self) -> str:
        """The name in Prometheus, without the suffix of a counter."""
        return prometheus(self.name) + ("_seconds" if self.unit == "s" else "")


def prometheus(name: str) -> str:
    """Write a name as Prometheus has it."""
    return name.replace(".", "_")


HTTP_DURATION = Instrument(
    "http.server.request.duration",
    "histogram",
    "s",
    "Requests of clients to the GraphQL endpoint; 499 is the status of a client that left.",
    ("http.request.method", "url.scheme", "http.response.status_code"),
)
HTTP_ACTIVE = Instrument(
    "http.server.active_requests",
    "updowncounter",
    "{request}",
    "Requests of clients under way.",
    ("http.request.method", "url.scheme"),
)
OPERATION_DURATION = Instrument(
    "fedra.operation.duration",
    "histogram",
    "s",
    "Operations, from their request to their response; those of one batch each.",
    (OPERATION_NAME, "graphql.operation.type", CLIENT_NAME),
)
PREPARE_DURATION = Instrument(
    "fedra.prepare.duration",
    "histogram",
    "s",
    "Parsing, validating and normalizing an operation that was not prepared: the count is that of cache misses.",
)
PLAN_DURATION = Instrument(
    "fedra.plan.duration",
    "histogram",
    "s",
    "Planning an operation that had no plan: the count is that of cache misses.",
)
FETCH_DURATION = Instrument(
    "fedra.fetch.duration",
    "histogram",
    "s",
    "Fetches of a query plan; `error.type` is the code of the first error, or empty.",
    ("fedra.subgraph.name", "error.type"),
)
SHARED_QUERIES = Instrument(
    "fedra.queries.shared", "counter", "{query}", "Queries that waited for the answer to an equal one under way."
)
REFUSALS = Instrument("fedra.refusals", "counter", "{error}", "Errors of requests that were not executed.", (CODE,))
EXCEEDED = Instrument(
    "fedra.bounds.exceeded",
    "counter",
    "{request}",
    "Requests past a limit, a cost, a rate or the bound on concurrency; also those that are only measured.",
    ("fedra.bound", "fedra.enforced"),
)
COST_ESTIMATED = Instrument(
    "fedra.cost.estimated", "histogram", "{cost}", "Cost of operations before they run.", buckets=COSTS
)
COST_ACTUAL = Instrument("fedra.cost.actual", "histogram", "{cost}", "Cost of what came.", buckets=COSTS)
CACHE_ENTRIES = Instrument(
    "fedra.cache.entries", "gauge", "{entry}", "Operations that are prepared, and plans.", ("fedra.cache.name",)
)
DOCUMENTS = Instrument(
    "fedra.documents",
    "counter",
    "{request}",
    "Requests by what became of their document: `sent`, `registered`, `learnt`, `unknown`.",
    ("fedra.document.source",),
)
HOOK_FAILURES = Instrument(
    "fedra.hook.failures", "counter", "{failure}", "Hooks that raised or did not answer in time.", ("fedra.hook",)
)
USAGE_DROPPED = Instrument(
    "fedra.usage.dropped", "counter", "{request}", "Requests that the usage records had no room for."
)

INSTRUMENTS = (
    HTTP_DURATION,
    HTTP_ACTIVE,
    OPERATION_DURATION,
    PREPARE_DURATION,
    PLAN_DURATION,
    FETCH_DURATION,
    SHARED_QUERIES,
    REFUSALS,
    EXCEEDED,
    COST_ESTIMATED,
    COST_ACTUAL,
    CACHE_ENTRIES,
    DOCUMENTS,
    HOOK_FAILURES,
    USAGE_DROPPED,
)
