"""What a resolver of this subgraph finds in its context."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.kernel.errors import Unauthenticated
from subgraphs.kernel.identity import InternalToken
from subgraphs.sessions.loaders import Loaders


@dataclass(frozen=True, slots=True)
class Context:
    """One request."""

    database: Database
    cursors: Cursors
    token: InternalToken | None
    loaders: Loaders

    @property
    def caller(self) -> InternalToken:
        """Who asks. Raises: Unauthenticated without a token."""
        if self.token is None:
            raise Unauthenticated
        return self.token


Info = strawberry.Info[Context, None]
