"""Demand control: a bound on what one operation costs, before it runs and in its answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import NamedTuple

from router.errors import CostExceeded
from router.operation.model import Operation
from router.policies.cost.actual import NO_TALLY, Tally, tally
from router.policies.cost.estimate import price
from router.policies.cost.price import Price, Values
from router.policies.cost.weights import Weights
from router.request import Json
from router.settings import DemandControl, Mode
from router.telemetry.instruments import COST_ACTUAL, COST_ESTIMATED, EXCEEDED
from router.telemetry.watch import count as count_event
from router.telemetry.watch import observe

log = logging.getLogger(__name__)


class Cost(NamedTuple):
    """What one request was estimated to cost, and what was counted, if it was."""

    estimated: float = 0
    actual: float | None = None

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Tell the client."""
        facts = (("estimated", self.estimated), ("actual", self.actual))
        text = ", ".join(f"{name}={value:g}" for name, value in facts if value is not None)
        return (("fedra-cost", text),) if text else ()


NOTHING = Cost()


class Demand:
    """The costs of the operations of one supergraph, and what they may be."""

    def __init__(self, settings: DemandControl, weights: Weights) -> None:
        self._settings = settings
        self._bounds = settings.strategy.static_estimated
        self._weights = weights

    def price(self, operation: Operation) -> Price:
        """Find what an operation costs, variables still open."""
        return price(operation, self._weights, self._bounds.list_size)

    def tally(self, operation: Operation) -> Tally:
        """Find what is to be counted in its answers."""
        return tally(operation, self._weights) if self._bounds.max_actual is not None else NO_TALLY

    def admit(self, price: Price, variables: Mapping[str, Json]) -> Cost:
        """Estimate one request. Raises: CostExceeded, if the mode is to enforce."""
        estimated = price.of(Values(variables))
        observe(COST_ESTIMATED, estimated)
        self._bound("estimated", estimated, self._bounds.max)
        return Cost(estimated)

    def settle(self, cost: Cost, actual: float) -> Cost:
        """Add what was counted in the answer. Raises: CostExceeded, if the mode is to enforce."""
        if self._bounds.max_actual is None:
            return cost
        observe(COST_ACTUAL, actual)
        self._bound("actual", actual, self._bounds.max_actual)
        return Cost(cost.estimated, actual)

    def headers(self, cost: Cost) -> tuple[tuple[str, str], ...]:
        """Tell the client, if the settings want that."""
        return cost.headers() if self._settings.expose_cost else ()

    def _bound(self, kind: str, cost: float, limit: float) -> None:
        if cost <= limit:
            return
        enforced = self._settings.mode is Mode.ENFORCE
        count_event(EXCEEDED, f"cost.{kind}", str(enforced).lower())
        log.warning(
            "an operation costs too much", extra={"kind": kind, "cost": cost, "max": limit, "enforced": enforced}
        )
        if enforced:
            raise CostExceeded(
                "COST_ESTIMATED_TOO_EXPENSIVE" if kind == "estimated" else "COST_ACTUAL_TOO_EXPENSIVE",
                f"The {kind} cost of the operation is {cost:g}; {limit:g} is allowed: ask for fewer or shorter lists.",
                cost=cost,
                max=limit,
            )
