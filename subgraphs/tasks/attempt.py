"""One attempt at one task: the work, the lease kept beside it, and what the attempt comes to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from enum import Enum, auto

from subgraphs.tasks.dispatch import STORE_AWAY, Claim, Dispatch
from subgraphs.tasks.machine import Status
from subgraphs.tasks.records import Failure, Progress
from subgraphs.tasks.transitions import Step, cancelled, ended, succeeded, tried_again
from subgraphs.tasks.work import Runner, failure_of

BEATS_PER_LEASE = 3
LATE = Failure("DEADLINE_EXCEEDED", "The deadline of the task has passed.", retryable=False)

logger = logging.getLogger(__name__)


class Why(Enum):
    """What ends work from outside."""

    CANCELLED = auto()  # somebody asked for it
    LOST = auto()  # the task is another worker's now, or gone
    STOPPING = auto()  # the worker itself ends


class Attempt:
    """Holds one claim until its work ends, or is ended."""

    def __init__(self, dispatch: Dispatch, claim: Claim, runner: Runner) -> None:
        self._dispatch = dispatch
        self._claim = claim
        self._work = asyncio.ensure_future(runner(claim.task, self._report))
        self._why: Why | None = None
        self._look = asyncio.Event()

    def stop(self, why: Why) -> None:
        """End the work; the first reason stands."""
        if self._why is None:
            self._why = why
            self._work.cancel()

    def look(self) -> None:
        """Beat now, to see whether the work is still wanted."""
        self._look.set()

    async def run(self) -> None:
        """Wait for the work, and let the task go. If the store is away then, a sweep does it once the lease is over."""
        keeper = asyncio.create_task(self._keep_lease())
        try:
            await self._let_go(await self._outcome())
        except STORE_AWAY:
            logger.exception("task not settled", extra={"task": str(self._claim.task.id)})
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper

    async def _outcome(self) -> Step | Why:
        left = self._claim.left
        try:
            async with asyncio.timeout(None if left is None else left.total_seconds()) as deadline:
                return succeeded(await self._work)
        except asyncio.CancelledError:
            if self._why is None:
                raise
            return self._why
        except Exception as error:  # noqa: BLE001 - work may fail in any way; the record says how
            if deadline.expired():
                return ended(Status.TIMED_OUT, LATE)
            return self._after(error)

    def _after(self, error: Exception) -> Step:
        task, failure = self._claim.task, failure_of(error)
        logger.warning(
            "attempt failed",
            extra={"task": str(task.id), "attempt": task.attempt, "code": failure.code},
            exc_info=error if failure.code == "INTERNAL_ERROR" else None,
        )
        if task.retry.allows(failure, task.attempt):
            return tried_again(failure, task.retry.delay(task.attempt))
        return ended(Status.FAILED, failure)

    async def _let_go(self, outcome: Step | Why) -> None:
        match outcome:
            case Why.LOST:
                settled = None
            case Why.STOPPING:
                settled = await self._dispatch.give_back(self._claim)
            case Why.CANCELLED:
                settled = await self._dispatch.settle(self._claim, cancelled())
            case _:
                settled = await self._dispatch.settle(self._claim, outcome)
        facts = {"task": str(self._claim.task.id), "attempt": self._claim.task.attempt}
        logger.info("task let go", extra={**facts, "status": "LOST" if settled is None else settled.status.value})

    async def _report(self, progress: Progress) -> None:
        if not await self._dispatch.report(self._claim, progress):
            self.look()
            await asyncio.Event().wait()  # the next beat ends this work

    async def _keep_lease(self) -> None:
        clock = asyncio.get_running_loop().time
        lease = self._dispatch.lease.total_seconds()
        held_until = clock() + lease
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), lease / BEATS_PER_LEASE)
            self._look.clear()
            asked = clock()
            try:
                status = await self._dispatch.beat(self._claim)
            except STORE_AWAY:
                logger.exception("beat failed", extra={"task": str(self._claim.task.id)})
                status = Status.RUNNING if clock() < held_until else None  # nobody may have taken it yet
            else:
                held_until = asked + lease
            if status is not Status.RUNNING:
                self.stop(Why.CANCELLED if status is Status.CANCELLING else Why.LOST)
                return
