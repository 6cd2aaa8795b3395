"""What is seen of fetches."""

from __future__ import annotations

import time
from collections.abc import Sequence

from opentelemetry.trace import SpanKind

from router.fetch.source import Answer, Ask, EntitySource, Loading
from router.fetch.subgraph_response import SUBGRAPH_ERROR, SubrequestError
from router.request import RequestContext
from router.telemetry.instruments import FETCH_DURATION
from router.telemetry.spans import failed, span
from router.telemetry.watch import observe, watching


class ObservedSource:
    """An `EntitySource` that measures every fetch, and records it if the request is sampled."""

    def __init__(self, source: EntitySource) -> None:
        self._source = source

    def load(self, asks: Sequence[Ask], context: RequestContext) -> Loading:
        """Answer every ask of one fetch."""
        watch = watching.get()
        load = self._source.load if watch.tracer is None else self._recorded
        return load(asks, context) if watch.metrics is None else _measured(load(asks, context), asks)

    async def _recorded(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        fetch = asks[0].fetch
        facts = {"fedra.subgraph.name": fetch.subgraph, "graphql.operation.type": fetch.kind.value}
        with span("fetch", SpanKind.CLIENT, facts) as found:
            answers = await self._source.load(asks, context)
            error_type = _error_type(answers)
            if error_type:
                failed(found, error_type)
        return answers


async def _measured(loading: Loading, asks: Sequence[Ask]) -> Sequence[Answer]:
    began = time.perf_counter()
    answers = await loading
    observe(FETCH_DURATION, time.perf_counter() - began, asks[0].fetch.subgraph, _error_type(answers))
    return answers


def _error_type(answers: Sequence[Answer]) -> str:
    """Name what the router found out itself; what subgraphs say of themselves has no end of codes."""
    for answer in answers:
        for error in answer.errors:
            return error.code if isinstance(error, SubrequestError) else SUBGRAPH_ERROR
    return ""
