"""What the process holds, and what one request holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from strawberry.types import Info as StrawberryInfo

from subgraphs.kernel.cursor import Cursors
from subgraphs.kernel.database import Database
from subgraphs.kernel.identity import InternalToken
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


@dataclass(frozen=True, slots=True)
class Context:
    """What one request holds."""

    state: State
    token: InternalToken | None
    loaders: Loaders


Info = StrawberryInfo[Context, None]
