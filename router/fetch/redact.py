"""What a subgraph says of its errors is for its own clients, unless the settings let it through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from router.fetch.source import Answer, Ask, EntitySource
from router.request import GraphQLError, RequestContext

REDACTED = "Subgraph errors redacted"


class RedactingSource:
    """An `EntitySource` that takes text, code and extensions from errors that a subgraph reported."""

    def __init__(self, source: EntitySource, is_open: Callable[[str], bool]) -> None:
        """`is_open` says by name whether errors of a subgraph are shown as they are."""
        self._source = source
        self._is_open = is_open

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch."""
        answers = await self._source.load(asks, context)
        if self._is_open(asks[0].fetch.subgraph) or not any(answer.errors for answer in answers):
            return answers
        return [replace(answer, errors=tuple(map(_redact, answer.errors))) for answer in answers]


def _redact(error: GraphQLError) -> GraphQLError:
    """Keep where it happened, and what the router itself found out about the request."""
    if error.code.startswith("SUBREQUEST_"):
        return error
    return GraphQLError(REDACTED, "DOWNSTREAM_SERVICE_ERROR", error.path)
