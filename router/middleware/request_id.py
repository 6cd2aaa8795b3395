"""A name for every request, and what is seen of it: in its logs, in its answer, at the subgraphs, in telemetry."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Collection
from contextlib import AbstractContextManager

from opentelemetry.trace import Span
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from router.telemetry import instruments
from router.telemetry.spans import failed, server_span
from router.telemetry.telemetry import Telemetry
from router.telemetry.watch import Watch, watching

HEADER = b"x-request-id"
CLIENT_LEFT = 499
SERVER_ERROR = 500
METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"})
OTHER_METHOD = "_OTHER"
"""Source: OpenTelemetry Semantic Conventions, "http.request.method"."""

log = logging.getLogger(__name__)


class RequestId:
    """Takes the trace id of `traceparent`, or makes one, and answers it as `x-request-id`; watches the request.

    Source: Trace Context, "Traceparent Header".
    """

    def __init__(self, app: ASGIApp, telemetry: Telemetry, unseen: Collection[str] = ()) -> None:
        """`unseen` are paths that have ids only: nobody wants to read of their requests."""
        self._app = app
        self._telemetry = telemetry
        self._unseen = frozenset(unseen)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watch, parent = self._telemetry.begin(scope["headers"])
        exchange = _Exchange(watch, send)
        token = watching.set(watch)
        try:
            if scope["path"] in self._unseen:
                await self._app(scope, receive, exchange.send)
            elif watch.tracer is None:
                await self._seen(scope, receive, exchange)
            else:
                await self._traced(scope, receive, exchange, server_span(watch.tracer, parent, _facts(scope)))
        finally:
            watching.reset(token)

    async def _traced(
        self, scope: Scope, receive: Receive, exchange: _Exchange, recording: AbstractContextManager[Span]
    ) -> None:
        with recording as span:
            try:
                await self._seen(scope, receive, exchange)
            finally:
                span.set_attribute("http.response.status_code", exchange.status)
                if exchange.status >= SERVER_ERROR:
                    failed(span, str(exchange.status))
                if len(exchange.watch.operations) == 1:
                    ((kind, name),) = exchange.watch.operations
                    span.update_name(kind)
                    span.set_attributes({"graphql.operation.type": kind, "graphql.operation.name": name or ""})

    async def _seen(self, scope: Scope, receive: Receive, exchange: _Exchange) -> None:
        began = time.perf_counter()
        metrics = exchange.watch.metrics
        alike = (_method(scope), scope["scheme"])
        if metrics is not None:
            metrics.add(instruments.HTTP_ACTIVE, 1, alike)
        try:
            await self._app(scope, receive, exchange.send)
        finally:
            took = time.perf_counter() - began
            if metrics is not None:
                metrics.add(instruments.HTTP_ACTIVE, -1, alike)
                metrics.observe(instruments.HTTP_DURATION, took, (*alike, str(exchange.status)))
            if self._telemetry.access_log:
                _tell(scope, exchange, took)


class _Exchange:
    """One request and what became of it."""

    def __init__(self, watch: Watch, send: Send) -> None:
        self.watch = watch
        self.status = CLIENT_LEFT
        self._send = send
        self._id = (HEADER, (watch.trace_id or "").encode())

    def send(self, message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], self._id]
        return self._send(message)


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else OTHER_METHOD


def _facts(scope: Scope) -> dict[str, str]:
    return {
        "http.request.method": _method(scope),
        "url.path": scope["path"],
        "url.scheme": scope["scheme"],
        "network.protocol.version": scope["http_version"],
    }


def _tell(scope: Scope, exchange: _Exchange, took: float) -> None:
    log.info(
        "request",
        extra={
            "method": scope["method"],
            "path": scope["path"],
            "status": exchange.status,
            "duration_ms": round(took * 1000, 1),
            "operations": [name for _, name in exchange.watch.operations],
            "client": exchange.watch.client,
        },
    )
