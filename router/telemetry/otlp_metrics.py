"""Metrics on their way to a collector. Imported only where something is sent. Source: OTLP/HTTP."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import export as otel
from prometheus_client.samples import Sample

from router.settings.telemetry import OtlpMetrics
from router.telemetry.collector import SCOPE, exporter_arguments, resource_of
from router.telemetry.instruments import Instrument, prometheus
from router.telemetry.metrics import Metrics
from router.telemetry.periodic import Complaints, Periodic, within_farewell

log = logging.getLogger(__name__)

CUMULATIVE = otel.AggregationTemporality.CUMULATIVE
LARGEST, STATUS_CODE = "le", prometheus("http.response.status_code")

Attributes = tuple[tuple[str, str | int], ...]


class SentMetrics:
    """Sends all metrics after each interval, from a thread of its own."""

    def __init__(
        self, settings: OtlpMetrics, metrics: Metrics, service_name: str | None, resource: Mapping[str, str]
    ) -> None:
        self._exporter = OTLPMetricExporter(**exporter_arguments(settings, "/v1/metrics"))
        self._resource = resource_of(service_name, resource)
        self._metrics = metrics
        self._complaints = Complaints(log, "metrics could not be sent")
        self._periodic = Periodic(self._send, settings.batch_processor.scheduled_delay, "metrics")

    def _send(self) -> None:
        scope = otel.ScopeMetrics(SCOPE, list(to_otlp(self._metrics)), "")
        data = otel.MetricsData([otel.ResourceMetrics(self._resource, [scope], "")])
        if self._exporter.export(data) is not otel.MetricExportResult.SUCCESS:
            self._complaints.add()

    async def close(self) -> None:
        """Send once more, for as long as there is time."""
        await self._periodic.close()
        await within_farewell(self._exporter.shutdown, "last metrics")


def to_otlp(metrics: Metrics) -> Iterator[otel.Metric]:
    """Write all that was measured since the metrics began; what has no series yet is left out."""
    now = time.time_ns()
    for instrument, family in metrics.families.items():
        series = _by_attributes(instrument, (one for found in family.collect() for one in found.samples))
        points = [_Point(attributes, metrics.began, now, samples) for attributes, samples in series.items()]
        if points:
            yield otel.Metric(instrument.name, instrument.description, instrument.unit, _data(instrument, points))


class _Point:
    """One series as it stands."""

    def __init__(self, attributes: Attributes, began: int, now: int, samples: Mapping[str, list[Sample]]) -> None:
        self._at = (dict(attributes), began, now)
        self._samples = samples

    def number(self, suffix: str) -> otel.NumberDataPoint:
        return otel.NumberDataPoint(*self._at, self._samples[suffix][0].value)

    def histogram(self) -> otel.HistogramDataPoint:
        """Shapes: Prometheus counts what is in a bucket or below it, OTLP what is in it."""
        buckets = [(float(one.labels[LARGEST]), int(one.value)) for one in self._samples["_bucket"]]
        counts = [here - below for (_, here), below in zip(buckets, [0, *(one for _, one in buckets)], strict=False)]
        return otel.HistogramDataPoint(
            *self._at,
            count=buckets[-1][1],
            sum=self._samples["_sum"][0].value,
            bucket_counts=counts,
            explicit_bounds=[bound for bound, _ in buckets[:-1]],
            min=None,  # type: ignore[arg-type]  # not known, and not sent then
            max=None,  # type: ignore[arg-type]
        )


def _by_attributes(instrument: Instrument, samples: Iterable[Sample]) -> dict[Attributes, dict[str, list[Sample]]]:
    """Bring the samples of each series together, by the ends of their names."""
    series: defaultdict[Attributes, dict[str, list[Sample]]] = defaultdict(dict)
    for one in samples:
        values = [_value(name, value) for name, value in one.labels.items() if name != LARGEST]
        attributes = tuple(zip(instrument.attributes, values, strict=True))
        suffix = one.name.removeprefix(instrument.prometheus_name)
        series[attributes].setdefault(suffix, []).append(one)
    return series


def _value(label: str, value: str) -> str | int:
    return int(value) if label == STATUS_CODE else value


def _data(instrument: Instrument, points: Iterable[_Point]) -> otel.Sum | otel.Gauge | otel.Histogram:
    if instrument.kind == "histogram":
        return otel.Histogram([one.histogram() for one in points], CUMULATIVE)
    if instrument.kind == "counter":
        return otel.Sum([one.number("_total") for one in points], CUMULATIVE, is_monotonic=True)
    numbers = [one.number("") for one in points]
    return otel.Gauge(numbers) if instrument.kind == "gauge" else otel.Sum(numbers, CUMULATIVE, is_monotonic=False)
