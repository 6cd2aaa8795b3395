"""The headers of a request, as the rest of the router sees them."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope

from router.errors import RequestError

Headers = Mapping[str, str]

_SINGLE = frozenset({"authorization", "content-encoding", "content-length", "content-type", "host", "traceparent"})
"""Two of them contradict each other, and what stands before the router may believe the other one."""


def read_headers(scope: Scope) -> dict[str, str]:
    """Decode the headers, names in lower case, lines of one name joined. Raises: RequestError, 400.

    Source: RFC 9110, "Field Lines and Combined Field Value".
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name in headers:
            if name in _SINGLE:
                raise RequestError(f"The header '{name}' is there more than once.")
            value = f"{headers[name]}{'; ' if name == 'cookie' else ', '}{value}"
        headers[name] = value
    return headers
