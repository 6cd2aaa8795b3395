"""GraphQL over HTTP: one operation a request, one response. Source: GraphQL over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from router.errors import ClientError, InternalError
from router.request import GraphQLRequest, RequestContext, Response
from router.transport.negotiate import JSON, negotiate
from router.transport.read import ClientGone, Headers, read_headers, read_request
from router.transport.write import write_response

log = logging.getLogger(__name__)

Answer = Callable[[GraphQLRequest, RequestContext], Awaitable[Response]]
ContextOf = Callable[[Headers], Awaitable[RequestContext]]


class GraphQLOverHTTP:
    """The GraphQL endpoint: who asks is proved before what is asked is read."""

    def __init__(self, answer: Answer, context_of: ContextOf) -> None:
        self._answer = answer
        self._context_of = context_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = read_headers(scope)
        media_type = JSON
        try:
            media_type = negotiate(headers.get("accept", ""))
            context = await self._context_of(headers)
            response = await self._answer(await read_request(scope, headers, receive), context)
        except ClientGone:
            return
        except ClientError as error:
            response = error.to_response()
        except Exception:
            log.exception("request failed")
            response = InternalError().to_response()
        await write_response(send, response, media_type)
