"""Python schemas mounted in the router's process."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from copy import deepcopy
from inspect import isawaitable
from typing import Any, Protocol

from cachetools import LRUCache
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, execute, parse, validate

from router.fetch.in_process import Subgraph
from router.fetch.subgraph_request import SubgraphRequest
from router.request import Json

log = logging.getLogger(__name__)


class Result(Protocol):
    """What came of an execution."""

    @property
    def data(self) -> Json: ...
    @property
    def errors(self) -> Sequence[GraphQLError] | None: ...
    @property
    def extensions(self) -> Mapping[str, Json] | None: ...


class MountedSchema:
    """A schema of graphql-core. Its resolvers get the request, with its headers, as their context."""

    def __init__(self, schema: GraphQLSchema, capacity: int = 1_000) -> None:
        self._schema = schema
        self._documents: LRUCache[str, DocumentNode | list[GraphQLError]] = LRUCache(capacity)

    async def __call__(self, request: SubgraphRequest, root: Mapping[str, Any] | None = None) -> Mapping[str, Json]:
        """Answer one request; `root` holds values or resolvers of the root fields."""
        document = self._read(request.query)
        if isinstance(document, list):
            return to_body(ExecutionResult(None, document))
        result = execute(
            self._schema,
            document,
            root,
            context_value=request,
            variable_values=deepcopy(dict(request.variables)),  # resolvers may change it
            operation_name=request.operation_name,
        )
        return to_body(await result if isawaitable(result) else result)

    def _read(self, query: str) -> DocumentNode | list[GraphQLError]:
        found = self._documents.get(query)
        if found is None:
            document = parse(query, no_location=True)
            found = self._documents[query] = validate(self._schema, document) or document
        return found


def mount(schema: object) -> Subgraph:
    """Make a subgraph of a schema of graphql-core or Strawberry, resolvers async all through. Raises: TypeError."""
    if isinstance(schema, GraphQLSchema):
        return MountedSchema(schema)
    execute_text = getattr(schema, "execute", None)
    if execute_text is None:
        raise TypeError(f"a {type(schema).__name__} is no GraphQL schema")

    async def answer(request: SubgraphRequest) -> Mapping[str, Json]:
        """Answer by a schema of Strawberry."""
        result = await execute_text(
            request.query,
            variable_values=deepcopy(dict(request.variables)),  # Strawberry takes `__typename` out
            context_value=request,
            operation_name=request.operation_name,
        )
        return to_body(result)

    return answer


def to_body(result: Result) -> Mapping[str, Json]:
    """Write a result as a response; what was not raised to be read is logged and masked."""
    body: dict[str, Json] = {"data": result.data}
    if result.errors:
        body["errors"] = [_shown(error) for error in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def _shown(error: GraphQLError) -> Json:
    raised = error.original_error
    if raised is None or isinstance(raised, GraphQLError):
        return error.formatted
    log.error("a resolver in this process failed", exc_info=raised)
    masked = {"message": "Internal server error.", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
    return masked if error.path is None else {**masked, "path": error.path}
