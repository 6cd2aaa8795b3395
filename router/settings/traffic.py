"""How much traffic there may be, and how long exchanges may take."""

from __future__ import annotations

from datetime import timedelta

from router.settings.mode import Mode
from router.settings.per_subgraph import PerSubgraph
from router.settings.values import Branch, Count, Duration


class Concurrency(Branch):
    """How many requests one worker answers at a time; further ones are sent away at once, before it slows down."""

    mode: Mode = Mode.ENFORCE
    """Whether requests past the limit are refused, or only logged."""
    limit: Count = 1_000
    """Requests under way."""
    retry_after: Duration = timedelta(seconds=1)
    """When clients are told to come back."""


class RouterShaping(Branch):
    """Exchanges with clients."""

    timeout: Duration = timedelta(seconds=30)
    """Time given to the whole of a client's request; subgraphs are told what is left of it."""
    deduplicate_query: bool = False
    """Whether queries of clients that are equal in all that their answer depends on are run once while the first is \
under way."""
    concurrency: Concurrency = Concurrency()


class Connections(Branch):
    """Connections to the servers of subgraphs."""

    max_connections: Count = 256
    """Connections of one worker to one server, by host and port; further requests wait for their turn."""
    connect_timeout: Duration = timedelta(seconds=5)
    """Time to make a connection."""
    http2: bool = True
    """Whether servers behind TLS are asked for HTTP/2."""
    pool_idle_timeout: Duration = timedelta(seconds=4)
    """How long a connection is kept that nobody uses; best shorter than the server keeps it."""


class SubgraphShaping(Connections):
    """Exchanges with subgraphs."""

    timeout: Duration = timedelta(seconds=30)
    """Time given to one request to a subgraph; never more than what is left of the client's."""
    deduplicate_query: bool = True
    """Whether queries that are equal, on behalf of the same caller and with the same headers, are sent once while the \
first is under way."""
    max_response_bytes: Count = 64_000_000
    """Length of one answer, as it comes and inflated; a longer one counts as malformed, and is not read to its end."""

    @property
    def connections(self) -> Connections:
        """Give what connections are made from: subgraphs for which it is equal share them."""
        return Connections(**{name: getattr(self, name) for name in Connections.model_fields})


class TrafficShaping(PerSubgraph[SubgraphShaping]):
    """How much traffic there may be, and how long exchanges may take."""

    all: SubgraphShaping = SubgraphShaping()
    router: RouterShaping = RouterShaping()
