"""One source over subgraphs with different homes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from router.fetch.source import Ask, EntitySource, Loading
from router.request import RequestContext


class RoutedSource:
    """An `EntitySource` that asks each subgraph where it lives."""

    def __init__(self, sources: Mapping[str, EntitySource], otherwise: EntitySource) -> None:
        """Shapes: sources by name of the subgraph; `otherwise` answers for all the others."""
        self._sources = sources
        self._otherwise = otherwise

    def load(self, asks: Sequence[Ask], context: RequestContext) -> Loading:
        """Answer every ask of one fetch."""
        return self._sources.get(asks[0].fetch.subgraph, self._otherwise).load(asks, context)
