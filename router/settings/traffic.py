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
    concurrency: Concurrency = Concurrency()


class SubgraphShaping(Branch):
    """Exchanges with subgraphs."""

    timeout: Duration = timedelta(seconds=30)
    """Time given to one request to a subgraph; never more than what is left of the client's."""
    max_response_bytes: Count = 64_000_000
    """Length of one answer; a longer one counts as malformed, and is not read to its end."""


class TrafficShaping(PerSubgraph[SubgraphShaping]):
    """How much traffic there may be, and how long exchanges may take."""

    all: SubgraphShaping = SubgraphShaping()
    router: RouterShaping = RouterShaping()
