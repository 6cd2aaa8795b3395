"""How long subgraphs may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from router.fetch.source import Answer, Ask, EntitySource
from router.request import RequestContext


class TimedSource:
    """An `EntitySource` that gives every request to a subgraph a deadline of its own, within the client's."""

    def __init__(self, source: EntitySource, timeout_of: Callable[[str], timedelta]) -> None:
        """`timeout_of` says by name how long one request to a subgraph may take."""
        self._source = source
        self._timeout_of = timeout_of

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch."""
        own = time.monotonic() + self._timeout_of(asks[0].fetch.subgraph).total_seconds()
        return await self._source.load(asks, replace(context, deadline=own) if own < context.deadline else context)
