"""Settings that differ from subgraph to subgraph."""

from __future__ import annotations

from typing import Generic, TypeVar, cast

from pydantic import BaseModel, Field

from router.settings.marks import BySubgraph
from router.settings.values import Branch

T = TypeVar("T")


class PerSubgraph(Branch, Generic[T]):
    """What holds for all subgraphs, and what differs for single ones. A subclass gives `all` its default."""

    all: T
    subgraphs: BySubgraph[T] = Field(default_factory=dict)
    """The same for one subgraph, by name; what it does not set is as in `all`."""

    def of(self, subgraph: str) -> T:
        """Give what holds for one subgraph."""
        return merged(self.all, self.subgraphs[subgraph]) if subgraph in self.subgraphs else self.all


def merged(under: T, over: T) -> T:
    """Put what `over` sets over `under`, branch by branch."""
    if not isinstance(under, BaseModel) or not isinstance(over, BaseModel):
        return over
    changed = {name: merged(getattr(under, name), getattr(over, name)) for name in over.model_fields_set}
    return cast("T", under.model_copy(update=changed))
