"""What a subgraph says of its errors is for its own clients, unless the settings let it through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from router.fetch.source import Answer, Ask, EntitySource
from router.fetch.subgraph_response import SUBGRAPH_ERROR, SubrequestError
from router.request import GraphQLError, RequestContext
from router.settings.subgraphs import ErrorExposure

REDACTED = "Subgraph errors redacted"
SERVICE = "service"


class RedactingSource:
    """An `EntitySource` that takes from errors of subgraphs what clients may not see."""

    def __init__(self, source: EntitySource, exposure_of: Callable[[str], ErrorExposure]) -> None:
        """`exposure_of` says by name how much errors of a subgraph show."""
        self._source = source
        self._exposure_of = exposure_of

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch."""
        answers = await self._source.load(asks, context)
        for answer in answers:
            if answer.errors:
                return self._redacted(answers, asks[0].fetch.subgraph)
        return answers

    def _redacted(self, answers: Sequence[Answer], name: str) -> Sequence[Answer]:
        exposure = self._exposure_of(name)
        return [one._replace(errors=tuple(_shown(error, name, exposure) for error in one.errors)) for one in answers]


def _shown(error: GraphQLError, subgraph: str, exposure: ErrorExposure) -> GraphQLError:
    """Keep where it happened, what the settings let through, and what the router itself found out."""
    service = {SERVICE: subgraph} if exposure.shows(SERVICE) else {}
    if isinstance(error, SubrequestError):
        return replace(error, extensions={**error.extensions, **service})
    return GraphQLError(
        error.message if exposure.message else REDACTED,
        error.code if exposure.shows("code") else SUBGRAPH_ERROR,
        error.path,
        extensions={key: value for key, value in error.extensions.items() if exposure.shows(key)} | service,
    )
