"""Policies that a team decides in Python of its own: each asked once for a request, none able to harm another."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

from router.hooks import Hooks, PolicyHook
from router.request import RequestContext

log = logging.getLogger(__name__)


class Grants:
    """Asks those who decide. Who fails, or does not answer in time, has granted nothing."""

    def __init__(self, hooks: Hooks | None = None, timeout: timedelta = timedelta(seconds=1)) -> None:
        """Raises: InvalidReference for hooks that cannot be used."""
        self._hooks = hooks.policies() if hooks else {}
        self._timeout = timeout.total_seconds()

    async def granted(self, names: frozenset[str], context: RequestContext) -> frozenset[str]:
        """Find out which of the policies are granted to who asks."""
        asked: dict[PolicyHook, set[str]] = defaultdict(set)
        for name in names & self._hooks.keys():
            asked[self._hooks[name]].add(name)
        if not asked:
            return frozenset()
        tasks = {
            asyncio.create_task(_ask(hook, frozenset(mine), context)): frozenset(mine) for hook, mine in asked.items()
        }
        try:
            done, late = await asyncio.wait(tasks, timeout=min(self._timeout, context.deadline - time.monotonic()))
        finally:
            for task in tasks:
                task.cancel()
        for task in late:
            log.error("a policy did not answer in time: not granted", extra={"policies": sorted(tasks[task])})
        return frozenset[str]().union(*(task.result() for task in done if not task.cancelled()))


async def _ask(hook: PolicyHook, names: frozenset[str], context: RequestContext) -> frozenset[str]:
    try:
        return names.intersection(_names(await hook(context, names)))
    except (Exception, asyncio.CancelledError) as error:  # the border to a program that is not ours
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
            raise
        log.exception("a policy failed: not granted", extra={"policies": sorted(names)})
        return frozenset()


def _names(granted: Collection[str]) -> Collection[str]:
    if isinstance(granted, str):
        raise TypeError("a policy returns the names that are granted, not one text")
    return granted
