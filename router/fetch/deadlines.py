"""The end of what takes too long."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

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
