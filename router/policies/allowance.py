"""What one request may use: its rate limits and its cost, charged in the order in which they become known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from router.policies.cost.price import Price
from router.policies.demand import NOTHING, Cost, Demand
from router.policies.rates.rates import Rates, Standing, headers_of
from router.request import Json, RequestContext
from router.settings import Unit


class Spent(NamedTuple):
    """What a request has used so far, and how its caller stands."""

    standings: tuple[Standing, ...] = ()
    cost: Cost = NOTHING


class Allowance:
    """Charges requests. Every step raises RateLimited or CostExceeded where the settings enforce a bound."""

    def __init__(self, rates: Rates | None = None, demand: Demand | None = None) -> None:
        self._rates = rates or Rates()
        self._demand = demand

    async def begin(self, context: RequestContext) -> Spent:
        """Charge a request before anything is done for it."""
        return Spent(await self._rates.use(Unit.REQUESTS, 1, context))

    async def spend(self, spent: Spent, price: Price, variables: Mapping[str, Json], context: RequestContext) -> Spent:
        """Charge what the operation is estimated to cost, before it runs."""
        if self._demand is None:
            return spent
        cost = self._demand.admit(price, variables)
        charged = await self._rates.use(Unit.COST, cost.estimated, context)
        return Spent(spent.standings + charged, cost)

    def settle(self, spent: Spent, actual: float) -> Spent:
        """Add what was counted in the answer."""
        if self._demand is None:
            return spent
        return Spent(spent.standings, self._demand.settle(spent.cost, actual))

    def headers(self, spent: Spent) -> tuple[tuple[str, str], ...]:
        """Tell the client what it has used, and what is left."""
        return (*headers_of(spent.standings), *(self._demand.headers(spent.cost) if self._demand else ()))
