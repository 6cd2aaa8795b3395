"""From an HTTP request to a GraphQLRequest."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from router.errors import RequestError
from router.request import GraphQLRequest, Json
from router.transport.negotiate import JSON

Headers = Mapping[str, str]


class ClientGone(Exception):
    """The client left before its request was read; nobody is there to answer."""


def read_headers(scope: Scope) -> dict[str, str]:
    """Decode the headers, names in lower case; of a repeated one the last."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def read_request(scope: Scope, headers: Headers, receive: Receive) -> GraphQLRequest:
    """Read what a client asks. Raises: RequestError, ClientGone. Source: GraphQL over HTTP, "Request"."""
    if scope["method"] == "GET":
        return _read_get(scope["query_string"])
    if scope["method"] == "POST":
        _check_content_type(headers.get("content-type"))
        return _read_parameters(_decode(await read_body(receive), "The body"), safe=False)
    raise RequestError("GraphQL is asked by POST, or by GET.", "METHOD_NOT_ALLOWED", 405, allow="GET, POST")


async def read_body(receive: Receive) -> bytes:
    """Receive the whole body. Raises: ClientGone."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _read_get(query_string: bytes) -> GraphQLRequest:
    given: dict[str, Json] = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = _decode(given[name].encode(), f"The parameter '{name}'")
    return _read_parameters({name: value for name, value in given.items() if value != ""}, safe=True)


def _check_content_type(content_type: str | None) -> None:
    media_type, *parameters = (piece.strip().lower() for piece in (content_type or "").split(";"))
    charsets = [one.removeprefix("charset=").strip('"') for one in parameters if one.startswith("charset=")]
    if media_type != JSON or any(one not in {"utf-8", "utf8"} for one in charsets):
        raise RequestError(f"The body must be '{JSON}', in UTF-8.", "UNSUPPORTED_MEDIA_TYPE", 415)


def _decode(text: bytes, what: str) -> Json:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(f"{what} is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error


def _read_parameters(given: Json, *, safe: bool) -> GraphQLRequest:
    if isinstance(given, list):
        raise RequestError("Batches are not supported: send one operation a request.", "BATCHING_NOT_ENABLED")
    if not isinstance(given, dict):
        raise RequestError("A request is a JSON object with a 'query'.")
    if "query" not in given:
        raise RequestError("The request has no 'query'.")
    return GraphQLRequest(
        query=_take(given, "query", str, "a string"),
        operation_name=_take(given, "operationName", str | None, "a string"),
        variables=_take(given, "variables", dict | None, "an object") or {},
        extensions=_take(given, "extensions", dict | None, "an object") or {},
        safe=safe,
    )


def _take(given: Mapping[str, Json], name: str, kind: object, called: str) -> Json:
    value = given.get(name)
    if not isinstance(value, kind):  # type: ignore[arg-type]  # a type or a union of types
        raise RequestError(f"The parameter '{name}' must be {called}.")
    return value
