"""Media types of GraphQL over HTTP: which one a client is answered in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from router.errors import RequestError
from router.transport.qualities import quality

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"

_OFFERED = (RESPONSE_JSON, JSON)
"""In the order in which we prefer them where the client names both."""


@lru_cache(maxsize=128)
def negotiate(accept: str) -> str:
    """Choose the media type of the response; whoever takes anything gets `application/json`.

    Raises: RequestError, 406. Source: GraphQL over HTTP, "Accept"; RFC 9110, "Accept".
    """
    best, best_rank = None, (0.0, 0)
    for media_type, weight in _ranges(accept or "*/*"):
        chosen, specificity = _match(media_type)
        rank = (weight, specificity)
        if chosen and weight and rank > best_rank:
            best, best_rank = chosen, rank
    if best is None:
        raise RequestError(
            f"Responses are '{RESPONSE_JSON}' or '{JSON}'; 'accept' allows neither.", "NOT_ACCEPTABLE", 406
        )
    return best


def _match(media_type: str) -> tuple[str | None, int]:
    """Say what a media range gets from us, and how specific it is."""
    if media_type in _OFFERED:
        return media_type, 4 - _OFFERED.index(media_type)
    return (JSON, 1) if media_type in {"*/*", "application/*"} else (None, 0)


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = dict(parameter.partition("=")[::2] for parameter in parameters)
        if given.get("charset", "utf-8").strip('"') in {"utf-8", "utf8"}:
            yield media_type, quality(given.get("q", "1"))
