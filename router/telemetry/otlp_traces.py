"""Spans on their way to a collector. Imported only where something is sent. Source: OTLP/HTTP."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Tracer

from router.settings.telemetry import OtlpTraces
from router.telemetry.collector import SCOPE, exporter_arguments, resource_of
from router.telemetry.periodic import Complaints, within_farewell
from router.telemetry.watch import trace_id

log = logging.getLogger(__name__)


class SentTraces:
    """Makes spans and sends them in batches from a thread of its own; what cannot be sent is lost."""

    def __init__(self, settings: OtlpTraces, service_name: str | None, resource: Mapping[str, str]) -> None:
        exporter = _Exporter(OTLPSpanExporter(**exporter_arguments(settings, "/v1/traces")))
        self._provider = TracerProvider(ALWAYS_ON, resource_of(service_name, resource), False, id_generator=_OurIds())
        batches = settings.batch_processor
        delay_ms = batches.scheduled_delay.total_seconds() * 1000
        self._provider.add_span_processor(
            BatchSpanProcessor(exporter, batches.max_queue_size, delay_ms, batches.max_export_batch_size)
        )
        self.tracer: Tracer = self._provider.get_tracer(SCOPE.name)

    async def close(self) -> None:
        """Send what is left, for as long as there is time."""
        await within_farewell(self._provider.shutdown, "last traces")


class _Exporter(SpanExporter):
    """Tells once a minute that nothing gets through."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._complaints = Complaints(log, "traces could not be sent")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            self._complaints.add(spans=len(spans))
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


class _OurIds(RandomIdGenerator):
    """A trace that begins here has the id that the request's logs and answer have."""

    def generate_trace_id(self) -> int:
        return int(trace_id() or "", 16)
