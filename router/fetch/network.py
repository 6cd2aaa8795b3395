"""Subgraphs over HTTP."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from router.fetch.coalesce import Coalesce, LateError
from router.fetch.headers import TokenMinter, passing_headers, steady_headers
from router.fetch.http import (
    MAX_BODY_BYTES,
    Endpoint,
    HttpClient,
    HttpError,
    HttpRequest,
    HttpResponse,
    HttpTimeout,
    ResponseTooLarge,
)
from router.fetch.source import Answer, Ask
from router.fetch.subgraph_request import body_of
from router.fetch.subgraph_response import (
    answers_of,
    malformed,
    refused,
    timed_out,
    unanswered,
    unexpected_patches,
    unreachable,
)
from router.headers.rules import NO_RULES, Rules
from router.operation.model import OperationKind
from router.request import GraphQLError, Json, RequestContext

LOGGER = logging.getLogger(__name__)

MEDIA_TYPES = {"application/json", "application/graphql-response+json"}
SUCCESSFUL = range(200, 300)
HEADERS = {
    "content-type": "application/json",
    "accept": "application/graphql-response+json, application/json;q=0.9",
}


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a subgraph is, and how it is asked there; `deduplicates`: equal queries in flight are one request."""

    endpoint: Endpoint
    client: HttpClient
    max_body_bytes: int = MAX_BODY_BYTES
    deduplicates: bool = True


class Received(NamedTuple):
    """A response, read once for all who wait for it. Its body is None where it is no JSON."""

    status: int
    headers: Sequence[tuple[str, str]]
    media_type: str
    body: Json


class NetworkSource:
    """An `EntitySource` that posts GraphQL requests to the URLs of the subgraphs.

    Source: GraphQL over HTTP, "Request" and "Response".
    """

    def __init__(self, remotes: Mapping[str, Remote], mint: TokenMinter | None = None, rules: Rules = NO_RULES) -> None:
        """Shapes: remotes by name of the subgraph."""
        self._remotes = remotes
        self._mint = mint
        self._rules = rules
        self._in_flight: Coalesce[Hashable, Received] = Coalesce()

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch with one request."""
        name = asks[0].fetch.subgraph
        received = await self._respond(name, asks, context)
        if isinstance(received, GraphQLError):
            self._rules.collect(name, (), context)
            return unanswered(asks, received)
        self._rules.collect(name, received.headers, context)
        if context.exchange is not None:
            context.exchange.status, context.exchange.headers = received.status, received.headers
        return _answers(asks, received)

    async def _respond(self, name: str, asks: Sequence[Ask], context: RequestContext) -> Received | GraphQLError:
        remote = self._remotes.get(name)
        if remote is None:
            return unreachable()
        if context.deadline <= time.monotonic():
            return timed_out()
        try:
            return await self._receive(remote, asks, context)
        except (HttpTimeout, LateError):
            return timed_out()
        except ResponseTooLarge:
            LOGGER.warning("a subgraph answered too much", extra={"subgraph": name})
            return malformed("it is too long")
        except (HttpError, RecursionError) as error:
            LOGGER.warning("a subgraph could not be reached", extra={"subgraph": name, "reason": repr(error)})
            return unreachable()

    def _receive(self, remote: Remote, asks: Sequence[Ask], context: RequestContext) -> Awaitable[Received]:
        """Post a request, or wait for one that is equal: what it says, on whose behalf, and its headers by rules.

        Its trace and the time that it is given are those of the first.
        """
        fetch = asks[0].fetch
        steady, body = steady_headers(fetch.subgraph, context, self._rules), body_of(asks)
        repeatable = fetch.kind is OperationKind.QUERY

        async def send() -> Received:
            headers = {**HEADERS, **steady, **passing_headers(fetch.subgraph, context, self._mint)}
            sent = HttpRequest(headers, body, context.deadline, remote.max_body_bytes, repeatable)
            return _received(await remote.client.post(remote.endpoint, sent))

        if not (repeatable and remote.deduplicates):
            return send()
        caller = context.identity if self._mint else None
        return self._in_flight((fetch.subgraph, body, caller, tuple(steady.items())), send, context.deadline)


def _received(response: HttpResponse) -> Received:
    media_type = (response.header("content-type") or "").partition(";")[0].strip().lower()
    try:
        body = orjson.loads(response.body) if media_type in MEDIA_TYPES else None
    except orjson.JSONDecodeError:
        body = None
    return Received(response.status, response.headers, media_type, body)


def _answers(asks: Sequence[Ask], received: Received) -> list[Answer]:
    body = received.body
    if received.media_type.startswith("multipart/"):
        return unanswered(asks, unexpected_patches())
    if received.status in SUCCESSFUL:
        return answers_of(asks, body) if body is not None else unanswered(asks, malformed("it is not JSON"))
    error = refused(received.status)
    is_graphql = isinstance(body, dict) and bool(body.keys() & {"data", "errors"})
    return answers_of(asks, body, (error,)) if is_graphql else unanswered(asks, error)
