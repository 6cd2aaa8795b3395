"""One load at a time per key: whoever asks for a key while it is being loaded waits for that load."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """Loads in flight, by key; all who wait share the outcome, be it a value or an error.

    The load runs in its own task: a caller who is cancelled takes nobody else down.
    """

    def __init__(self) -> None:
        self._in_flight: dict[K, asyncio.Task[V]] = {}

    def __len__(self) -> int:
        return len(self._in_flight)

    def __call__(self, key: K, load: Callable[[], Coroutine[Any, Any, V]]) -> Awaitable[V]:
        """Join the load of the key, or start it."""
        task = self._in_flight.get(key)
        if task is None:
            task = self._in_flight[key] = asyncio.create_task(load())
            task.add_done_callback(lambda _: self._in_flight.pop(key, None))
        return asyncio.shield(task)
