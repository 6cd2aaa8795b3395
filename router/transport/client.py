"""Which program asks, by its own account."""

from __future__ import annotations

import re
from collections.abc import Sequence

from router.request import Client, Json
from router.settings.http import ClientIdentity
from router.transport.headers import Headers

_SENSIBLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?")
"""A name goes into headers and logs: printable, and no longer than 128 characters."""


def named_by_headers(headers: Headers, settings: ClientIdentity) -> Client:
    """Read name and version from the headers that the settings list."""
    return Client(_first(headers, settings.name_headers), _first(headers, settings.version_headers))


def named_by_library(extensions: Json) -> Client:
    """Read what Apollo Client says of itself in every request. Source: Apollo Client, "clientAwareness"."""
    library = extensions.get("clientLibrary") if isinstance(extensions, dict) else None
    if not isinstance(library, dict):
        return Client()
    return Client(_sensible(library.get("name")), _sensible(library.get("version")))


def _first(headers: Headers, names: Sequence[str]) -> str | None:
    for name in names:
        if value := headers.get(name):
            return _sensible(value)
    return None


def _sensible(value: Json) -> str | None:
    return value if isinstance(value, str) and _SENSIBLE.fullmatch(value) else None
