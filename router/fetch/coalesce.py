"""One exchange at a time for requests that are equal: whoever asks meanwhile takes what comes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LateError(Exception):
    """The deadline of a follower passed before its leader was answered."""


@dataclass(slots=True)
class _Flight(Generic[V]):
    followers: list[asyncio.Future[V]] = field(default_factory=list)

    def end(self, outcome: V | None, error: BaseException | None = None) -> None:
        for one in self.followers:
            if not one.done():
                if outcome is not None:
                    one.set_result(outcome)
                else:
                    one.set_exception(_Abandoned() if error is None else _LeaderFailed())


class _Abandoned(Exception):
    """The leader left."""


class _LeaderFailed(Exception):
    """The leader has no answer."""


class Coalesce(Generic[K, V]):
    """Requests in flight, by key. The first is the leader: it runs in the task of its caller, so that it costs nothing.

    What fails is the leader's alone: each follower then asks for itself. If the leader's caller leaves, a follower
    leads.
    """

    def __init__(self) -> None:
        self._flights: dict[K, _Flight[V]] = {}

    async def __call__(self, key: K, send: Callable[[], Awaitable[V]], deadline: float) -> V:
        """Follow the flight of the key, or lead one; `send` raises if there is no answer.

        Units: deadline in seconds of `time.monotonic`. Raises: LateError, and what `send` does.
        """
        while (flight := self._flights.get(key)) is not None:
            try:
                return await _follow(flight, deadline)
            except _Abandoned:
                continue
            except _LeaderFailed:
                return await send()
        return await self._lead(key, send)

    async def _lead(self, key: K, send: Callable[[], Awaitable[V]]) -> V:
        flight = self._flights[key] = _Flight[V]()
        outcome: V | None = None
        failure: Exception | None = None
        try:
            outcome = await send()
        except Exception as error:
            failure = error
            raise
        finally:
            del self._flights[key]
            flight.end(outcome, failure)
        return outcome


async def _follow(flight: _Flight[V], deadline: float) -> V:
    following: asyncio.Future[V] = asyncio.get_running_loop().create_future()
    flight.followers.append(following)
    try:
        async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
            return await following
    except TimeoutError as error:
        raise LateError from error
