"""Spans of what is done for a request. One that is not sampled makes no object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    TraceState,
)

from router.telemetry.trace_context import Parent, write_parent
from router.telemetry.watch import watching

_NOT_SAMPLED: AbstractContextManager[None] = nullcontext()


def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, attributes: Mapping[str, str] | None = None
) -> AbstractContextManager[Span | None]:
    """Record what is done within, if the request is sampled. Errors are not looked at: their text may hold values."""
    tracer = watching.get().tracer
    if tracer is None:
        return _NOT_SAMPLED
    return tracer.start_as_current_span(
        name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    )


@contextmanager
def server_span(tracer: Tracer, parent: Parent | None, attributes: Mapping[str, str]) -> Iterator[Span]:
    """Record a whole request, as a child of the client's span if there is one."""
    context = Context()
    if parent is not None:
        remote = SpanContext(
            int(parent.trace_id, 16),
            int(parent.span_id, 16),
            is_remote=True,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
            trace_state=TraceState.from_header(list(parent.state.values())),
        )
        context = trace.set_span_in_context(NonRecordingSpan(remote))
    with tracer.start_as_current_span(
        attributes["http.request.method"],
        context,
        SpanKind.SERVER,
        attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as found:
        yield found


def failed(found: Span | None, error_type: str) -> None:
    """Mark a span as that of a failure. Source: OpenTelemetry Semantic Conventions, "Recording errors"."""
    if found is not None:
        found.set_status(Status(StatusCode.ERROR))
        found.set_attribute("error.type", error_type)


def trace_headers() -> Mapping[str, str]:
    """Say to a subgraph whose trace its request belongs to: the span under way, if there is one."""
    watch = watching.get()
    if watch.tracer is None:
        return watch.headers
    here = trace.get_current_span().get_span_context()
    parent = write_parent(f"{here.trace_id:032x}", f"{here.span_id:016x}", is_sampled=True)
    return {**watch.headers, "traceparent": parent}
