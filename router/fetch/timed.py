"""How long subgraphs may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

from router.fetch.source import Ask, EntitySource, Loading
from router.request import RequestContext


class TimedSource:
    """An `EntitySource` that gives every request to a subgraph a deadline of its own, within the client's."""

    def __init__(self, source: EntitySource, timeout_of: Callable[[str], timedelta]) -> None:
        """`timeout_of` says by name how long one request to a subgraph may take."""
        self._source = source
        self._seconds_of = cache(lambda name: timeout_of(name).total_seconds())  # there are only so many

    def load(self, asks: Sequence[Ask], context: RequestContext) -> Loading:
        """Answer every ask of one fetch."""
        own = time.monotonic() + self._seconds_of(asks[0].fetch.subgraph)
        return self._source.load(asks, replace(context, deadline=own) if own < context.deadline else context)
