"""Subgraphs over HTTP."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

import orjson

from router.fetch.connection_pool import MAX_BODY_BYTES, ConnectionPool
from router.fetch.headers import TokenMinter, headers_for
from router.fetch.http1 import ConnectionDied, Endpoint, HttpError, HttpResponse, HttpTimeout, ResponseTooLarge
from router.fetch.source import Answer, Ask
from router.fetch.subgraph_request import SubgraphRequest, request_of
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
from router.json_text import encode_json
from router.operation.model import OperationKind
from router.request import GraphQLError, Json, RequestContext

LOGGER = logging.getLogger(__name__)

MEDIA_TYPES = {"application/json", "application/graphql-response+json"}
HEADERS = {
    "content-type": "application/json",
    "accept": "application/graphql-response+json, application/json;q=0.9",
}


class NetworkSource:
    """An `EntitySource` that posts GraphQL requests to the URLs of the subgraphs.

    Source: GraphQL over HTTP, "Request" and "Response".
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        pool: ConnectionPool | None = None,
        mint: TokenMinter | None = None,
        rules: Rules = NO_RULES,
        max_bytes_of: Callable[[str], int] = lambda _: MAX_BODY_BYTES,
    ) -> None:
        """`max_bytes_of` says by name how long a response may be. Raises: `ValueError` for what is no URL.

        Shapes: urls by name of the subgraph, overrides applied.
        """
        self._endpoints = {name: Endpoint.of(url) for name, url in urls.items()}
        self._pool = pool or ConnectionPool()
        self._mint = mint
        self._rules = rules
        self._max_bytes_of = max_bytes_of

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        """Answer every ask of one fetch with one request."""
        name = asks[0].fetch.subgraph
        response = await self._respond(name, asks, context)
        if isinstance(response, GraphQLError):
            self._rules.collect(name, (), context)
            return unanswered(asks, response)
        self._rules.collect(name, response.headers, context)
        if context.exchange is not None:
            context.exchange.status, context.exchange.headers = response.status, response.headers
        return _read(asks, response)

    async def _respond(self, name: str, asks: Sequence[Ask], context: RequestContext) -> HttpResponse | GraphQLError:
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            return unreachable()
        if context.deadline <= time.monotonic():
            return timed_out()
        request = request_of(asks, HEADERS | headers_for(name, context, self._mint, self._rules))
        try:
            return await self._send(endpoint, request, context.deadline)
        except HttpTimeout:
            return timed_out()
        except ResponseTooLarge:
            LOGGER.warning("a subgraph answered too much", extra={"subgraph": name})
            return malformed("it is too long")
        except (HttpError, RecursionError) as error:
            LOGGER.warning("a subgraph could not be reached", extra={"subgraph": name, "reason": repr(error)})
            return unreachable()

    def close(self) -> None:
        """Drop idle connections."""
        self._pool.close()

    async def _send(self, endpoint: Endpoint, request: SubgraphRequest, deadline: float) -> HttpResponse:
        """Post once; a query again on a fresh connection if the kept one turned out to be closed."""
        body = encode_json(_body(request))
        while True:
            try:
                most = self._max_bytes_of(request.subgraph)
                return await self._pool.post(endpoint, request.headers, body, deadline, most)
            except ConnectionDied:
                if request.kind is not OperationKind.QUERY:
                    raise


def _body(request: SubgraphRequest) -> dict[str, Json]:
    body: dict[str, Json] = {"query": request.query}
    if request.operation_name is not None:
        body["operationName"] = request.operation_name
    if request.variables:
        body["variables"] = request.variables
    return body


def _read(asks: Sequence[Ask], response: HttpResponse) -> list[Answer]:
    succeeded = HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
    media_type = (response.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type.startswith("multipart/"):
        return unanswered(asks, unexpected_patches())
    try:
        body = orjson.loads(response.body) if media_type in MEDIA_TYPES else None
    except orjson.JSONDecodeError:
        body = None
    if succeeded:
        return answers_of(asks, body) if body is not None else unanswered(asks, malformed("it is not JSON"))
    error = refused(response.status)
    is_graphql = isinstance(body, dict) and bool(body.keys() & {"data", "errors"})
    return answers_of(asks, body, (error,)) if is_graphql else unanswered(asks, error)
