"""Where it is kept what callers have used: in this process, or in a Redis that all routers share."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from router.policies.rates.gcra import ROUNDING, Decision, Rate, decide
from router.shared_store import SharedStore, StoreUnavailable

CALLERS = 100_000
"""Callers remembered by one process; who is forgotten starts anew."""

_SCRIPT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local burst, pace, units, rounding = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local start = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = start + units * pace
if after - burst * pace - now <= rounding then
  redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000) + 1000)
end
return {string.format('%.6f', start), string.format('%.6f', now)}
"""
"""The same as `decide`, at one place for all: gives what the decision was made from."""


class Counters(Protocol):
    """What callers have used."""

    async def use(self, caller: str, rate: Rate, units: float) -> Decision:
        """Use units on a caller's account if they are there."""
        ...


class CountersInProcess:
    """The accounts of the callers of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, callers: int = CALLERS) -> None:
        self._clock = clock
        self._callers = callers
        self._regained_at: OrderedDict[str, float] = OrderedDict()

    async def use(self, caller: str, rate: Rate, units: float) -> Decision:
        known = self._regained_at
        decision, known[caller] = decide(known.get(caller), self._clock(), rate, units)
        known.move_to_end(caller)
        if len(known) > self._callers:
            known.popitem(last=False)  # whoever has not asked for the longest time
        return decision


class CountersInFleet:
    """Accounts that all routers share; while the store is slow or gone each counts alone."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self._alone = CountersInProcess()

    async def use(self, caller: str, rate: Rate, units: float) -> Decision:
        key = self._store.key("rate", caller)
        values = (rate.burst, rate.seconds_per_unit, units, ROUNDING)
        try:
            start, now = await self._store.run(lambda redis: redis.register_script(_SCRIPT)([key], values))
        except StoreUnavailable:
            return await self._alone.use(caller, rate, units)
        decision, _ = decide(float(start), float(now), rate, units)
        return decision
