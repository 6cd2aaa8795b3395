"""From an HTTP request to the parameters in it: an object, or a list of them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from router.errors import RequestError
from router.request import Json
from router.transport.body import read_body
from router.transport.headers import Headers
from router.transport.negotiate import JSON


async def read_given(scope: Scope, headers: Headers, receive: Receive, max_bytes: int) -> Json:
    """Read what a client asks. Raises: RequestError, ClientGone. Source: GraphQL over HTTP, "Request"."""
    if scope["method"] == "GET":
        return _read_get(scope["query_string"])
    if scope["method"] == "POST":
        if not _is_json(headers.get("content-type", "")):
            raise RequestError(f"The body must be '{JSON}', in UTF-8.", "UNSUPPORTED_MEDIA_TYPE", 415)
        return _decode(await read_body(headers, receive, max_bytes), "The body")
    raise RequestError("GraphQL is asked by POST, or by GET.", "METHOD_NOT_ALLOWED", 405, allow="GET, POST")


def _read_get(query_string: bytes) -> dict[str, Json]:
    given: dict[str, Json] = dict(parse_qsl(query_string.decode("latin-1")))  # an empty value says nothing
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _decode(given[name].encode(), f"The parameter '{name}'")
    return given


@lru_cache(maxsize=128)
def _is_json(content_type: str) -> bool:
    media_type, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    charsets = [one.removeprefix("charset=").strip('"') for one in parameters if one.startswith("charset=")]
    return media_type == JSON and all(one in {"utf-8", "utf8"} for one in charsets)


def _decode(text: bytes, what: str) -> Json:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(f"{what} is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error
