"""The headers of a request to a subgraph."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from router.headers.rules import NO_RULES, Rules
from router.request import RequestContext
from router.telemetry.spans import trace_headers

TokenMinter = Callable[[str, RequestContext], str | None]
"""Makes the internal token for a subgraph, on behalf of the identity of a context; None sends none."""


def changed(headers: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """Set what has a value, take away what has none."""
    merged = {**headers, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def headers_for(
    subgraph: str, context: RequestContext, mint: TokenMinter | None, rules: Rules = NO_RULES
) -> dict[str, str]:
    """Say what rules and hooks say, and over it who asks, until when, and in which trace. Shapes: lower-case names."""
    return steady_headers(subgraph, context, rules) | passing_headers(subgraph, context, mint)


def steady_headers(subgraph: str, context: RequestContext, rules: Rules) -> dict[str, str]:
    """Say what rules and hooks say: alike for requests that are alike."""
    headers = rules.to_subgraph(subgraph, context)
    return headers if context.exchange is None else changed(headers, context.exchange.changes)


def passing_headers(subgraph: str, context: RequestContext, mint: TokenMinter | None) -> dict[str, str]:
    """Say who asks, until when, and in which trace. Units: `fedra-deadline` in ms left."""
    headers = {"fedra-deadline": str(max(0, int((context.deadline - time.monotonic()) * 1000))), **trace_headers()}
    token = mint(subgraph, context) if mint else None
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    return headers
