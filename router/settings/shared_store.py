"""A store that the routers of a fleet share."""

from __future__ import annotations

from datetime import timedelta

from pydantic import SecretStr

from router.settings.values import Branch, Duration


class Redis(Branch):
    """A Redis or Valkey that all routers of a fleet share. While it is slow or gone, each goes on alone."""

    url: SecretStr
    """`redis://` or `rediss://`, `unix://`; with user and password where it wants them."""
    timeout: Duration = timedelta(milliseconds=20)
    """Time given to one exchange; past it the store is left alone for `retry_after`."""
    retry_after: Duration = timedelta(seconds=5)
    """How long a store that failed is not asked."""
    prefix: str = "fedra"
    """First part of every key."""
