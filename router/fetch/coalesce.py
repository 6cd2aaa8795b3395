"""One piece of work at a time for requests that are equal: whoever asks meanwhile takes what comes of it."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_SOON = 0.001
"""Seconds: a timer may be early by less."""


class LateError(Exception):
    """The deadline of a follower passed before its leader was answered."""


class _Abandoned(Exception):
    """The leader left."""


class _LeaderFailed(Exception):
    """The leader has no answer."""


class _Flight(Generic[V]):
    """Those who wait for one leader. One timer looks after the deadlines of all of them."""

    __slots__ = ("_due", "_followers", "_timer")

    def __init__(self) -> None:
        self._followers: list[tuple[float, asyncio.Future[V]]] = []
        self._due = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def join(self, deadline: float) -> asyncio.Future[V]:
        """Wait for the leader: for an outcome, or one of the errors above."""
        following: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._followers.append((deadline, following))
        if deadline < self._due:
            self._watch(deadline)
        return following

    def end(self, outcome: V | None, error: BaseException | None = None) -> None:
        """Tell all who wait."""
        if self._timer is not None:
            self._timer.cancel()
        for _, one in self._followers:
            if not one.done():
                if outcome is not None:
                    one.set_result(outcome)
                else:
                    one.set_exception(_Abandoned() if error is None else _LeaderFailed())

    def _watch(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._due = due
        self._timer = asyncio.get_running_loop().call_later(max(0.0, due - time.monotonic()), self._end_late)

    def _end_late(self) -> None:
        now = time.monotonic() + _SOON
        late = [one for deadline, one in self._followers if deadline <= now]
        self._followers = [one for one in self._followers if one[0] > now]
        for one in late:
            if not one.done():
                one.set_exception(LateError())
        self._due = math.inf
        if self._followers:
            self._watch(min(deadline for deadline, _ in self._followers))


class Coalesce(Generic[K, V]):
    """Work in flight, by key. The first is the leader: it works in the task of its caller, so that it costs nothing.

    What fails is the leader's alone: each follower then asks for itself. If the leader's caller leaves, a follower
    leads.
    """

    def __init__(self) -> None:
        self._flights: dict[K, _Flight[V]] = {}

    def __contains__(self, key: K) -> bool:
        """Whether whoever asks for the key now follows another."""
        return key in self._flights

    async def __call__(self, key: K, send: Callable[[], Awaitable[V]], deadline: float) -> V:
        """Follow the flight of the key, or lead one; `send` raises if there is no answer.

        Units: deadline in seconds of `time.monotonic`. Raises: LateError, and what `send` does.
        """
        while (flight := self._flights.get(key)) is not None:
            try:
                return await flight.join(deadline)
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
