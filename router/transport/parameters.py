"""From the parameters of a request, decoded, to a GraphQLRequest. Source: GraphQL over HTTP, "Request Parameters"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from router.errors import RequestError
from router.request import GraphQLRequest, Json
from router.transport.document_ids import read_document_ids


@dataclass(frozen=True, slots=True)
class ParameterReader:
    """Reads one operation; `id_names` are the parameters besides `documentId` that may name its document."""

    id_names: tuple[str, ...] = ()

    def read(self, given: Json, *, safe: bool = False, path_id: str | None = None) -> GraphQLRequest:
        """Read what a client sent, or what its URL says. Raises: RequestError."""
        if not isinstance(given, dict):
            raise RequestError("A request is a JSON object with a 'query'.")
        operation_name = _take(given, "operationName", str, "a string")
        variables = _take(given, "variables", dict, "an object") or {}
        extensions = _take(given, "extensions", dict, "an object") or {}
        ids = read_document_ids(given, self.id_names, path_id)
        query = given.get("query")
        if query is None and ids.document_id is None:
            raise RequestError("The request has no 'query'.")
        if query is not None and not isinstance(query, str):
            raise RequestError("The parameter 'query' must be a string.")
        return GraphQLRequest(query, operation_name, variables, extensions, safe, ids.document_id, ids.sha256_hash)


def _take(given: Mapping[str, Json], name: str, kind: type, called: str) -> Json:
    value = given.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise RequestError(f"The parameter '{name}' must be {called}.")
