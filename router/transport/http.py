"""GraphQL over HTTP: one request, or a batch, and its response. Source: GraphQL over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.types import Receive, Scope, Send

from router.errors import ClientError, InternalError
from router.fetch.deadlines import Deadlines
from router.headers.merge import merge
from router.request import RequestContext, Response
from router.settings.http import Batching, Compression
from router.transport.attention import Attention
from router.transport.batch import Answer, answer_batch, check_batch
from router.transport.body import ClientGone
from router.transport.client import named_by_library
from router.transport.headers import Headers, read_headers
from router.transport.negotiate import JSON, negotiate
from router.transport.parameters import ParameterReader
from router.transport.read import read_given
from router.transport.write import Writer

log = logging.getLogger(__name__)

ContextOf = Callable[[Scope, Headers], Awaitable[RequestContext]]


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """What the settings say of the endpoint."""

    max_body_bytes: int
    batching: Batching
    compression: Compression
    parameters: ParameterReader


class GraphQLOverHTTP:
    """The GraphQL endpoint: who asks is proved before what is asked is read."""

    def __init__(self, answer: Answer, context_of: ContextOf, options: HttpOptions) -> None:
        self._answer = answer
        self._context_of = context_of
        self._options = options
        self._write = Writer(options.compression)
        self._deadlines = Deadlines()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a client that leaves is not answered."""
        headers: Headers = {}
        media_type = JSON
        response: Response | list[Response]
        collected: list[tuple[str, str]] = []
        try:
            headers = read_headers(scope)
            media_type = negotiate(headers.get("accept", ""))
            context = await self._context_of(scope, headers)
            response = await self._respond(scope, headers, receive, context)
            collected = merge(context.collected)
        except ClientGone:
            return
        except ClientError as error:
            response = error.to_response()
        except Exception:
            log.exception("request failed")
            response = InternalError().to_response()
        await self._write(send, response, media_type, headers.get("accept-encoding", ""), collected)

    async def _respond(
        self, scope: Scope, headers: Headers, receive: Receive, context: RequestContext
    ) -> Response | list[Response]:
        options = self._options
        with Attention(receive, self._deadlines, context.deadline) as attention:
            given = await read_given(scope, headers, receive, options.max_body_bytes)
            attention.turn_to_answer()
            if isinstance(given, list):
                check_batch(given, options.batching)
                return await answer_batch(given, _with_library(context, given[0]), options.parameters, self._answer)
            path_id = scope.get("path_params", {}).get("document_id")
            request = options.parameters.read(given, safe=scope["method"] == "GET", path_id=path_id)
            return await self._answer(request, _with_library(context, given))


def _with_library(context: RequestContext, given: object) -> RequestContext:
    """Name a client that did not name itself after the library that it uses, if it says that."""
    if context.client.name is not None or not isinstance(given, dict) or not given.get("extensions"):
        return context
    return replace(context, client=named_by_library(given["extensions"]))
