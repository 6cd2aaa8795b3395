"""What a resolver finds in its context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.kernel.errors import Unauthenticated
from subgraphs.kernel.identity import InternalToken

State = TypeVar("State")
Loaders = TypeVar("Loaders")


@dataclass(frozen=True, slots=True)
class Store:
    """The state of a subgraph that has nothing but its store."""

    database: Database
    cursors: Cursors


@dataclass(frozen=True, slots=True)
class Context(Generic[State, Loaders]):
    """One request: what the process holds for all of them, who asks, and what is loaded for it, each thing once."""

    state: State
    token: InternalToken | None
    loaders: Loaders

    @property
    def caller(self) -> InternalToken:
        """Who asks. Raises: Unauthenticated without a token."""
        if self.token is None:
            raise Unauthenticated
        return self.token
