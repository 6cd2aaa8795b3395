"""One operation against a Strawberry schema: executed, its errors coded, its touched tags told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.federation import Schema
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult

from subgraphs.kernel.errors import SubgraphError
from subgraphs.kernel.request_scope import RequestScope

Json = Any

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for. Source: GraphQL over HTTP, "Request Parameters"."""

    query: str
    variables: Mapping[str, Json]
    name: str | None

    @classmethod
    def of(cls, body: Json) -> Operation:
        """Read a request body. Raises: MalformedRequest."""
        if not isinstance(body, dict) or not isinstance(body.get("query"), str) or not body["query"]:
            raise MalformedRequest("The body must be a JSON object with a text 'query'.")
        variables, name = body.get("variables") or {}, body.get("operationName")
        if not isinstance(variables, dict) or not isinstance(name, str | None):
            raise MalformedRequest("'variables' must be an object, 'operationName' a text.")
        return cls(body["query"], variables, name)


class MalformedRequest(SubgraphError):
    """The request is not one of GraphQL over HTTP."""

    code = "BAD_REQUEST"
    status = 400


class UnknownOperation(SubgraphError):
    """The document has no operation of the name, or several, and none is named. Source: GraphQL, "GetOperation"."""

    code = "OPERATION_RESOLUTION_FAILURE"
    status = 400

    def __init__(self, name: str | None) -> None:
        unnamed = "The document must have one operation, or 'operationName' name one of them."
        super().__init__(unnamed if name is None else f"Unknown operation '{name}'.")


class DeadlineExceeded(SubgraphError):
    """The time the caller gave is over."""

    code = "REQUEST_TIMEOUT"
    status = 504


async def execute(
    schema: Schema, operation: Operation, context: object, scope: RequestScope, seconds: float | None
) -> dict[str, Json]:
    """Run an operation within a time; the response as JSON. Raises: UnknownOperation, DeadlineExceeded."""
    try:
        async with asyncio.timeout(seconds):
            result = await schema.execute(
                operation.query,
                variable_values=dict(operation.variables),
                operation_name=operation.name,
                context_value=context,
            )
    except CannotGetOperationTypeError as error:
        raise UnknownOperation(operation.name) from error
    except TimeoutError as error:
        raise DeadlineExceeded("The deadline of the request has passed.") from error
    if not isinstance(result, ExecutionResult):
        raise MalformedRequest("Subscriptions and deferred parts are not served here.")
    return to_json(result, scope)


def to_json(result: ExecutionResult, scope: RequestScope) -> dict[str, Json]:
    """Write a response. Source: GraphQL, "Response Format"."""
    executed = result.data is not None or any(error.path is not None for error in result.errors or ())
    response: dict[str, Json] = {"data": result.data} if executed else {}
    if result.errors:
        response["errors"] = [error_to_json(error) for error in result.errors]
    if scope.touched:
        response["extensions"] = {"fedra": {"touched": sorted(scope.touched)}}
    return response


def error_to_json(error: GraphQLError) -> dict[str, Json]:
    """Write an error with its code; what we did not expect is logged in full and shown without detail."""
    entry: dict[str, Json] = {**error.formatted}
    cause = error.original_error
    if error.path is None:
        code = "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "GRAPHQL_VALIDATION_FAILED"
    elif cause is None or isinstance(cause, GraphQLError):
        code = "BAD_USER_INPUT"
    elif isinstance(cause, SubgraphError):
        code = cause.code
    else:
        logger.error("field failed", exc_info=cause, extra={"path": error.path})
        code, entry["message"] = "INTERNAL_SERVER_ERROR", "Internal server error."
    entry["extensions"] = {"code": code, **(error.extensions or {})}
    return entry
