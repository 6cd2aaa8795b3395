"""A collector of OpenTelemetry: takes what is sent by OTLP over HTTP, and reads it."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.router.door import serving

Attributes = dict[str, str | int]


@dataclass
class Collector:
    """What was sent to it, and by whom."""

    url: str = ""
    status: int = 200
    spans: list[Span] = field(default_factory=list)
    metrics: list[list[Metric]] = field(default_factory=list)
    resources: list[Attributes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def app(self) -> Starlette:
        """Serve what OTLP asks for. Source: OpenTelemetry Protocol, "OTLP/HTTP"."""
        take = [
            Route("/v1/traces", self._take_traces, methods=["POST"]),
            Route("/v1/metrics", self._take_metrics, methods=["POST"]),
        ]
        return Starlette(routes=take)

    def named(self, name: str) -> list[Span]:
        """The spans of a name."""
        return [one for one in self.spans if one.name == name]

    async def _take_traces(self, request: Request) -> Response:
        sent = ExportTraceServiceRequest.FromString(await self._body(request))
        for one in sent.resource_spans:
            self.resources.append(attributes_of(one.resource.attributes))
            self.spans += [span for scope in one.scope_spans for span in scope.spans]
        return Response(status_code=self.status)

    async def _take_metrics(self, request: Request) -> Response:
        sent = ExportMetricsServiceRequest.FromString(await self._body(request))
        for one in sent.resource_metrics:
            self.resources.append(attributes_of(one.resource.attributes))
            self.metrics.append([metric for scope in one.scope_metrics for metric in scope.metrics])
        return Response(status_code=self.status)

    async def _body(self, request: Request) -> bytes:
        body = await request.body()
        body = gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body
        self.headers.append(dict(request.headers))
        self.bodies.append(body)
        return body


def attributes_of(pairs: Sequence[KeyValue]) -> Attributes:
    """Read attributes, texts and whole numbers."""
    return {
        one.key: one.value.string_value if one.value.HasField("string_value") else one.value.int_value for one in pairs
    }


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """Run one on a free port."""
    collector = Collector()
    async with serving(collector.app()) as url:
        collector.url = url
        yield collector
