"""What the requests of one generation are watched with."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from router.resources import Keep
from router.settings.telemetry import Exporters, Sampling, TelemetrySettings
from router.telemetry.trace_context import NO_STATE, Parent, read_parent, write_parent
from router.telemetry.usage import Usage
from router.telemetry.watch import Watch

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

    from router.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Where what is seen goes; nothing is seen where it goes nowhere. `chance` gives [0, 1)."""

    sampling: Sampling = Sampling()  # noqa: RUF009 (frozen)
    tracer: Tracer | None = None
    metrics: Metrics | None = None
    usage: Usage | None = None
    access_log: bool = False
    chance: Callable[[], float] = random.random

    def begin(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[Watch, Parent | None]:
        """Watch one request. Whether its trace is recorded is decided here, once.

        A trace that is not goes on as it came, or, where we could have recorded it, as one that nobody records.
        """
        parent = read_parent(headers)
        if parent is None:
            ids = f"{random.getrandbits(192):048x}"
            trace_id, span_id, state = ids[:32], ids[32:], NO_STATE
        else:
            trace_id, span_id, state = parent.trace_id, parent.span_id, parent.state
        if self.tracer is not None and self._samples(parent):
            return Watch(trace_id, state, self.tracer, self.metrics, self.usage), parent
        is_recorded = parent is not None and parent.is_sampled and self.tracer is None
        told = {**state, "traceparent": write_parent(trace_id, span_id, is_sampled=is_recorded)}
        return Watch(trace_id, told, None, self.metrics, self.usage), parent

    def _samples(self, parent: Parent | None) -> bool:
        if parent is not None and self.sampling.parent_based_sampler:
            return parent.is_sampled
        return self.chance() < self.sampling.sampler


def make_telemetry(settings: TelemetrySettings, keep: Keep) -> Telemetry:
    """Join what the settings ask for; what counts or sends outlives a change of the others. Raises: ValueError."""
    exporters = settings.exporters
    return Telemetry(
        sampling=exporters.tracing.common,
        tracer=_tracer(settings, keep),
        metrics=_metrics(settings, exporters, keep),
        usage=keep(Usage, settings.usage.folder, settings.usage) if settings.usage.folder is not None else None,
        access_log=settings.logging.access_log,
    )


def _tracer(settings: TelemetrySettings, keep: Keep) -> Tracer | None:
    otlp = settings.exporters.tracing.otlp
    if not otlp.enabled:
        return None
    from router.telemetry.otlp_traces import SentTraces  # noqa: PLC0415  # memory that most do without

    return keep(SentTraces, otlp, settings.service_name, settings.resource).tracer


def _metrics(settings: TelemetrySettings, exporters: Exporters, keep: Keep) -> Metrics | None:
    prometheus, otlp = exporters.metrics.prometheus, exporters.metrics.otlp
    if not prometheus.enabled and not otlp.enabled:
        return None
    from router.telemetry.metrics import Metrics  # noqa: PLC0415  # as above

    metrics = keep(Metrics, exporters.metrics.common)
    if prometheus.enabled:
        from router.telemetry.prometheus import MetricsServer  # noqa: PLC0415  # as above

        keep(MetricsServer, prometheus.listen).show(prometheus.path, metrics.registry)
    if otlp.enabled:
        from router.telemetry.otlp_metrics import SentMetrics  # noqa: PLC0415  # as above

        keep(SentMetrics, otlp, metrics, settings.service_name, settings.resource)
    return metrics
