"""What is seen of fetches."""

from __future__ import annotations

import time
from collections.abc import Sequence

from opentelemetry.trace import SpanKind

from router.fetch.source import Answer, Ask, EntitySource
from router.fetch.subgraph_response import SUBGRAPH_ERROR, SubrequestError
from router.request import RequestContext
from router.telemetry.instruments import FETCH_DURATION
from router.telemetry.spans import failed, span
from router.telemetry.watch import observe


class ObservedSource:
    """An `EntitySource` that measures every fetch, and records it if the request is sampled."""

    def __init__(self, source: EntitySource) -> None:
        self._source = source

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch."""
        fetch = asks[0].fetch
        began = time.perf_counter()
        facts = {"fedra.subgraph.name": fetch.subgraph, "graphql.operation.type": fetch.kind.value}
        with span("fetch", SpanKind.CLIENT, facts) as found:
            answers = await self._source.load(asks, context)
            error_type = next((_type_of(error) for answer in answers for error in answer.errors), "")
            if error_type:
                failed(found, error_type)
        observe(FETCH_DURATION, time.perf_counter() - began, fetch.subgraph, error_type)
        return answers


def _type_of(error: object) -> str:
    """Name what the router found out itself; what subgraphs say of themselves has no end of codes."""
    return error.code if isinstance(error, SubrequestError) else SUBGRAPH_ERROR
