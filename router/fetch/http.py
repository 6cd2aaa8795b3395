"""Requests over HTTP, however they travel: where they go, what comes back, how they fail."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

MAX_BODY_BYTES = 64_000_000


class HttpError(Exception):
    """No response: the connection could not be made or broke, or what came is no HTTP."""


class ConnectionDied(HttpError):
    """The server closed a connection it had kept alive before a byte of the response came: safe to ask again."""


class HttpTimeout(HttpError):
    """The deadline passed before the response was whole."""


class ResponseTooLarge(HttpError):
    """The body, or the headers together, are larger than the limit."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, read once from a URL."""

    host: str
    port: int
    target: str
    authority: str
    tls: bool

    @classmethod
    def of(cls, url: str) -> Endpoint:
        """Raises: `ValueError` for anything but an http or https URL."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or " " in url:
            raise ValueError(f"'{url}' is no http or https URL.")
        tls = parts.scheme == "https"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        authority = parts.netloc.rpartition("@")[2]
        return cls(parts.hostname, parts.port or (443 if tls else 80), target, authority, tls)


@dataclass(slots=True)
class HttpResponse:
    """A response, whole. Header names are lower case; a header of several lines is several pairs."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Find a header that is there once."""
        for found, value in self.headers:
            if found == name:
                return value
        return None


class HttpRequest(NamedTuple):
    """What is posted. A `repeatable` one is sent again if a connection that was kept alive turned out to be closed.

    Units: deadline in seconds of `time.monotonic`; the length of a body is limited as it comes, and inflated.
    """

    headers: Mapping[str, str]
    body: bytes
    deadline: float
    max_body_bytes: int = MAX_BODY_BYTES
    repeatable: bool = False


class HttpClient(Protocol):
    """What posts requests. Redirects are responses like any others."""

    async def post(self, endpoint: Endpoint, request: HttpRequest) -> HttpResponse:
        """Send one request. Raises: `HttpError`."""
        ...

    def close(self) -> Awaitable[None] | None:
        """Drop idle connections."""
        ...


_ILLEGAL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def check_headers(headers: Mapping[str, str]) -> None:
    """Refuse what would end a header before its end. Raises: HttpError."""
    text = "".join([*headers, *headers.values()])
    if not text.isprintable() and _ILLEGAL.search(text):
        raise HttpError("illegal header")
