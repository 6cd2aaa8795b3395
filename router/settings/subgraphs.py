"""How subgraphs are asked, and what of their answers is shown."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from router.settings.values import Branch, Duration


class SubgraphErrors(Branch):
    """Whose errors clients may read: text and extensions of the others are redacted."""

    all: bool = False
    """Whether errors of subgraphs are shown as they are."""
    subgraphs: dict[str, bool] = Field(default_factory=dict)
    """The same for one subgraph, by name, instead of `all`."""

    def of(self, subgraph: str) -> bool:
        """Whether errors of this subgraph are shown as they are."""
        return self.subgraphs.get(subgraph, self.all)


class Shaping(Branch):
    """How exchanges of one kind go."""

    timeout: Duration = timedelta(seconds=30)
    """Time given to the whole of a client's request; subgraphs are told what is left of it."""


class TrafficShaping(Branch):
    """How exchanges go: for now, with clients only."""

    router: Shaping = Shaping()


class Override(Branch):
    """Which labels of progressive `@override` are active."""

    labels: frozenset[str] = frozenset()
    """Named labels that are active for every request; those the hook `labels` chooses are so for one."""
    percent_by: str = Field(default="request", pattern=r"^(request|principal|header:[\w-]+)$")
    """What decides `percent(x)`: chance, for each `request`, or always alike for a `principal` or a `header:NAME`."""
