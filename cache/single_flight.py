"""One load at a time per key: whoever asks for a key while it is being loaded waits for that load."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True, eq=False)
class _Flight(Generic[V]):
    task: asyncio.Task[V]
    callers: int = 0


class SingleFlight(Generic[K, V]):
    """Loads in flight, by key; all who wait share the outcome, be it a value or an error.

    The load runs in its own task: a caller who is cancelled takes nobody else down, the last one takes the load along.
    """

    def __init__(self) -> None:
        self._in_flight: dict[K, _Flight[V]] = {}

    def __len__(self) -> int:
        return len(self._in_flight)

    async def __call__(self, key: K, load: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """Join the load of the key, or start it."""
        flight = self._in_flight.get(key)
        if flight is None:
            flight = self._in_flight[key] = _Flight(asyncio.create_task(load()))
        flight.callers += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.callers -= 1
            if not flight.callers:
                flight.task.cancel()  # nothing, if it has ended
            if not flight.callers or flight.task.done():
                self._forget(key, flight)

    def _forget(self, key: K, flight: _Flight[V]) -> None:
        if self._in_flight.get(key) is flight:
            del self._in_flight[key]
