"""Numbers that are added up, and how Prometheus reads them. One thread writes, any may read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import INF, floatToGoString

from router.telemetry.instruments import Instrument, prometheus

_KINDS: Mapping[str, Any] = MappingProxyType(
    {
        "counter": CounterMetricFamily,
        "gauge": GaugeMetricFamily,
        "histogram": HistogramMetricFamily,
        "updowncounter": GaugeMetricFamily,
    }
)


class Number:
    """One series of a counter or a gauge."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0.0

    def tell(self) -> tuple[float]:
        """Say where it stands."""
        return (self.value,)


class Distribution:
    """One series of a histogram. Shapes: counts [bounds + 1], of values up to each bound, and of all others."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Add one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def tell(self) -> tuple[list[tuple[str, float]], float]:
        """Say for each bound how much is not above it, and the sum of all."""
        names = [floatToGoString(one) for one in (*self.bounds, INF)]  # type: ignore[no-untyped-call]  # the library's
        return list(zip(names, accumulate(self.counts), strict=True)), self.sum


class Family(Collector):
    """All series of one instrument, by its attributes."""

    def __init__(self, instrument: Instrument, durations: Sequence[float]) -> None:
        """`durations` are the bounds of a histogram that has none of its own."""
        self._instrument = instrument
        self._labels = [prometheus(one) for one in instrument.attributes]
        self._bounds = [one for one in instrument.buckets or durations if one < INF]
        self._series: dict[tuple[str, ...], Number | Distribution] = {}
        if not self._labels:
            self.open(())

    def open(self, attributes: tuple[str, ...]) -> Number | Distribution:
        """Find the series of these attributes, or begin it."""
        found = self._series.get(attributes)
        if found is None:
            found = Distribution(self._bounds) if self._instrument.kind == "histogram" else Number()
            self._series[attributes] = found
        return found

    def collect(self) -> Iterator[Metric]:
        """Say how all series stand."""
        one = self._instrument
        family = _KINDS[one.kind](one.prometheus_name, one.description, labels=self._labels)
        for attributes, series in list(self._series.items()):
            family.add_metric(attributes, *series.tell())
        yield family
