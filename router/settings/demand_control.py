"""What an operation may cost."""

from __future__ import annotations

from pydantic import Field

from router.settings.mode import Mode
from router.settings.values import Branch


class StaticEstimated(Branch):
    """Costs by `@cost` and `@listSize`; where nothing is stated an object costs 1, a leaf nothing, a mutation 10."""

    list_size: int = Field(default=10, ge=0)
    """How long a list is taken to be of which the schema says nothing."""
    max: float = Field(default=10_000, gt=0)
    """The highest estimated cost."""
    max_actual: float | None = Field(default=None, gt=0)
    """The highest cost counted in an answer; none given: answers are not counted."""


class Strategy(Branch):
    """How costs are found."""

    static_estimated: StaticEstimated = StaticEstimated()


class DemandControl(Branch):
    """A bound on what one operation costs."""

    enabled: bool = False
    """Whether costs are estimated at all."""
    mode: Mode = Mode.MEASURE
    """Whether operations past the bound are refused, or only logged and counted."""
    strategy: Strategy = Strategy()
    expose_cost: bool = False
    """Whether the header `fedra-cost` of an answer tells what it was estimated at, and counted."""
