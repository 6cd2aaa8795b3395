"""What hooks see, and what they may answer. Header names are lower case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from router.request import Bag, Client, Identity

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_HTTP_ERRORS = range(400, 600)


@dataclass(frozen=True, slots=True)
class RequestView:
    """One HTTP request to the GraphQL endpoint, before it is known who asks, and what."""

    method: str
    path: str
    headers: Mapping[str, str]
    client: Client
    address: str | None
    bag: Bag
    """What hooks tell each other: one for an HTTP request, shared by all that follows from it."""


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation that is valid, and allowed so far: next it is planned and runs."""

    name: str | None
    kind: str
    """`query` or `mutation`."""
    document_id: str | None
    """The id that its document was named by."""
    estimated_cost: float | None
    """What demand control estimates, if it is on."""
    identity: Identity | None
    client: Client
    headers: Mapping[str, str]
    bag: Bag


@dataclass(frozen=True, slots=True)
class SubgraphRequestView:
    """One request to a subgraph. Its headers are those that rules gave it; the router's own are not among them."""

    subgraph: str
    kind: str
    query: str
    """The text of the operation."""
    headers: Mapping[str, str]
    client: Client
    bag: Bag


@dataclass(frozen=True, slots=True)
class SubgraphResponseView:
    """What came of one request to a subgraph."""

    subgraph: str
    status: int | None
    """None where no response came, and of a subgraph in this process."""
    headers: Mapping[str, str]
    error_codes: tuple[str, ...]
    duration: timedelta
    bag: Bag


@dataclass(frozen=True, slots=True)
class Change:
    """What the router takes for true of a request instead. A header that is None is taken away."""

    headers: Mapping[str, str | None] = field(default_factory=dict)
    client: Client | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not served; the client reads all of it."""

    message: str
    code: str = "REQUEST_REFUSED"
    status: int = 403

    def __post_init__(self) -> None:
        """Raises: ValueError for what is no error of HTTP, or no code."""
        if self.status not in _HTTP_ERRORS or not _CODE.fullmatch(self.code):
            raise ValueError(f"a refusal needs a status from 400 to 599 and a code such as 'REFUSED': {self}")
