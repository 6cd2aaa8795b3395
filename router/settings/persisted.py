"""Documents that are known before they are asked."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from router.settings.marks import Followed
from router.settings.shared_store import Redis
from router.settings.values import Branch, Count, Duration


class Apq(Branch):
    """Automatic persisted queries: clients send a hash for a text that was sent once."""

    enabled: bool = True
    """Whether texts are learnt from clients."""
    max_documents: Count = 10_000
    """Texts remembered by one process, the most recently used."""
    max_bytes: Count = 32_000_000
    """What they may take together."""
    redis: Redis | None = None
    """Where routers share them."""
    redis_ttl: Duration = timedelta(hours=24)
    """How long a text stays there after it was last sent."""


class PersistedMode(StrEnum):
    """What registered documents are for."""

    OFF = "off"
    AUDIT = "audit"
    SAFELIST = "safelist"
    REQUIRE_ID = "require_id"


class Manifest(Branch):
    """A file of registered documents, as Apollo's tools, Relay's compiler or graphql-codegen write it."""

    file: Annotated[Path, Followed()]
    """The manifest; followed when it changes."""
    client: str | None = None
    """Name of the client that its documents belong to; none given: they are everybody's."""


class PersistedQueries(Branch):
    """Trusted documents: registered with the router before any client asks for them."""

    mode: PersistedMode = PersistedMode.OFF
    """`off`: registered documents may be asked by id. `audit`: other texts are logged. `safelist`: they are refused. \
`require_id`: every text is refused, only ids are served."""
    manifests: tuple[Manifest, ...] = ()
    """Where they are registered."""
    parameters: tuple[str, ...] = Field(default=("id", "doc_id"))
    """Parameters of a request that hold an id, after `documentId` and `extensions.persistedQuery.sha256Hash`."""
