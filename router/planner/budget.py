"""What one planning may cost: steps of the search, and time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

CLOCK_EVERY = 256  # steps between two looks at the clock


class BudgetSpent(Exception):
    """Planning has cost all that it may."""


class Budget:
    """Counts down while one operation is planned. Units: CPU time of this thread, which a busy machine leaves alone."""

    def __init__(
        self,
        timeout: timedelta = timedelta(milliseconds=250),
        max_steps: int = 100_000,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self._clock = clock
        self._end = clock() + timeout.total_seconds()
        self._left = self._max_steps = max_steps

    @property
    def spent(self) -> int:
        return self._max_steps - self._left

    def spend(self) -> None:
        """Take one step. Raises: BudgetSpent."""
        self._left -= 1
        if self._left < 0:
            raise BudgetSpent
        if not self._left % CLOCK_EVERY:
            self.check_time()

    def check_time(self) -> None:
        """Look at the clock. Raises: BudgetSpent."""
        if self._clock() > self._end:
            raise BudgetSpent
