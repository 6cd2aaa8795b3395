"""The worker: claims tasks, runs a bounded number of them at a time, and sweeps for what nobody holds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from subgraphs.tasks.attempt import Attempt, Why
from subgraphs.tasks.dispatch import STORE_AWAY, Dispatch
from subgraphs.tasks.records import Kind
from subgraphs.tasks.wakeups import Wakeups
from subgraphs.tasks.work import Runner

POLL_SECONDS = 1.0
STOP_SECONDS = 15.0

logger = logging.getLogger(__name__)


class Worker:
    """Runs until it is told to stop; then what it runs is given back."""

    def __init__(self, dispatch: Dispatch, runners: Mapping[Kind, Runner], concurrency: int) -> None:
        self._dispatch = dispatch
        self._runners = runners
        self._concurrency = concurrency
        self._running: dict[UUID, tuple[Attempt, asyncio.Task[None]]] = {}
        self._wake = asyncio.Event()
        self._stopping = False

    @property
    def held(self) -> int:
        """How many tasks run now."""
        return len(self._running)

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    def look_at(self, id: UUID) -> None:
        """See now whether a task that runs here is still wanted."""
        if id in self._running:
            self._running[id][0].look()

    def stop(self) -> None:
        """Take no more, and give back what runs."""
        self._stopping = True
        self._wake.set()

    async def run(self, wakeups: Wakeups) -> None:
        """Work until `stop`."""
        while not self._stopping:
            await wakeups.ensure()
            self._wake.clear()
            try:
                await self._dispatch.sweep()
                await self._fill()
            except STORE_AWAY:
                logger.warning("store not reached", exc_info=True)
            await self._rest()
        await self._give_back()

    async def _fill(self) -> None:
        while len(self._running) < self._concurrency and not self._stopping:
            claim = await self._dispatch.claim()
            if claim is None:
                return
            id = claim.task.id
            logger.info("task claimed", extra={"task": str(id), "attempt": claim.task.attempt, "fence": claim.fence})
            attempt = Attempt(self._dispatch, claim, self._runners[claim.task.kind])
            running = asyncio.create_task(attempt.run(), name=f"attempt-{id}")
            self._running[id] = (attempt, running)
            running.add_done_callback(partial(self._ended, id))

    def _ended(self, id: UUID, _: asyncio.Task[None]) -> None:
        del self._running[id]
        self._wake.set()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
        except TimeoutError:
            return

    async def _give_back(self) -> None:
        held = list(self._running.values())
        for attempt, _ in held:
            attempt.stop(Why.STOPPING)
        if held:
            await asyncio.wait([running for _, running in held], timeout=STOP_SECONDS)
