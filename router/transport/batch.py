"""Several operations in one HTTP request. Source: Apollo Client, `BatchHttpLink`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from router.errors import RequestError
from router.request import GraphQLRequest, Json, RequestContext, Response
from router.settings.http import Batching
from router.transport.parameters import ParameterReader

Answer = Callable[[GraphQLRequest, RequestContext], Awaitable[Response]]


def check_batch(entries: Sequence[Json], settings: Batching) -> None:
    """Let a batch in, or not. Raises: RequestError."""
    if not settings.enabled:
        raise RequestError(
            "Batches are not enabled: send one operation a request. 'batching.enabled: true' in the router's "
            "configuration lets clients send several.",
            "BATCHING_NOT_ENABLED",
        )
    if not entries:
        raise RequestError("The batch is empty.")
    if len(entries) > settings.maximum_size:
        raise RequestError(
            f"The batch has {len(entries)} operations; 'batching.maximum_size' allows {settings.maximum_size}.",
            "BATCH_LIMIT_EXCEEDED",
            422,
        )


async def answer_batch(
    entries: Sequence[Json], context: RequestContext, parameters: ParameterReader, answer: Answer
) -> list[Response]:
    """Answer every operation on its own, all at once. Shapes: responses in the order of the entries."""

    async def one(entry: Json) -> Response:
        try:
            return await answer(parameters.read(entry), context)
        except RequestError as error:
            return error.to_response()

    async with asyncio.TaskGroup() as group:  # a client that leaves takes all of them along
        tasks = [group.create_task(one(entry)) for entry in entries]
    return [task.result() for task in tasks]


def status_of(responses: Sequence[Response], *, plain: bool) -> int:
    """Give the status that all of them have, or else 200: each has told in its body what went wrong."""
    statuses = {one.json_status if plain else one.status for one in responses}
    return statuses.pop() if len(statuses) == 1 else 200


def headers_of(responses: Sequence[Response]) -> Sequence[tuple[str, str]]:
    """Give the headers of all; where they differ, what the last one says."""
    if len(responses) == 1:
        return responses[0].headers
    return list(dict(pair for one in responses for pair in one.headers).items())
