"""What one planning may cost: steps of the search, and time."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from datetime import timedelta

CLOCK_EVERY = 256  # steps between two looks at the clock


_collecting = threading.local()


def _note_collection(phase: str, _info: dict[str, int]) -> None:
    """Add up, for each thread, the time it spends in collecting garbage; called in the thread that collects."""
    if phase == "start":
        _collecting.began = time.thread_time()
    else:
        _collecting.seconds = getattr(_collecting, "seconds", 0.0) + time.thread_time() - _collecting.began


gc.callbacks.append(_note_collection)


def planning_time() -> float:
    """Tell the CPU time of this thread but for collecting garbage, which is mostly others': a large heap takes long."""
    return time.thread_time() - getattr(_collecting, "seconds", 0.0)


class BudgetSpent(Exception):
    """Planning has cost all that it may."""


class Budget:
    """Counts down while one operation is planned. Units: CPU time of this thread, which a busy machine leaves alone."""

    def __init__(
        self,
        timeout: timedelta = timedelta(milliseconds=250),
        max_steps: int = 100_000,
        clock: Callable[[], float] = planning_time,
    ) -> None:
        self._clock = clock
        self._end = clock() + timeout.total_seconds()
        self._left = self._max_steps = max_steps

    @property
    def spent(self) -> int:
        return self._max_steps - self._left

    def spend(self, steps: int = 1) -> None:
        """Take steps. Raises: BudgetSpent."""
        before, self._left = self._left, self._left - steps
        if self._left < 0:
            raise BudgetSpent
        if before // CLOCK_EVERY != self._left // CLOCK_EVERY:
            self.check_time()

    def check_time(self) -> None:
        """Look at the clock. Raises: BudgetSpent."""
        if self._clock() > self._end:
            raise BudgetSpent
