"""Names of headers in the settings, and those that are not theirs to change."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Source: RFC 9110, "Connection"; RFC 9112, "Transfer-Encoding"."""

OF_THE_BODY = frozenset({"content-encoding", "content-length", "content-type"})
OF_REQUESTS = HOP_BY_HOP | OF_THE_BODY | {"accept", "accept-encoding", "expect", "fedra-deadline", "host"}
"""What a request to a subgraph says of itself."""
OF_RESPONSES = HOP_BY_HOP | OF_THE_BODY | {"date", "server", "vary", "x-request-id"}
"""What the router's answer says of itself; so does everything that begins with `access-control-`."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")


def is_of_responses(name: str) -> bool:
    """Whether no subgraph decides about this header of an answer."""
    return name in OF_RESPONSES or name.startswith("access-control-")


def _check_name(value: str) -> str:
    name = value.lower()
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{value}' is no name of a header")
    return name


HeaderName = Annotated[str, AfterValidator(_check_name)]
