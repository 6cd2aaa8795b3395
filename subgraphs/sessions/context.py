"""What a resolver of this subgraph finds in its context."""

from __future__ import annotations

import strawberry

from subgraphs.kernel.context import Context, Store
from subgraphs.sessions.loaders import Loaders

Info = strawberry.Info[Context[Store, Loaders], None]
