"""What the process holds, and what one request holds."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from subgraphs.kernel.context import Context as RequestContext
from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
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
class Context(RequestContext[State, Loaders]):
    """One request; `reader` reads what is asked for once."""

    reader: SearchReader


Info = strawberry.Info[Context, None]
