"""How GraphQL goes over HTTP: batches, compression, and who asks by their own account."""

from __future__ import annotations

from typing import Literal

from router.settings.header_names import HeaderName
from router.settings.values import Branch, Count


class Batching(Branch):
    """Several operations in one request: a JSON array, answered by one."""

    enabled: bool = False
    """Whether a client may send several operations in one request."""
    mode: Literal["batch_http_link"] = "batch_http_link"
    """How they are sent: an array in the body, as `BatchHttpLink` of Apollo Client does. There is no other way."""
    maximum_size: Count = 10
    """Operations in one request."""


class Compression(Branch):
    """Compression of answers, gzip or deflate, for clients that accept it."""

    enabled: bool = True
    """Whether answers are compressed for clients that accept it."""
    min_bytes: Count = 1_400
    """Length of the shortest answer that is; one that fits a packet gains nothing."""


class ClientIdentity(Branch):
    """Where clients say which program they are. Apollo Client's `extensions.clientLibrary` is taken if no header is."""

    name_headers: tuple[HeaderName, ...] = ("apollographql-client-name", "graphql-client-name")
    """Headers with the name of the client; the first that is there counts."""
    version_headers: tuple[HeaderName, ...] = ("apollographql-client-version", "graphql-client-version")
    """Headers with its version."""
