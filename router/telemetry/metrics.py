"""What is measured in this process, told apart by as many attributes as are let in."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry

from router.settings.telemetry import Cardinality, MetricsCommon
from router.telemetry.instruments import CLIENT_NAME, CODE, INSTRUMENTS, OPEN, OPERATION_NAME, Instrument
from router.telemetry.series import Family

OTHER = "other"
MAX_CODES = 200

Series = tuple[Instrument, tuple[str, ...]]


class Guard:
    """Tells apart so many values of each attribute that others choose; those that come later are one."""

    def __init__(self, limits: Cardinality) -> None:
        self._limits: Mapping[str, int] = {
            OPERATION_NAME: limits.operation_names,
            CLIENT_NAME: limits.clients,
            CODE: MAX_CODES,
        }
        self._known: defaultdict[str, set[str]] = defaultdict(set)

    def admit(self, attribute: str, value: str) -> str:
        """Give the value, or what stands for all that come too late."""
        known = self._known[attribute]
        if value not in known and attribute in OPEN and value:
            if len(known) >= self._limits[attribute]:
                return OTHER
            known.add(value)
        return value


class Metrics:
    """The metrics of this process. The thread of the event loop writes them, any may read them."""

    def __init__(self, settings: MetricsCommon = MetricsCommon()) -> None:  # noqa: B008 (frozen)
        self.registry = CollectorRegistry()
        self.began = time.time_ns()
        self.families = {one: Family(one, settings.buckets) for one in INSTRUMENTS}
        for family in self.families.values():
            self.registry.register(family)
        self._guard = Guard(settings.cardinality)
        self._series: dict[Series, Any] = {}

    def observe(self, instrument: Instrument, value: float, attributes: tuple[str, ...]) -> None:
        """Record one value of a histogram."""
        found = self._series.get((instrument, attributes)) or self._open(instrument, attributes)
        found.observe(value)

    def add(self, instrument: Instrument, value: float, attributes: tuple[str, ...]) -> None:
        """Add to a counter, or to a gauge."""
        found = self._series.get((instrument, attributes)) or self._open(instrument, attributes)
        found.value += value

    def set(self, instrument: Instrument, value: float, attributes: tuple[str, ...]) -> None:
        """Say where a gauge stands."""
        found = self._series.get((instrument, attributes)) or self._open(instrument, attributes)
        found.value = value

    def _open(self, instrument: Instrument, attributes: tuple[str, ...]) -> Any:  # noqa: ANN401 (of two kinds)
        """Find the series of values that have not been seen, or not been let in."""
        values = zip(instrument.attributes, attributes, strict=True)
        admitted = tuple(self._guard.admit(name, value) for name, value in values)
        found = self._series[instrument, admitted] = self.families[instrument].open(admitted)
        return found
