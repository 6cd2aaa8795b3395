"""The end of what takes too long."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Protocol, Self

INTERVAL = 0.02
"""Seconds between two looks: how late an end may come."""


class Limited(Protocol):
    """Something under way that has a deadline, in seconds of `time.monotonic`."""

    deadline: float

    def expire(self) -> None: ...


class Deadlines:
    """Ends what is late. One timer looks after all there is: a timer for each costs more than the rest of its wait."""

    def __init__(self) -> None:
        self._under_way: set[Limited] = set()
        self._is_looking = False

    def add(self, limited: Limited) -> None:
        """Look after it from now on."""
        self._under_way.add(limited)
        if not self._is_looking:
            self._is_looking = True
            asyncio.get_running_loop().call_later(INTERVAL, self._look)

    def discard(self, limited: Limited) -> None:
        """It has ended."""
        self._under_way.discard(limited)

    def _look(self) -> None:
        now = time.monotonic()
        for late in [one for one in self._under_way if one.deadline <= now]:
            late.expire()
        self._is_looking = bool(self._under_way)
        if self._is_looking:
            asyncio.get_running_loop().call_later(INTERVAL, self._look)


class Limit:
    """A bound on how long the task that enters it waits within. Raises: TimeoutError at its end.

    As `asyncio.timeout`, but for the timer. Units: deadline in seconds of `time.monotonic`.
    """

    def __init__(self, deadlines: Deadlines, deadline: float) -> None:
        self.deadline = deadline
        self.passed = False
        self._deadlines = deadlines
        self._task: asyncio.Task[object] | None = None

    def __enter__(self) -> Self:
        self._task = asyncio.current_task()
        self._deadlines.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self._deadlines.discard(self)
        if self.passed and self._task is not None:
            is_all = self._task.uncancel() == 0  # else somebody else has cancelled it, too
            if is_all and kind is asyncio.CancelledError:
                raise TimeoutError from error

    def expire(self) -> None:
        """End what is awaited."""
        if not self.passed and self._task is not None:
            self.passed = True
            self._task.cancel()
