"""What is seen of one HTTP request while it is answered, wherever in the router that happens."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self

from router.telemetry.instruments import OPERATION_DURATION, USAGE_DROPPED, Instrument

if TYPE_CHECKING:  # they are costly to import, and often not there
    from opentelemetry.trace import Tracer

    from router.telemetry.metrics import Metrics
    from router.telemetry.usage import Coordinates, Usage


MAX_NAME = 128
"""Of the name of an operation, which may be as long as a document, so much is told."""


@dataclass(slots=True)
class Watch:
    """One request: its trace, where its numbers go, and what became known of it so far."""

    trace_id: str | None = None
    """Source: Trace Context, "trace-id"."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What subgraphs are told of the trace, but for a span that is recorded here."""
    tracer: Tracer | None = None
    """Records spans; none: this request is not sampled."""
    metrics: Metrics | None = None
    usage: Usage | None = None
    operations: list[tuple[str, str | None]] = field(default_factory=list)
    """Kind and name of every operation in it."""
    client: str | None = None


watching: ContextVar[Watch] = ContextVar("watching", default=Watch())  # noqa: B039  # nobody writes to the default
"""The request that is being answered."""


def trace_id() -> str | None:
    """Name the request that is being answered."""
    return watching.get().trace_id


def observe(instrument: Instrument, value: float, *attributes: str) -> None:
    """Record one value. Shapes: attributes in the order of the instrument's."""
    metrics = watching.get().metrics
    if metrics is not None:
        metrics.observe(instrument, value, attributes)


def count(instrument: Instrument, *attributes: str) -> None:
    """Count one event. Shapes: attributes in the order of the instrument's."""
    metrics = watching.get().metrics
    if metrics is not None:
        metrics.add(instrument, 1, attributes)


def level(instrument: Instrument, value: float, *attributes: str) -> None:
    """Say how high something stands now. Shapes: attributes in the order of the instrument's."""
    metrics = watching.get().metrics
    if metrics is not None:
        metrics.set(instrument, value, attributes)


class OperationWatch:
    """What is seen of one operation; an HTTP request may have several."""

    __slots__ = ("_began", "_client", "_kind", "_name", "_version")

    def __init__(self, client: str | None, version: str | None) -> None:
        self._client = client
        self._version = version
        self._kind = self._name = ""
        self._began = 0.0

    def __enter__(self) -> Self:
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        took = time.perf_counter() - self._began
        observe(OPERATION_DURATION, took, self._name, self._kind, self._client or "")

    def is_prepared(self, kind: str, name: str | None, coordinates: Coordinates) -> None:
        """Learn what the operation is: one that is valid."""
        watch = watching.get()
        name = name and name[:MAX_NAME]
        self._kind, self._name = kind, name or ""
        watch.operations.append((kind, name))
        watch.client = self._client
        if watch.usage is not None and not watch.usage.count(coordinates, self._client, self._version):
            count(USAGE_DROPPED)
