"""From which address a request came."""

from __future__ import annotations

from starlette.types import Scope

from router.transport.headers import Headers


def address_of(scope: Scope, headers: Headers, trusted_proxies: int) -> str | None:
    """Name the client's address: that of the connection, or, behind proxies of ours, what the outermost one saw.

    Every proxy adds an address at the end of `x-forwarded-for`; what stands before ours, anybody may have written.
    """
    client = scope.get("client")
    connected = str(client[0]) if client else None
    if not trusted_proxies:
        return connected
    seen = [one.strip() for one in headers.get("x-forwarded-for", "").split(",") if one.strip()]
    return seen[-trusted_proxies] if len(seen) >= trusted_proxies else connected
