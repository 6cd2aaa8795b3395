"""What the process holds, and what one request holds."""

from collections.abc import Mapping
from dataclasses import dataclass

import strawberry

from subgraphs.kernel.context import Context
from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.models.endpoint_client import EndpointClient
from subgraphs.models.loaders import Loaders
from subgraphs.models.serving import Model


@dataclass(frozen=True, slots=True)
class State:
    """What the process holds for all requests."""

    database: Database
    local_models: Mapping[str, Model]
    endpoint_client: EndpointClient
    cursors: Cursors


Info = strawberry.Info[Context[State, Loaders], None]
