"""Work in the background, again and again, and once more at the end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

log = logging.getLogger(__name__)

FAREWELL = 5.0
"""Seconds that the last work of anything may take before it is left behind."""
BETWEEN_COMPLAINTS = 60.0
"""Seconds between two lines of the log about the same trouble."""


class Complaints:
    """Tells of a trouble, and no more than once a minute."""

    def __init__(self, log: logging.Logger, message: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._message = message
        self._clock = clock
        self._next = 0.0

    def add(self, **facts: object) -> None:
        """Tell, unless it was just told."""
        now = self._clock()
        if now >= self._next:
            self._next = now + BETWEEN_COMPLAINTS
            self._log.warning(self._message, extra=facts)


class Periodic:
    """Calls `work` on a thread of its own after each interval, whatever became of it the last time."""

    def __init__(self, work: Callable[[], object], interval: timedelta, name: str) -> None:
        self._work = work
        self._interval = interval.total_seconds()
        self._ended = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.wait(self._interval):
            self._try()
        self._try()

    def _try(self) -> None:
        try:
            self._work()
        except Exception:  # the thread goes on
            log.exception("work in the background failed", extra={"work": self._thread.name})

    async def close(self) -> None:
        """Work once more, for as long as there is time."""
        self._ended.set()
        await asyncio.to_thread(self._thread.join, FAREWELL)


async def within_farewell(work: Callable[[], object], name: str) -> None:
    """Do last work on a thread that is left behind if it takes too long."""
    thread = Thread(target=work, name=name, daemon=True)
    thread.start()
    await asyncio.to_thread(thread.join, FAREWELL)
