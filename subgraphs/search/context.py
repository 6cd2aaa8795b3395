"""What the process holds, and what one request holds."""

from __future__ import annotations

from dataclasses import dataclass

from strawberry.types import Info as StrawberryInfo

from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.kernel.errors import Unauthenticated
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.search.embedding import Embedding
from subgraphs.search.loaders import Loaders
from subgraphs.search.store import SearchReader
from subgraphs.search.vectors import VectorIndex


@dataclass(frozen=True, slots=True)
class State:
    """What the process holds for all requests."""

    database: Database
    index: VectorIndex
    embedding: Embedding
    services: ServiceClient
    cursors: Cursors


@dataclass(frozen=True, slots=True)
class Context:
    """What one request holds."""

    state: State
    token: InternalToken | None
    reader: SearchReader
    loaders: Loaders

    @property
    def caller(self) -> InternalToken:
        """Answer who asks. Raises: Unauthenticated."""
        if self.token is None:
            raise Unauthenticated
        return self.token


Info = StrawberryInfo[Context, None]
