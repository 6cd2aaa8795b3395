"""What the router tells of itself, and whom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator

from router.settings.health import HttpPath
from router.settings.marks import NeedsRestart, Written
from router.settings.supergraph import Address, Listen
from router.settings.values import Branch, Count, Duration

SEMCONV_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
_WORDS = {"always_on": 1.0, "always_off": 0.0}

Ratio = Annotated[float, Field(ge=0, le=1)]
Url = Annotated[str, Field(pattern=r"^https?://[^/\s]+\S*$")]


def _ratio(value: object) -> object:
    return _WORDS.get(value, value) if isinstance(value, str) else value


class OtlpHttp(Branch):
    """How it is spoken to."""

    headers: dict[str, SecretStr] = Field(default_factory=dict)
    """Headers of what is sent."""


class Batches(Branch):
    """When spans are sent, and how many may wait; further ones are dropped."""

    scheduled_delay: Duration = timedelta(seconds=5)
    """How often what waits is sent."""
    max_queue_size: Count = 2048
    """Spans that wait."""
    max_export_batch_size: Count = 512
    """Spans in one sending."""
    max_export_timeout: Duration = timedelta(seconds=5)
    """Time for one sending, its repetitions included."""

    @model_validator(mode="after")
    def _check_that_a_batch_fits(self) -> Batches:
        if self.max_export_batch_size > self.max_queue_size:
            raise ValueError("'max_export_batch_size' is more than 'max_queue_size'")
        return self


class Readings(Branch):
    """When metrics are sent."""

    scheduled_delay: Duration = timedelta(seconds=60)
    """How often."""
    max_export_timeout: Duration = timedelta(seconds=5)
    """Time for one sending, its repetitions included."""


class Otlp(Branch):
    """A collector that takes OTLP over HTTP."""

    enabled: bool = False
    """Whether anything is sent. `OTEL_EXPORTER_OTLP_*` say what is not set here."""
    endpoint: Url | None = None
    """Its URL; without a path the signal's own is added: `/v1/traces`, `/v1/metrics`."""
    protocol: Literal["http"] = "http"
    """OTLP over HTTP, in Protobuf."""
    http: OtlpHttp = OtlpHttp()


class OtlpTraces(Otlp):
    """A collector that gets spans."""

    batch_processor: Batches = Batches()


class OtlpMetrics(Otlp):
    """A collector that gets metrics, as cumulative values."""

    batch_processor: Readings = Readings()


class Sampling(Branch):
    """Which requests are traced."""

    sampler: Annotated[Ratio, BeforeValidator(_ratio), Written("number, `always_on` or `always_off`")] = 0.01
    """Part of the requests that is recorded."""
    parent_based_sampler: bool = True
    """Whether what a client's `traceparent` says goes before the sampler: a trace is recorded whole or not at all."""


class Tracing(Branch):
    """Spans of requests: of the request, of its passes, of its fetches."""

    common: Sampling = Sampling()
    otlp: OtlpTraces = OtlpTraces()


class Cardinality(Branch):
    """How many values are told apart of what clients choose; further ones count as `other`."""

    operation_names: Count = 200
    """Names of operations."""
    clients: Count = 20
    """Names of clients."""


class MetricsCommon(Branch):
    """What all metrics have in common. A change begins them anew."""

    buckets: tuple[float, ...] = SEMCONV_BUCKETS
    """Upper bounds of the buckets of durations, in seconds."""
    cardinality: Cardinality = Cardinality()

    @field_validator("buckets")
    @classmethod
    def _ascends(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not value or list(value) != sorted(set(value)):
            raise ValueError("expected numbers, each greater than the one before")
        return value


class Prometheus(Branch):
    """An endpoint that Prometheus reads."""

    enabled: bool = False
    """Whether it is there."""
    listen: Address = Listen(port=9090)
    """Its address, apart from that of the GraphQL endpoint."""
    path: HttpPath = "/metrics"
    """Where the metrics stand."""


class MetricsExporters(Branch):
    """Numbers about requests."""

    common: MetricsCommon = MetricsCommon()
    prometheus: Prometheus = Prometheus()
    otlp: OtlpMetrics = OtlpMetrics()


class Exporters(Branch):
    """Where traces and metrics go."""

    tracing: Tracing = Tracing()
    metrics: MetricsExporters = MetricsExporters()


class Logging(Branch):
    """Logs on standard output, one JSON object a line."""

    level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR|CRITICAL)$"), NeedsRestart()] = "INFO"
    """The least that is told: `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`."""
    access_log: bool = False
    """Whether every request has a line, at INFO: method, path, status, duration, operations and client."""


class UsageSettings(Branch):
    """Records of which fields, arguments, enum values and input fields are used, and by which clients."""

    folder: Path | None = None
    """Where they are written, a file for each interval; none: nothing is recorded."""
    interval: Duration = timedelta(seconds=60)
    """How often a file is written."""
    sampling: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Part of the requests that is recorded; counts are those of all, estimated."""
    max_entries: Count = 10_000
    """Pairs of an operation and a client that are held until they are written; what is beyond is dropped, and told."""


class TelemetrySettings(Branch):
    """What the router tells of itself, and whom. Never variables, headers or bodies."""

    service_name: str | None = None
    """`service.name` in traces and metrics; none: `OTEL_SERVICE_NAME`, or else `fedra-router`."""
    resource: dict[str, str] = Field(default_factory=dict)
    """Further attributes of the resource, as `deployment.environment.name`."""
    exporters: Exporters = Exporters()
    logging: Logging = Logging()
    usage: UsageSettings = UsageSettings()
